import { formatInZone } from '../domain/wall-clock.js'
import { QianyunError } from '../domain/errors.ts'
import type { Refusal } from '../domain/move/command.ts'
import { said } from '../domain/words/said.ts'
import type { Migration } from '../domain/move/migration.ts'
import type { Phase } from '../domain/move/phase.ts'
import { isSwitched } from '../domain/move/switches.ts'
import type { Side, WorkflowEnd } from '../domain/move/workflow-end.ts'

/** Thrown when the rules of a move refuse a command; code, values and sentence are the rule's own. */
export class CommandRefusedError extends QianyunError {
  override name = 'CommandRefusedError'
  readonly code: string

  constructor(refused: Refusal) {
    super(refused)
    this.code = refused.code
  }
}

/** Thrown when Temporal or a worker does not answer in time. Asking again with the same Idempotency-Key is safe. */
export class NotAnsweredError extends QianyunError {
  override name = 'NotAnsweredError'
  readonly code: 'temporal-unavailable' | 'workflow-not-ready' | 'not-answered-in-time'

  constructor(
    code: NotAnsweredError['code'],
    override readonly cause?: unknown,
  ) {
    super(said(code))
    this.code = code
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
    super(said('already-moving', { system, migration }))
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
    const given = (text: string): string | undefined => (text === '' ? undefined : text)
    super(
      said('ended-outside', {
        migration: m.migration,
        system: m.plan.system,
        how: end.how,
        by: given(end.by),
        at: end.endedAtMs === undefined ? undefined : formatInZone(end.endedAtMs, m.plan.policy.timeZone),
        reason: given(end.reason),
        phase: m.phase,
        step: m.step?.id,
        serves,
        fenced: serves === 'new' ? 'old' : undefined,
      }),
    )
    this.migration = m.migration
    this.system = m.plan.system
    this.phase = m.phase
    this.step = m.step?.id
    this.serves = serves
  }
}

/** Thrown when a move is to begin at a side that was left. */
export class NewSideServesError extends QianyunError {
  override name = 'NewSideServesError'
  readonly code = 'new-side-serves'

  constructor(
    readonly system: string,
    readonly migration: string,
  ) {
    super(said('new-side-serves', { system, migration }))
  }
}
