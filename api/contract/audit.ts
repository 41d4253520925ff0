import { z } from 'zod'
import { Actor, Digest } from './identifiers.ts'
import { Said } from './said.ts'

export const auditKinds = [
  'event',
  'refusal',
  'system-imported',
  'plan-created',
  'launch-requested',
  'launch-withdrawn',
  'command-given',
  'command-not-given',
  'evidence-stored',
  'account-set',
  'projection-folded-anew',
  'playbook-run',
  'playbook-run-ended',
  'workflow-ended',
  'workflow-runs-again',
  'secret-address',
] as const

/** One line of the audit log. `hash` = SHA-256(previousHash ‖ leafHash), leafHash = SHA-256(0x00 ‖ canonical JSON of `entry`). */
export const AuditLine = z.object({
  entry: z.object({
    sequence: z.int(),
    atMs: z.number(),
    kind: z.enum(auditKinds),
    /** Absent when nobody was known: a refused token. */
    actor: Actor.exactOptional(),
    /** What it is about: a move, a system, a plan, a path. */
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
  }),
  previousHash: Digest,
  leafHash: Digest,
  hash: Digest,
})
export type AuditLine = z.infer<typeof AuditLine>

export const AuditQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})
export const AuditPage = z.object({
  lines: z.array(AuditLine),
  more: z.boolean(),
  /** How far was looked: the next page comes after it. Entries that the caller may not read are left out. */
  through: z.int(),
  /** The newest sequence; 0 when the log is empty. */
  newest: z.int(),
})

/** Something that is not as it was recorded: where, what is there, what was to be there, and what to do. */
export const AuditFault = z.object({
  table: z.string(),
  record: z.string(),
  column: z.string().exactOptional(),
  /** The entry of the log that says otherwise. */
  sequence: z.int().exactOptional(),
  found: z.string(),
  expected: z.string(),
  what: Said,
  next: Said,
})

export type AuditPage = z.infer<typeof AuditPage>

export const AuditVerification = z.object({
  verified: z.boolean(),
  entries: z.int(),
  /** The last hash: whoever keeps it can tell later whether the log was rewritten. */
  head: z.object({ sequence: z.int(), hash: Digest }),
  firstBad: z.object({ sequence: z.int(), reason: z.string() }).exactOptional(),
  /** The first hundred; `faultCount` counts them all. */
  faults: z.array(AuditFault),
  faultCount: z.int(),
  looked: z.array(z.object({ table: z.string(), records: z.int(), faults: z.int() })),
  /** What was not looked at, and why. */
  notLooked: z.array(Said),
})
export type AuditVerification = z.infer<typeof AuditVerification>
