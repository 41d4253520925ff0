import type { LocalText } from '../identifier.ts'
import type { Role } from '../organisation.ts'
import type { Attestation, Reviewer } from './attestation.ts'
import type { Said } from '../words/message.ts'
import { doneIn, type StepDoes } from './does.ts'

/** What one finished step of a playbook run came to. */
export interface StepOutcome {
  readonly step: string
  readonly kind: string
  /** What the step's kind does; absent where it is nothing a move asks for, and in what older runners recorded. */
  readonly does?: StepDoes
  readonly result: Readonly<Record<string, unknown>>
  /** SHA-256 of the stored result, where it is too large to travel: `result` is empty then. */
  readonly resultDigest?: string
}

/** The person step the run has reached: the move opens a task for it and continues once the task is closed. */
export interface PersonStep {
  readonly step: string
  readonly title: LocalText
  readonly role: Role
  readonly wantsEvidence: boolean
  readonly wantsSignature: boolean
  /** Who accepts it, or sends it back. */
  readonly reviewer?: Reviewer
  /** Of a tracked move: what it attests in the place of a step of the engine. */
  readonly attests?: Attestation
}

/** How far a playbook run has come. A failed run still tells which steps are done: a switch may be among them. */
export interface PlaybookOutcome {
  readonly done: readonly StepOutcome[]
  readonly waiting?: PersonStep
  /** The run has reached its switch and continues once the switch is recorded. */
  readonly switched?: boolean
  readonly failure?: {
    readonly step: string
    readonly title?: LocalText
    readonly code: string
    readonly message: string
    /** Of the word for `code`. */
    readonly values?: Said['values']
    /** Set when only a person can know whether the step ran: a retry confirms that it may run again. */
    readonly interrupted?: boolean
    /** Set when the runner itself was lost: `step` names all that may or may not have run. */
    readonly lost?: boolean
  }
}

/** The switch of one dataset, as the step that made it reports it. */
export interface DatasetSwitch {
  /** Absent where the step switched the only dataset there is. */
  readonly dataset?: string
  readonly result: StepOutcome['result']
}

/** The switches that a result tells: a step that switches several datasets reports each under its name in `datasets`. */
export function switchesOf(result: StepOutcome['result']): readonly DatasetSwitch[] {
  const datasets = result['datasets'] as Readonly<Record<string, StepOutcome['result']>> | undefined
  return datasets === undefined
    ? [{ result }]
    : Object.entries(datasets).map(([dataset, own]) => ({ dataset, result: own }))
}

/** The switches of sides in an outcome, in their order. */
export function switchesIn(outcome: Pick<PlaybookOutcome, 'done'>): readonly DatasetSwitch[] {
  return outcome.done.filter((one) => doneIn(one) === 'switch').flatMap(({ result }) => switchesOf(result))
}
