import { z } from 'zod'
import { Said, SaidValues } from './said.ts'
import { Assessment, LocalText } from './assessment.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { phases, standings } from '../../domain/move/phase.ts'
import { MigrationPlan } from '../../domain/plan/plan.ts'
import { PlaybookRef } from '../../domain/playbook/files.ts'
import type { WaitingFor } from '../../domain/move/rules/waiting-for.ts'
import { wayBackStandings } from '../../domain/move/rules/way-back-standing.ts'
import { wayBackStates } from '../../domain/move/way-back.ts'
import { workflowEnds } from '../../domain/move/workflow-end.ts'
import { KeptDump } from './kept-dump.ts'
import { Actor, Digest, Role } from './identifiers.ts'
import { LedgerSchema } from './ledger-contradiction.ts'
import { SignoffSchema } from './signoff.ts'
import { TaskSchema } from './task.ts'

const Phase = z.enum(phases)
const WayBackState = z.enum(wayBackStates)
const byHost = <T extends z.ZodType>(value: T) => z.record(z.string(), value)

/** How long writers waited at a switch (domain/write-gap.ts). */
const WriteGap = z.object({
  /** Absent when nothing measured it. */
  gapMs: z.number().exactOptional(),
  gapBound: z.literal('at-most').exactOptional(),
})
export type WriteGap = z.infer<typeof WriteGap>

const SwitchResult = WriteGap.extend({
  undoneGaps: z.array(WriteGap).exactOptional(),
  generation: z.number(),
  /** People have switched, and attested it. */
  attested: z.literal(true).exactOptional(),
  /** Of a side that was opened without the other one: until when it is known to have every acknowledged write. */
  currentUntilMs: z.number().exactOptional(),
  /** Sequences whose numbers may be given out twice by it. */
  unprovenSequences: z.array(z.string()).exactOptional(),
  /** Scheduled jobs that are off on the side that was opened, each with the statement that puts it on. */
  jobsOff: z.array(z.string()).exactOptional(),
  anatomyMs: z.record(z.string(), z.number()),
})

const Rehearsal = z.object({
  cutoverMs: z.number(),
  rollbackMs: z.number(),
  cutoverGapMs: z.number().exactOptional(),
  rollbackGapMs: z.number().exactOptional(),
  gates: z.array(
    z.object({
      name: z.string(),
      target: z.string().exactOptional(),
      passed: z.boolean(),
      /** An English sentence in older rehearsals. */
      found: z.union([Said, z.string()]),
    }),
  ),
  evidenceDigest: z.string(),
})

const TrialRunSummary = z.object({
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  probes: z.number(),
  failures: z.number(),
  availability: z.number(),
  observedShare: z.number(),
  longestOutageMs: z.number(),
  incidents: z.number(),
  attested: z.literal(true).exactOptional(),
})

/** The engine's reasons by code and values; a person's, and those of older records, as text. */
const RecordedReason = z.union([Said, z.string()])

export const SaidSchema = z.object({ code: z.string(), values: z.record(z.string(), z.unknown()) })
/** Why a way back is not armed: codes and values, said in the reader's language by whoever shows them (domain/words). */
export const WayBack = z.object({ state: WayBackState, reasons: z.array(SaidSchema), atMs: z.number() })
export const Release = z.object({
  statement: z.string(),
  by: Actor,
  atMs: z.number(),
  signed: z.object({ keyId: z.string(), signature: z.string(), signedText: z.string() }).exactOptional(),
})

export const Side = z.enum(['old', 'new'])

/** How the workflow of an unfinished move ended, and who has acknowledged it (domain/workflow-end.ts). */
const EndedOutside = z.object({
  end: z.object({
    how: z.enum(workflowEnds),
    by: z.string(),
    reason: z.string(),
    endedAtMs: z.number().exactOptional(),
  }),
  acknowledged: z
    .object({
      by: Actor,
      atMs: z.number(),
      reason: z.string(),
      serves: Side,
      servesBy: z.enum(['look', 'word']),
    })
    .exactOptional(),
})

