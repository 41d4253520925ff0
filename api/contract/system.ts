import { z } from 'zod'
import { System, systemStates } from '../../domain/ledger/system.ts'
import { MigrationId } from './identifiers.ts'
import { InputProblemSchema } from './problem.ts'

/** A ledger entry with what its moves make of it. */
export const SystemView = System.extend({
  state: z.enum(systemStates),
  /** Its newest move. */
  migration: MigrationId.exactOptional(),
})
export type SystemView = z.infer<typeof SystemView>

export const SystemList = z.object({ systems: z.array(SystemView) })

/** Rows are checked one by one, so that each gets its own answer. */
export const ImportBody = z.union([z.array(z.unknown()).min(1).max(10_000), z.string().min(1)]).meta({
  description: 'A list of systems as JSON, or the same as CSV (text/csv) with a header line.',
})

export const ImportQuery = z.strictObject({
  /** Take the good rows although others have problems. */
  partial: z.enum(['true', 'false']).default('false'),
})

export const ImportRow = z.object({
  /** Counts from 1, the header of a CSV not counted. */
  row: z.int(),
  system: z.string(),
  outcome: z.enum(['created', 'updated', 'unchanged', 'problem']),
  problems: z.array(InputProblemSchema),
})
export type ImportRow = z.infer<typeof ImportRow>

export const ImportAnswer = z.object({
  rows: z.array(ImportRow),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  problems: z.int(),
  /** Moves under way that the ledger has begun, or ceased, to contradict. Those without `told` are told in a moment. */
  moves: z.array(z.object({ system: z.string(), migration: z.string(), told: z.boolean() })).exactOptional(),
})
export type ImportAnswer = z.infer<typeof ImportAnswer>
