import { QianyunError } from '../domain/errors.ts'
import type { Side, SideLook } from '../domain/move/workflow-end.ts'

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
