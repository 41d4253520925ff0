import { z } from 'zod'
import { wanted } from '../../domain/schema-problems.ts'
import { taskKinds, type Task } from '../../domain/move/task.ts'
import { phases } from '../../domain/move/phase.ts'
import { Identifier } from '../../domain/identifier.ts'
import { Actor, Digest, KeyId, MigrationId, Note, Reason, Role, Signature } from './identifiers.ts'

export const Evidence = z.strictObject({
  name: z.string().min(1).max(200),
  digest: Digest,
  sizeBytes: z.int().min(0),
})

const Assignee = z.object({ role: Role, organisation: z.string() })

export const TaskSchema = z.object({
  id: z.string(),
  kind: z.enum(taskKinds),
  title: z.object({ zh: z.string(), en: z.string() }),
  assignee: Assignee,
  reviewer: Assignee.exactOptional(),
  wantsEvidence: z.boolean(),
  wantsSignature: z.boolean(),
  details: z.unknown(),
  /** Critical findings that no waiver covers: completing the task gives a reason for each code. */
  openFindings: z.array(z.object({ code: z.string(), places: z.int() })).exactOptional(),
  /** Figures that completing it takes, by name; those that were written with it. */
  wantsFigures: z.array(z.string()).exactOptional(),
  figures: z.record(z.string(), z.string()).exactOptional(),
  state: z.enum(['open', 'taken', 'completed', 'signed', 'closed']),
  takenBy: Actor.exactOptional(),
  completedBy: Actor.exactOptional(),
  note: z.string().exactOptional(),
  reasons: z.record(z.string(), z.string()).exactOptional(),
  evidence: z.array(Evidence),
  signature: z.object({ keyId: z.string(), by: Actor, digest: z.string() }).exactOptional(),
  rejections: z.array(z.object({ by: Actor, reason: z.string(), atMs: z.number() })),
}) satisfies z.ZodType<Task>

/** A task where it belongs. `mine`: the caller is the one to do the next thing. */
export const TaskView = z.object({
  migration: MigrationId,
  system: z.string(),
  profile: z.enum(['production', 'lab']),
  /** Its move is done by people, with another tool or by hand. */
  tracked: z.literal(true).exactOptional(),
  phase: z.enum(phases),
  round: z.int(),
  mine: z.boolean(),
  task: TaskSchema,
  /** The exact text to sign and its SHA-256; there while the task waits for its assignee's signature. */
  toSign: z.object({ text: z.string(), digest: Digest }).exactOptional(),
})
export type TaskView = z.infer<typeof TaskView>

export const TaskList = z.object({ tasks: z.array(TaskView) })

export const CompleteTaskBody = z.strictObject({
  note: Note.min(1, wanted('says-what-was-done')),
  /** Stored before by `POST /evidence`. */
  evidence: z.array(Evidence).max(50).default([]),
  /** Why the move goes on with each open finding of the task, by its code. */
  reasons: z.record(Identifier, Reason).exactOptional(),
  /** What the task of a tracked move attests, by name. */
  figures: z.record(Identifier, z.string().trim().min(1).max(500)).exactOptional(),
})

export const SignTaskBody = z.strictObject({
  keyId: KeyId,
  /** SHA-256 of `signedText`. */
  digest: Digest,
  signature: Signature,
  signedText: z.string().max(100_000),
})

/** `reason` is required where a colleague holds the task. */
export const TakeTaskBody = z.strictObject({ reason: Reason.exactOptional() }).optional()

export const RejectTaskBody = z.strictObject({ reason: Reason })

export const EvidenceQuery = z.strictObject({ name: z.string().min(1).max(200).exactOptional() })
