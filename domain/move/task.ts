import type { FindingGroup } from '../assessment/finding.ts'
import type { Actor, Role } from '../organisation.ts'

/** What people are asked to do. A kind tells who does it, whether evidence and a signature are wanted, and who reviews. */
export const taskKinds = [
  'accept-findings',
  'approve-resources',
  'adapt-code',
  'acknowledge-rollback',
  'acknowledge-ledger-change',
  'record-hardware',
  'revise-rules',
  'give-up-database',
  'playbook-task',
  'attest-step',
] as const
export type TaskKind = (typeof taskKinds)[number]

/**
 * open → taken → completed → signed → closed; a review may send it back to open with a reason.
 * Steps a kind does not want are left out: without signature and reviewer, completing closes.
 */
export type TaskState = 'open' | 'taken' | 'completed' | 'signed' | 'closed'

export interface Evidence {
  readonly name: string
  /** SHA-256, hex, of the stored file. */
  readonly digest: string
  readonly sizeBytes: number
}

/** A critical finding at so many places that no waiver covers. */
export type OpenFinding = Pick<FindingGroup, 'code' | 'places'>

/** By the code of a finding. */
export type FindingReasons = Readonly<Record<string, string>>

/** What people attest with a task, by name. */
export type Figures = Readonly<Record<string, string>>

export interface Task {
  readonly id: string
  readonly kind: TaskKind
  readonly title: { readonly zh: string; readonly en: string }
  readonly assignee: { readonly role: Role; readonly organisation: string }
  /** Who looks at a signed task; absent when nobody does. */
  readonly reviewer?: { readonly role: Role; readonly organisation: string }
  readonly wantsEvidence: boolean
  readonly wantsSignature: boolean
  /** What the person has to look at: findings, fingerprints, the adaptation wanted. Small, JSON. */
  readonly details: unknown
  /** Critical findings that no waiver covers, by code: whoever completes the task gives a reason for each. */
  readonly openFindings?: readonly OpenFinding[]
  /** Figures that whoever completes the task writes with it, by name: in a tracked move. */
  readonly wantsFigures?: readonly string[]
  readonly figures?: Figures
  readonly state: TaskState
  readonly takenBy?: Actor
  readonly completedBy?: Actor
  readonly note?: string
  /** Why the move goes on with its open findings, by code. */
  readonly reasons?: FindingReasons
  readonly evidence: readonly Evidence[]
  readonly signature?: { readonly keyId: string; readonly by: Actor; readonly digest: string }
  readonly rejections: readonly { readonly by: Actor; readonly reason: string; readonly atMs: number }[]
}

/** The state a task moves to after `completed`, given what its kind wants. */
export function stateAfterCompletion(task: Pick<Task, 'wantsSignature' | 'reviewer'>): TaskState {
  if (task.wantsSignature || task.reviewer !== undefined) return 'completed'
  return 'closed'
}
