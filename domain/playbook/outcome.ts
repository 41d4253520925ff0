import type { LocalText } from '../identifier.ts'
import type { Role } from '../organisation.ts'

/** What one finished step of a playbook run came to. */
export interface StepOutcome {
  readonly step: string
  readonly kind: string
  readonly result: Readonly<Record<string, unknown>>
  /** SHA-256 of the stored result, where it is too large to travel: `result` is empty then. */
  readonly resultDigest?: string
}

/** A person's step the run has come to: the move opens a task for it and runs on when it is closed. */
export interface PersonStep {
  readonly step: string
  readonly title: LocalText
  readonly role: Role
  readonly wantsEvidence: boolean
  readonly wantsSignature: boolean
}

/** How far a playbook run has come. A failed run still tells which steps are done: a switch may be among them. */
export interface PlaybookOutcome {
  readonly done: readonly StepOutcome[]
  readonly waiting?: PersonStep
  /** The run has come to its switch and goes on when that is noted. */
  readonly switched?: boolean
  readonly failure?: {
    readonly step: string
    readonly code: string
    readonly message: string
    /** Set when only a person can know whether the step ran: a retry confirms that it may run again. */
    readonly interrupted?: boolean
    /** Set when the runner itself was lost: `step` names all that may or may not have run. */
    readonly lost?: boolean
  }
}

/** The kinds of steps that change which side serves: with both sides, and without the one that is gone. */
const switchKinds: ReadonlySet<string> = new Set(['postgres-switchover', 'postgres-reopen'])

export const isSwitchKind = (kind: string): boolean => switchKinds.has(kind)

/** The result of the step that switched sides; undefined where none has. */
export function switchIn(outcome: PlaybookOutcome): StepOutcome['result'] | undefined {
  return outcome.done.find(({ kind }) => isSwitchKind(kind))?.result
}
