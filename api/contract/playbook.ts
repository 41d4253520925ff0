import { z } from 'zod'
import { wanted } from '../../domain/schema-problems.ts'
import { LocalText } from '../../domain/identifier.ts'
import { InputProblemSchema } from './problem.ts'
import { SaidValues } from './said.ts'
import { Identifier } from '../../domain/identifier.ts'
import { FileDigests } from '../../domain/playbook/files.ts'
import { Actor, Digest } from './identifiers.ts'
import { ZoneWithoutRunner } from './zone.ts'

export const PlaybookParams = z.strictObject({ name: Identifier })
export const PlaybookList = z.object({
  playbooks: z.array(z.object({ name: z.string(), digest: Digest, sizeBytes: z.int() })),
})
export const PlaybookSchema = z.record(z.string(), z.unknown())

/** The text of `playbook.yaml`, and the SHA-256 of each file beside it. */
export const LintBody = z.strictObject({
  text: z.string().max(1_000_000),
  files: FileDigests.default({}),
})
/** `digest` is what a plan made of these files would freeze. */
export const LintAnswer = z.object({
  digest: Digest,
  problems: z.array(InputProblemSchema),
})

/** On which plan's hosts, with which names bound, with which inputs. */
export const OccasionBody = z.strictObject({
  plan: Identifier,
  /** The playbook's own names → a role, or the name of a host of the plan. */
  hosts: z.record(Identifier, Identifier).default({}),
  databases: z.record(Identifier, z.enum(['source', 'staging', 'target'])).default({}),
  inputs: z.record(Identifier, z.union([z.string(), z.number(), z.boolean()])).default({}),
})

export const PlannedStep = z.object({
  step: z.string(),
  kind: z.string(),
  host: z.string().exactOptional(),
  outcome: z.enum(['would-change', 'already-so', 'skipped', 'unknown-until-run']),
  commands: z.array(z.object({ title: z.string(), text: z.string(), on: z.string() })),
})
export const PlanPlaybookAnswer = z.object({ digest: Digest, steps: z.array(PlannedStep) })

export const RunParams = z.strictObject({
  run: z.string().regex(/^[a-z0-9-]{1,80}-[0-9a-f]{16}$/, wanted('id-of-playbook-run')),
})

/**
 * A run of a playbook outside a move. `lost`: its workflow was ended from outside; what the journal says of its steps is
 * what is known.
 */
export const PlaybookRunView = z.object({
  runId: z.string(),
  playbook: z.string(),
  digest: Digest,
  plan: z.string(),
  system: z.string(),
  by: Actor,
  startedAtMs: z.number(),
  endedAtMs: z.number().exactOptional(),
  state: z.enum(['running', 'done', 'failed', 'lost']),
  /** Zones of its hosts where no runner is: its steps there wait for one. */
  withoutRunner: z.array(ZoneWithoutRunner).exactOptional(),
  steps: z.array(
    z.object({
      step: z.string(),
      host: z.string().exactOptional(),
      state: z.enum([
        'waiting',
        'running',
        'done',
        'skipped',
        'failed',
        'interrupted',
        'undone',
        'for-person',
        'not-reached',
      ]),
      result: z.unknown().optional(),
      error: z.string().exactOptional(),
    }),
  ),
  /** `step` is empty when the run failed as a whole. */
  failure: z
    .object({
      step: z.string(),
      title: LocalText.exactOptional(),
      code: z.string(),
      message: z.string(),
      values: SaidValues.exactOptional(),
    })
    .exactOptional(),
})
export type PlaybookRunView = z.infer<typeof PlaybookRunView>

export const PlaybookRunsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
})
/** The newest first; `more` when there are older ones than those given. */
export const PlaybookRunList = z.object({
  runs: z.array(PlaybookRunView.omit({ steps: true })),
  more: z.boolean(),
})
