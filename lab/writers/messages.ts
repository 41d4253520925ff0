import { z } from 'zod'
import { databaseSides } from '../description.ts'

/** What a writers' process is started with, as its one argument. */
export const writersOptionsSchema = z.strictObject({
  home: z.string(),
  /** `permit-desk`, `register` and `letters` use the system over HTTP as its users do; `postgres` writes straight through pgbouncer. */
  kind: z.enum(['permit-desk', 'postgres', 'register', 'letters']),
  clients: z.number().int().min(1).max(400),
  /** What each client waits between two writes. */
  pauseMs: z.number().min(0).default(0),
  /** Every so many permits one gets a file; 0 is never. */
  uploadEvery: z.number().int().min(0).default(10),
})

const span = {
  /** Names of marks; default: from the writers' start to now. */
  from: z.string().optional(),
  to: z.string().optional(),
}

const verifySchema = z.strictObject({
  ...span,
  /** The side that serves, where nothing stands before its database; default: whichever does at the entry. */
  serving: z.enum(databaseSides).exactOptional(),
  /** Databases to look into besides the one that serves at the entry, reached directly. */
  sides: z.array(z.enum(databaseSides)).default([]),
  /** Upload folders to look into besides asking the serving site, by host. */
  uploadDirs: z.partialRecord(z.enum(databaseSides), z.string()).default({}),
  /** How long a side may take to receive what another one has acknowledged. */
  settleMs: z.number().default(10_000),
})

/** One line to a writers' process. Each is answered by a line with the same id. */
export const commandSchema = z.discriminatedUnion('do', [
  z.strictObject({ id: z.number(), do: z.literal('mark'), name: z.string(), atMs: z.number().optional() }),
  z.strictObject({ id: z.number(), do: z.literal('tally'), ...span }),
  z.strictObject({ id: z.number(), do: z.literal('verify'), ...verifySchema.shape }),
  z.strictObject({ id: z.number(), do: z.literal('pause') }),
  z.strictObject({ id: z.number(), do: z.literal('resume') }),
  z.strictObject({ id: z.number(), do: z.literal('stop') }),
])

export const tallySchema = z.strictObject({
  ackedWrites: z.number(),
  /** Sent, and neither acknowledged nor refused. */
  ambiguousWrites: z.number(),
  /** Not sent, or refused with certainty. */
  refusedWrites: z.number(),
  /** The longest stretch of the span without any acknowledgement. */
  writeGapMs: z.number(),
  sinceLastAckMs: z.number(),
  spanMs: z.number(),
})

export const verdictSchema = z.strictObject({
  ackedWrites: z.number(),
  /** Acknowledged, and missing at any of the places that were looked into. */
  lostWrites: z.number(),
  ambiguousWrites: z.number(),
  /** Those of the ambiguous ones that were committed after all. */
  ambiguousCommitted: z.number(),
  refusedWrites: z.number(),
  writeGapMs: z.number(),
  /** Lost writes by place: `entry`, then the sides and upload folders asked for. */
  lostByPlace: z.record(z.string(), z.number()),
  /** Some of the lost, to begin a search with. */
  lostExamples: z.array(z.string()),
})

export const replySchema = z.union([
  z.strictObject({ id: z.number(), ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ id: z.number(), ok: z.literal(false), error: z.string() }),
])

export type WritersOptions = z.input<typeof writersOptionsSchema>
export type ParsedWritersOptions = z.output<typeof writersOptionsSchema>
export type Verify = z.input<typeof verifySchema>
export type ParsedVerify = z.output<typeof verifySchema>
export type Command = z.output<typeof commandSchema>
export type Tally = z.output<typeof tallySchema>
export type Verdict = z.output<typeof verdictSchema>
