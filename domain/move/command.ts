import type { CutoverWindow } from './cutover-window.ts'
import type { KeptDump } from './giving-up.ts'
import type { LedgerContradiction } from './ledger-contradiction.ts'
import type { Role } from '../organisation.ts'
import type { PlaybookRef } from '../playbook/files.ts'
import type { RecordedReason } from './recorded-reason.ts'
import type { SchemaChangeAsked } from './schema-change.ts'
import type { Release, Signoff } from './signoff.ts'
import type { Evidence, Figures, FindingReasons } from './task.ts'
import type { WayBackState } from './way-back.ts'
import type { Said } from '../words/message.ts'
import { said, say, type Code, type Given } from '../words/said.ts'

/** What people (and the guard of the way back) may ask of a running move, by name. */
export interface CommandData {
  pause: { reason: string }
  resume: { note: string }
  hold: { reason: string }
  abort: { reason: string }
  'retry-step': { step: string; note: string }
  'skip-step': { step: string; reason: string }
  /** `reason` says why a task is taken over from a colleague who has it. */
  'take-task': { task: string; reason?: string }
  'complete-task': {
    task: string
    note: string
    evidence: readonly Evidence[]
    reasons?: FindingReasons
    figures?: Figures
  }
  /** `signature` has been verified against the account's registered key at the door. */
  'sign-task': { task: string; keyId: string; digest: string; signature: string }
  'accept-task': { task: string }
  'reject-task': { task: string; reason: string }
  'amend-report': { remark: string }
  'sign-report': { signoff: Signoff }
  'schedule-cutover': { window: CutoverWindow }
  'decide-cutover': { decision: 'go' | 'no-go' | 'abort'; reason: string }
  /** `newSideGone`: the old side is opened without the new one, whose server is no more; what it took since is lost. */
  /** `instead`: the playbook that can do so, where the frozen one of the plan cannot. */
  'roll-back': { reason: string; newSideGone?: true; instead?: PlaybookRef }
  /** Brings the sides to exactly one that serves. `newSideGone`: the new server is no more, and what it may have taken is given up. */
  /** `giveUp`: what the new side took alone is given up, and its database dropped, so that it can be made anew. */
  'settle-cutover': { reason: string; newSideGone?: true; instead?: PlaybookRef; giveUp?: KeptDump }
  /** Seeds the old side anew from the new one, which goes on serving. */
  /** `giveUp`: what the old side took alone is given up. */
  'rearm-way-back': { reason: string; giveUp?: KeptDump }
  /** The text itself is stored, and named by the digest of the stored value. */
  'change-schema': SchemaChangeAsked
  /** `signed` has been verified against the account's registered key at the door, and is again before anything is wiped. */
  'release-retention': Release
  /** Everything the ledger has against the move now; empty when it has nothing more. */
  'ledger-changed': { contradictions: readonly LedgerContradiction[] }
  'report-way-back': { state: WayBackState; reasons: readonly RecordedReason[] }
  /** What keeps the new side from being current before its switch; empty when nothing does any more. */
  'report-forward': { reasons: readonly Said[] }
}

export type CommandName = keyof CommandData
export type Command = { [N in CommandName]: { readonly name: N } & Readonly<CommandData[N]> }[CommandName]

/** Why a command was refused: a word of the catalogue, and its English sentence for logs. */
export interface Refusal extends Said {
  readonly message: string
}

export function refuse<const C extends Code>(code: C, ...values: Given<C>): Refusal {
  const what = said(code, ...values)
  return { ...what, message: say('en', what) }
}

/** Who may give which command. What is not listed for a role is refused. Tasks are checked against their assignee too. */
export const commandRoles: Readonly<Record<CommandName, readonly (Role | 'engine')[]>> = {
  pause: ['coordinator', 'operations'],
  resume: ['coordinator', 'operations'],
  hold: ['coordinator'],
  abort: ['coordinator', 'operations'],
  'retry-step': ['coordinator', 'operations', 'vendor'],
  'skip-step': ['coordinator', 'operations'],
  'take-task': ['coordinator', 'owner', 'provider', 'vendor', 'operations'],
  'complete-task': ['coordinator', 'owner', 'provider', 'vendor', 'operations'],
  'sign-task': ['coordinator', 'owner', 'provider', 'vendor', 'operations'],
  'accept-task': ['coordinator', 'owner', 'provider', 'operations'],
  'reject-task': ['coordinator', 'owner', 'provider', 'operations'],
  'amend-report': ['coordinator'],
  'sign-report': ['owner', 'provider', 'vendor', 'coordinator'],
  'schedule-cutover': ['operations', 'coordinator'],
  'decide-cutover': ['operations'],
  'roll-back': ['operations'],
  'settle-cutover': ['operations'],
  'rearm-way-back': ['operations'],
  'change-schema': ['operations'],
  'release-retention': ['owner'],
  'ledger-changed': ['engine'],
  'report-way-back': ['engine'],
  'report-forward': ['engine'],
}
