import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { Side, SideLook } from '../../domain/move/workflow-end.ts'

/** Thrown when the end of a move is to be acknowledged that goes on. */
export class MoveRunsError extends QianyunError {
  override name = 'MoveRunsError'
  readonly code = 'move-runs'

  constructor(readonly migration: string) {
    super(said('move-runs', { migration }))
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
    super(said('playbook-runs', { migration, workflowId }))
  }
}

/** Thrown when the sides themselves do not tell which one serves, and the person has not said it. */
export class SidesUnknownError extends QianyunError {
  override name = 'SidesUnknownError'
  readonly code = 'sides-unknown'

  constructor(
    readonly migration: string,
    readonly found: { readonly old: SideLook; readonly new: SideLook },
    /** What brings a switch that was cut off to its end, forward and back. */
    readonly commands: readonly string[],
    readonly system: string,
  ) {
    super(said('sides-unknown', { migration, system, old: found.old, new: found.new, commands }))
  }
}

/** Thrown when the person says that one side serves and the sides say the other. */
export class OtherSideServesError extends QianyunError {
  override name = 'OtherSideServesError'
  readonly code = 'other-side-serves'

  constructor(
    readonly migration: string,
    readonly claimed: Side,
    readonly found: Side,
  ) {
    super(said('other-side-serves', { migration, claimed, found }))
  }
}
