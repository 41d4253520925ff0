import { z } from 'zod'
import { KeptDump } from './kept-dump.ts'
import { MigrationId, Note, Reason } from './identifiers.ts'
import { Side } from './migration.ts'

/** What people ask of a move, and what they are answered. */
export const LaunchBody = z.strictObject({ plan: z.string().min(1).max(63) })
export const LaunchAnswer = z.object({
  migration: MigrationId,
  system: z.string(),
  /** Whether the move can be read already; otherwise in a moment. */
  projected: z.boolean(),
})

export const ReasonBody = z.strictObject({ reason: Reason })
export const RollBackBody = z.strictObject({
  reason: Reason,
  /** The new side's server is no more: the old side is opened without it, and what had not arrived there is lost. */
  newSideGone: z.literal(true).exactOptional(),
})
export const SettleBody = RollBackBody.extend({
  /** What the new side took alone is given up, and its database dropped, once two people have agreed. */
  giveUp: KeptDump.exactOptional(),
})
export const RearmBody = ReasonBody.extend({
  /** What the old side took alone is given up, once two people have agreed. */
  giveUp: KeptDump.exactOptional(),
})
export const ResumeBody = z.strictObject({ note: Note.default('') })
/** `step` may be left out: then it is the one the move is blocked at. */
export const RetryBody = z.strictObject({
  step: z.string().min(1).max(200).exactOptional(),
  note: Note.default(''),
})
export const SkipBody = z.strictObject({ step: z.string().min(1).max(200).exactOptional(), reason: Reason })

/** SQL of schema changes, and where needed which of several databases and as which role. */
export const ChangeSchemaBody = z.strictObject({
  sql: z.string().min(1).max(200_000),
  dataset: z.string().min(1).max(63).exactOptional(),
  role: z.string().min(1).max(63).exactOptional(),
  reason: Reason,
})

/** The answer to an accepted command. */
export const CommandAnswer = z.object({
  requestId: z.string(),
  migration: MigrationId,
  /** The move's sequence once the command has taken effect. */
  sequence: z.int(),
  /** Whether a read shows it already; otherwise in a moment. */
  projected: z.boolean(),
})
export type CommandAnswer = z.infer<typeof CommandAnswer>

export const AcknowledgeEndBody = z.strictObject({
  reason: Reason,
  /** Which side serves; required only where the sides themselves cannot be asked, refused where they say otherwise. */
  serves: Side.exactOptional(),
})
export const RecoverBody = z.strictObject({ reason: Reason })

export const AcknowledgeEndAnswer = CommandAnswer.extend({ serves: Side })