const Failure = z.object({
  code: z.string(),
  message: z.string(),
  values: SaidValues.exactOptional(),
  playbookStep: z.string().exactOptional(),
  playbookTitle: LocalText.exactOptional(),
})

/** The newest change of the schema made on both sides (domain/move/schema-change.ts). */
export const SchemaChange = z.object({
  id: z.int(),
  sqlDigest: Digest,
  statements: z.array(z.string()),
  dataset: z.string().exactOptional(),
  role: z.string().exactOptional(),
  reason: z.string(),
  by: Actor,
  state: z.enum(['running', 'made', 'refused', 'failed']),
  atMs: z.number(),
  failure: Failure.exactOptional(),
  isHalfMade: z.literal(true).exactOptional(),
  newTables: z.array(z.string()).exactOptional(),
  heldMs: z.number().exactOptional(),
})

/** A move as its events add up to it (domain/migration.ts). */
export const MigrationSchema = z.object({
  migration: z.string(),
  plan: MigrationPlan,
  planDigest: Digest,
  launchedBy: Actor,
  launchedAtMs: z.number(),
  sequence: z.int(),
  changedAtMs: z.number(),
  phase: Phase,
  standing: z.enum(standings),
  standingReason: z.string().exactOptional(),
  /** What an abort could not undo. */
  leftBehind: z.array(RecordedReason).exactOptional(),
  abortRequested: z.string().exactOptional(),
  ledger: LedgerSchema.exactOptional(),
  round: z.int(),
  phaseLog: z.array(
    z.object({
      phase: Phase,
      round: z.int(),
      startedAtMs: z.number(),
      endedAtMs: z.number().exactOptional(),
    }),
  ),
  step: z
    .object({
      id: z.string(),
      attempt: z.int(),
      startedAtMs: z.number(),
      failure: Failure.exactOptional(),
    })
    .exactOptional(),
  skippedSteps: z.array(z.string()),
  assessment: Assessment.exactOptional(),
  recordedHosts: byHost(z.object({ address: z.string(), fingerprint: z.string() })),
  hostKeys: byHost(z.string()),
  tasks: z.array(TaskSchema),
  rehearsal: Rehearsal.exactOptional(),
  trialRun: z.object({ untilMs: z.number(), summary: TrialRunSummary.exactOptional() }).exactOptional(),
  report: z.object({ version: z.int(), digest: Digest, remark: z.string() }).exactOptional(),
  reportsIssued: z.int(),
  amendment: z.string().exactOptional(),
  signoffs: z.array(SignoffSchema),
  recognised: z.boolean(),
  cutover: z
    .object({
      window: z.object({ startsAtMs: z.number(), endsAtMs: z.number() }),
      latestRollbackAtMs: z.number(),
      decision: z.enum(['go', 'no-go', 'abort']).exactOptional(),
      number: z.int(),
      preparation: z.enum(['running', 'done']).exactOptional(),
    })
    .exactOptional(),
  cutoversScheduled: z.int(),
  switches: z.array(
    z.object({ kind: z.enum(['cutover', 'rollback']), atMs: z.number(), result: SwitchResult }),
  ),
  rollbackRequested: z
    .object({
      reason: RecordedReason,
      by: Actor,
      automatic: z.boolean(),
      newSideGone: z.literal(true).exactOptional(),
      instead: PlaybookRef.exactOptional(),
    })
    .exactOptional(),
  settle: z
    .object({
      reason: z.string(),
      newSideGone: z.literal(true).exactOptional(),
      instead: PlaybookRef.exactOptional(),
      giveUp: KeptDump.exactOptional(),
      by: Actor,
    })
    .exactOptional(),
  retention: z
    .object({
      startedAtMs: z.number(),
      untilMs: z.number(),
      wayBack: WayBack,
      release: Release.exactOptional(),
    })
    .exactOptional(),
  /** What keeps the new side from being current before its switch (domain/words). */
  forward: z.object({ reasons: z.array(SaidSchema), atMs: z.number() }).exactOptional(),
  rearm: z
    .object({ reason: z.string(), giveUp: KeptDump.exactOptional(), by: Actor, atMs: z.number() })
    .exactOptional(),
  schemaChange: SchemaChange.exactOptional(),
  disposal: z.object({ proofDigest: z.string(), removedBytes: z.number() }).exactOptional(),
  endedOutside: EndedOutside.exactOptional(),
  recovered: z.object({ by: Actor, atMs: z.number(), reason: z.string(), sequence: z.int() }).exactOptional(),
}) satisfies z.ZodType<Migration>

