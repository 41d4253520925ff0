import { QianyunError } from '../domain/errors.ts'
import type { Migration } from '../domain/move/migration.ts'
import type { Phase } from '../domain/move/phase.ts'
import { isSwitched } from '../domain/move/switches.ts'
import type { Side, WorkflowEnd } from '../domain/move/workflow-end.ts'

/** Thrown when the rules of a move refuse a command; `code` and sentence are the rule's own. */
export class CommandRefusedError extends QianyunError {
  override name = 'CommandRefusedError'

  constructor(
    readonly code: string,
    sentence: string,
  ) {
    super(sentence)
  }
}

/** Thrown when Temporal or a worker does not answer in time. Asking again with the same Idempotency-Key is safe. */
export class NotAnsweredError extends QianyunError {
  override name = 'NotAnsweredError'

  constructor(
    readonly code: 'temporal-unavailable' | 'workflow-not-ready' | 'not-answered-in-time',
    sentence: string,
    override readonly cause?: unknown,
  ) {
    super(sentence)
  }
}

/** Thrown when a system is already being moved. */
export class AlreadyMovingError extends QianyunError {
  override name = 'AlreadyMovingError'
  readonly code = 'already-moving'

  constructor(
    readonly system: string,
    readonly migration: string,
  ) {
    super(
      `"${system}" is already being moved by "${migration}". A system has one move at a time; wait until it has ended, or abort it.`,
    )
  }
}

/** Thrown when a move is not over by its record, but its workflow is. */
export class MoveEndedOutsideError extends QianyunError {
  override name = 'MoveEndedOutsideError'
  readonly code = 'ended-outside'
  readonly migration: string
  readonly system: string
  readonly phase: Phase
  readonly step: string | undefined
  /** By the record; a switch that was under way may have gone further. */
  readonly serves: Side

  constructor(
    m: Migration,
    readonly end: WorkflowEnd,
  ) {
    const serves = isSwitched(m) ? 'new' : 'old'
    super(
      `The move "${m.migration}" ended outside Qianyun: ${sentenceOf(end)} It was in ${m.phase}${m.step === undefined ? '' : `, step "${m.step.id}"`}; by its record the ${serves} side serves${serves === 'new' ? ' and the old one is fenced' : ''}. Reset the workflow in Temporal to let the move go on, or acknowledge the end with a reason (docs/operations.md says when which); until then nothing is launched.`,
    )
    this.migration = m.migration
    this.system = m.plan.system
    this.phase = m.phase
    this.step = m.step?.id
    this.serves = serves
  }
}

function sentenceOf({ how, by, reason, endedAtMs }: WorkflowEnd): string {
  if (how === 'gone')
    return 'Temporal knows no workflow of it. It was deleted, or this is another server or namespace than the one it was launched in.'
  const who = by === '' ? '' : ` by "${by}"`
  const when = endedAtMs === undefined ? '' : ` at "${new Date(endedAtMs).toISOString()}"`
  return `its workflow was ${how}${who}${when}, ${reason === '' ? 'without a reason' : `reason "${reason}"`}.`
}

/** Thrown when a move is to begin at a side that was left. */
export class NewSideServesError extends QianyunError {
  override name = 'NewSideServesError'
  readonly code = 'new-side-serves'

  constructor(
    readonly system: string,
    readonly migration: string,
  ) {
    super(
      `"${system}" is served by the new side since "${migration}", which ended outside Qianyun; what the plan moves from is fenced and stale. Roll back with the plan's rollback playbook and acknowledge the end anew, or plan a move from where the system is now.`,
    )
  }
}
