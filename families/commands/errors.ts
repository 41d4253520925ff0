import { QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { CommandName } from './declaration.ts'

/** Thrown when a command of a place ends with an error. */
export class ColdCommandFailedError extends QianyunError {
  override name = 'ColdCommandFailedError'
  readonly code = 'cold-command-failed'

  constructor(
    readonly side: string,
    readonly command: CommandName,
    readonly reason: Said,
    options?: ErrorOptions,
  ) {
    super(said('cold-command-failed', { side, command, reason }), options)
  }
}

/** Thrown when `is-stopped` or `is-running` does not come to succeed. */
export class NotInTimeError extends QianyunError {
  override name = 'NotInTimeError'
  readonly code = 'cold-not-in-time'

  constructor(
    readonly side: string,
    readonly command: CommandName,
    readonly waitedMs: number,
  ) {
    super(said('cold-not-in-time', { side, command, waitedMs }))
  }
}

/** Thrown when `measure` printed something else than lines `name value`. */
export class FiguresUnreadableError extends QianyunError {
  override name = 'FiguresUnreadableError'
  readonly code = 'cold-figures-unreadable'

  constructor(
    readonly side: string,
    readonly found: string,
    readonly lines: number,
  ) {
    super(said('cold-figures-unreadable', { side, found, lines }))
  }
}

/** Thrown when the figures of both sides are not the same after a copy. */
export class FiguresDifferError extends QianyunError {
  override name = 'FiguresDifferError'
  readonly code = 'cold-figures-differ'

  constructor(readonly differences: readonly string[]) {
    super(said('cold-figures-differ', { differences }))
  }
}

/** Thrown when a place lacks a command that is needed of it. */
export class NoCommandError extends QianyunError {
  override name = 'NoCommandError'
  readonly code = 'cold-no-command'

  constructor(
    readonly side: string,
    readonly command: CommandName,
  ) {
    super(said('cold-no-command', { side, command }))
  }
}

/** Thrown before anybody waits, when a side is not as a switch needs it. */
export class ColdNotReadyError extends QianyunError {
  override name = 'ColdNotReadyError'
  readonly code = 'cold-not-ready'

  constructor(readonly problems: readonly Said[]) {
    super(said('cold-not-ready', { problems }))
  }
}

/** Thrown when a switch has failed before its commit point and the side that served does so again. */
export class ColdSwitchAbortedError extends QianyunError {
  override name = 'ColdSwitchAbortedError'
  readonly code = 'cold-switch-aborted'

  constructor(
    readonly part: string,
    readonly serving: string,
    readonly stoppedMs: number,
    readonly reason: Said,
    options?: ErrorOptions,
  ) {
    super(said('cold-switch-aborted', { part, serving, stoppedMs, reason }), options)
  }
}

/** Thrown when a switch has failed before its commit point and the side that served could not be started again. */
export class ColdBothStoppedError extends QianyunError {
  override name = 'ColdBothStoppedError'
  readonly code = 'cold-both-stopped'

  constructor(
    readonly side: string,
    readonly reason: Said,
    readonly first: Said,
    options?: ErrorOptions,
  ) {
    super(said('cold-both-stopped', { side, reason, first }), options)
  }
}

/** Thrown when both sides are on record as the one that serves. Nothing was changed. */
export class ColdBothServeError extends QianyunError {
  override name = 'ColdBothServeError'
  readonly code = 'cold-both-serve'
  readonly refusesUndo = true

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(said('cold-both-serve', { from, to }))
  }
}

/** Thrown when a side is to be removed or filled that serves, or may: nothing has on record that it is left, or a copy. */
export class ColdSideServesError extends QianyunError {
  override name = 'ColdSideServesError'
  readonly code = 'cold-side-serves'
  readonly refusesUndo = true

  constructor(
    readonly side: string,
    readonly found: 'open' | 'closed' | 'copy' | 'unknown' | 'running',
  ) {
    super(said('cold-side-serves', { side, found: said(`cold-side-${found}`) }))
  }
}

/** Thrown when a side was to serve again, and the switch away from it is decided. Nothing was changed: the switch goes on. */
export class ColdDecidedError extends QianyunError {
  override name = 'ColdDecidedError'
  readonly code = 'cold-decided'

  constructor(readonly side: string) {
    super(said('cold-decided', { side }))
  }
}

/** Thrown when a side is still being filled by a run that nobody hears of. Nothing was changed. */
export class ColdBeingFilledError extends QianyunError {
  override name = 'ColdBeingFilledError'
  readonly code = 'cold-being-filled'

  constructor(readonly side: string) {
    super(said('cold-being-filled', { side }))
  }
}

/** Thrown for what a dataset that is moved cold has no way of: it can be rolled back, and nothing keeps its old side current. */
export class ColdHasNoneError extends QianyunError {
  override name = 'ColdHasNoneError'
  readonly code = 'cold-has-none'

  constructor(readonly side: string) {
    super(said('cold-has-none', { side }))
  }
}

/** Thrown when a switch that is to end before an instant may take longer. Nothing was changed. */
export class ColdTooLateError extends QianyunError {
  override name = 'ColdTooLateError'
  readonly code = 'cold-too-late'

  constructor(
    readonly deadlineMs: number,
    readonly notAfter: string,
  ) {
    super(said('cold-too-late', { deadlineMs, notAfter }))
  }
}

/** The reason of a signal whose time is over. */
export class DeadlinePassedError extends QianyunError {
  override name = 'DeadlinePassedError'
  readonly code = 'cold-deadline-passed'

  constructor(readonly allowedMs: number) {
    super(said('cold-deadline-passed', { allowedMs }))
  }
}