export const WaitingForSchema = z.object({
  code: z.enum([
    'resume',
    'blocked-step',
    'task',
    'signoff',
    'cutover-schedule',
    'cutover-window',
    'cutover-decision',
    'trial-run',
    'retention-time',
    'retention-release',
    'end-acknowledgement',
    'ended-on-new-side',
    'ledger-contradiction',
    'schema-change',
    'way-back-lost',
    'runner',
  ]),
  roles: z.array(Role),
  subject: z.string(),
  untilMs: z.number().exactOptional(),
  sinceMs: z.number().exactOptional(),
  /** The side that is given up so that the blocked step can go on. */
  givesUp: z.enum(['old', 'new']).exactOptional(),
  /** The playbook that leads back to the old side past a workflow that has ended, and its plan. */
  waysBack: z.object({ playbook: z.string(), plan: z.string() }).exactOptional(),
  /** The blocked step may be skipped. */
  maySkip: z.literal(true).exactOptional(),
}) satisfies z.ZodType<WaitingFor>

/** How long writes were not acknowledged: in all switches together, undone ones included, and in each. */
export const Downtime = z.object({
  /** Absent when one of the gaps was not measured. */
  totalMs: z.number().exactOptional(),
  totalBound: z.literal('at-most').exactOptional(),
  switches: z.array(
    WriteGap.extend({
      kind: z.enum(['cutover', 'rollback']),
      atMs: z.number(),
      undoneGaps: z.array(WriteGap),
    }),
  ),
})
export type Downtime = z.infer<typeof Downtime>

const shown = {
  /** People do the move with another tool or by hand; nothing of it is done or seen by the engine. */
  tracked: z.literal(true).exactOptional(),
  /** How the way back stands, by who serves; the reasons of a state are the retention's. */
  wayBack: z.enum(wayBackStandings),
  system: z.string(),
  /** The ledger's name for the system. */
  name: z.string(),
  profile: z.enum(['production', 'lab']),
  waitingFor: z.array(WaitingForSchema),
  downtime: Downtime,
  /** The workflow in the Temporal UI, where its address is known. */
  temporalUrl: z.string().exactOptional(),
}

export const MigrationView = MigrationSchema.extend(shown)
export type MigrationView = z.infer<typeof MigrationView>

export const MigrationSummary = MigrationSchema.pick({
  migration: true,
  launchedAtMs: true,
  changedAtMs: true,
  sequence: true,
  phase: true,
  round: true,
  standing: true,
  standingReason: true,
  step: true,
  endedOutside: true,
  ledger: true,
}).extend({
  ...shown,
  /** The programme's zone: a window or an end is meant on its clocks. */
  timeZone: z.string(),
  organisations: MigrationPlan.shape.organisations,
  openTasks: z.array(TaskSchema.pick({ id: true, title: true, state: true, wantsSignature: true })),
  /** How long the way back is kept at least. */
  wayBackUntilMs: z.number().exactOptional(),
})
export type MigrationSummary = z.infer<typeof MigrationSummary>

export const MigrationList = z.object({ migrations: z.array(MigrationSummary) })
