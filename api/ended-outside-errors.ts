import { isSwitched } from '../domain/move/switches.ts'
import { QianyunError } from '../domain/errors.ts'
import type { Migration } from '../domain/move/migration.ts'
import type { Phase } from '../domain/move/phase.ts'
import type { Side, SideLook, WorkflowEnd } from '../domain/move/workflow-end.ts'

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

/** Thrown when the end of a move is to be acknowledged that goes on. */
export class MoveRunsError extends QianyunError {
  override name = 'MoveRunsError'
  readonly code = 'move-runs'

  constructor(readonly migration: string) {
    super(
      `The workflow of the move "${migration}" runs; it has not ended. Abort it before its cutover, or roll back after it.`,
    )
  }
}

/** Thrown when a playbook of the ended move is still at work. */
export class PlaybookRunsError extends QianyunError {
  override name = 'PlaybookRunsError'
  readonly code = 'playbook-runs'

  constructor(
    readonly migration: string,
    readonly workflowId: string,
  ) {
    super(
      `The move "${migration}" has ended, but its playbook "${workflowId}" is still at work on the hosts. Wait until it has ended and try again.`,
    )
  }
}

/** Thrown when the sides themselves do not tell which one serves, and the person has not said it. */
export class SidesUnknownError extends QianyunError {
  override name = 'SidesUnknownError'
  readonly code = 'sides-unknown'

  constructor(
    readonly migration: string,
    readonly found: { readonly old: SideLook; readonly new: SideLook },
  ) {
    super(
      `Which side of "${migration}" serves cannot be told: the old one is "${found.old}", the new one "${found.new}"; one of them open was expected. Look at the databases and at the entry yourself, make one side serve, and say which ("old" or "new").`,
    )
  }
}

/** Thrown when the person says that one side serves and the sides say the other. */
export class OtherSideServesError extends QianyunError {
  override name = 'OtherSideServesError'
  readonly code = 'other-side-serves'

  constructor(
    readonly migration: string,
    readonly said: Side,
    readonly found: Side,
  ) {
    super(
      `The ${found} side of "${migration}" serves by its own record, not the ${said} one. Look again before going on.`,
    )
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
    super(
      `"${system}" is served by the new side since "${migration}", which ended outside Qianyun; what the plan moves from is fenced and stale. Roll back with the plan's rollback playbook and acknowledge the end anew, or plan a move from where the system is now.`,
    )
  }
}
