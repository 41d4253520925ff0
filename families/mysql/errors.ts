import type { Finding } from '../../domain/assessment/finding.ts'
import { QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a server does not let the engine in, or does not answer. */
export class MysqlUnreachableError extends QianyunError {
  override name = 'MysqlUnreachableError'
  readonly code = 'mysql-unreachable'

  constructor(
    readonly side: string,
    readonly reason: Said,
    /** The server's number of its refusal; undefined where none answered. */
    readonly errno?: number,
    options?: ErrorOptions,
  ) {
    super(said('mysql-unreachable', { side, reason }), options)
  }
}

/** Thrown when what was found stands against what is to be done. Nothing was changed. */
export class MysqlUnfitError extends QianyunError {
  override name = 'MysqlUnfitError'
  readonly code = 'mysql-unfit'

  constructor(readonly findings: readonly Finding[]) {
    const problems = findings.map(({ code, values = {}, message, action }) => ({
      code,
      values,
      text: { zh: `${message.zh}${action.zh}`, en: `${message.en} ${action.en}` },
    }))
    super(said('mysql-unfit', { problems }))
  }
}

/** Thrown when a side is to be filled or removed that serves, or may. */
export class MysqlSideServesError extends QianyunError {
  override name = 'MysqlSideServesError'
  readonly code = 'mysql-side-serves'
  readonly refusesUndo = true

  constructor(
    readonly side: string,
    readonly found: 'open' | 'closed' | 'copy' | 'unknown',
  ) {
    super(said('mysql-side-serves', { side, found: said(`mysql-side-${found}`) }))
  }
}

/** Thrown when a server that is to be filled holds something. */
export class MysqlTargetNotEmptyError extends QianyunError {
  override name = 'MysqlTargetNotEmptyError'
  readonly code = 'mysql-target-not-empty'

  constructor(
    readonly side: string,
    readonly found: readonly string[],
  ) {
    super(said('mysql-target-not-empty', { side, found }))
  }
}

/** Thrown when a table changed its shape while it was copied. What was copied is of no use. */
export class MysqlCopyFailedError extends QianyunError {
  override name = 'MysqlCopyFailedError'
  readonly code = 'mysql-copy-failed'

  constructor(
    readonly side: string,
    readonly object: string,
    readonly reason: Said,
    options?: ErrorOptions,
  ) {
    super(said('mysql-copy-failed', { side, object, reason }), options)
  }
}

/** Thrown when one side does not follow the other. */
export class MysqlChannelError extends QianyunError {
  override name = 'MysqlChannelError'
  readonly code = 'mysql-channel-broken'

  constructor(
    readonly side: string,
    readonly reason: Said,
  ) {
    super(said('mysql-channel-broken', { side, reason }))
  }
}

/** Thrown when one side has not come to have everything of the other in time. */
export class MysqlBehindError extends QianyunError {
  override name = 'MysqlBehindError'
  readonly code = 'mysql-behind'

  constructor(
    readonly side: string,
    readonly position: string,
    readonly waitedMs: number,
  ) {
    super(said('mysql-behind', { side, position, waitedMs }))
  }
}

/** Thrown when a side that does not serve has transactions of its own: nobody else has them. */
export class MysqlErrantError extends QianyunError {
  override name = 'MysqlErrantError'
  readonly code = 'mysql-errant'

  constructor(
    readonly side: string,
    readonly transactions: readonly string[],
  ) {
    super(said('mysql-errant', { side, transactions }))
  }
}

/** Thrown when somebody could still write past a fence. */
export class MysqlFenceLeaksError extends QianyunError {
  override name = 'MysqlFenceLeaksError'
  readonly code = 'mysql-fence-leaks'

  constructor(
    readonly side: string,
    readonly leaks: readonly Said[],
  ) {
    super(said('mysql-fence-leaks', { side, problems: leaks }))
  }
}

/** Thrown when both sides do not hold the same. */
export class MysqlDiffersError extends QianyunError {
  override name = 'MysqlDiffersError'
  readonly code = 'mysql-differs'

  constructor(readonly differences: readonly string[]) {
    super(said('mysql-differs', { differences }))
  }
}

/** Thrown when a switch has failed before its commit point, and the side that served does so again. */
export class MysqlSwitchAbortedError extends QianyunError {
  override name = 'MysqlSwitchAbortedError'
  readonly code = 'mysql-switch-aborted'

  constructor(
    readonly part: string,
    readonly serving: string,
    readonly gapMs: number,
    readonly reason: Said,
    options?: ErrorOptions,
  ) {
    super(said('mysql-switch-aborted', { part, serving, gapMs, reason }), options)
  }
}

/** Thrown when a switch is decided, and the side that is to serve could not be opened yet. Nothing is undone: run again it goes on. */
export class MysqlSwitchUnfinishedError extends QianyunError {
  override name = 'MysqlSwitchUnfinishedError'
  readonly code = 'mysql-switch-unfinished'

  constructor(
    readonly side: string,
    readonly reason: Said,
    options?: ErrorOptions,
  ) {
    super(said('mysql-switch-unfinished', { side, reason }), options)
  }
}

/** Thrown when nobody can tell yet which side serves: the server that decides does not answer. Nothing is opened before it does. */
export class MysqlUnsettledError extends QianyunError {
  override name = 'MysqlUnsettledError'
  readonly code = 'mysql-unsettled'
  readonly refusesUndo = true

  constructor(
    readonly awaited: string,
    readonly reason: Said,
    options?: ErrorOptions,
  ) {
    super(said('mysql-unsettled', { awaited, reason }), options)
  }
}

/** Thrown when both sides are on record as the one that serves. Nothing was changed. */
export class MysqlBothServeError extends QianyunError {
  override name = 'MysqlBothServeError'
  readonly code = 'mysql-both-serve'
  readonly refusesUndo = true

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(said('mysql-both-serve', { from, to }))
  }
}

/** Thrown when the record of a side is no longer what was read: another run works on it. Nothing was changed. */
export class MysqlRecordChangedError extends QianyunError {
  override name = 'MysqlRecordChangedError'
  readonly code = 'mysql-record-changed'

  constructor(readonly side: string) {
    super(said('mysql-record-changed', { side }))
  }
}

/** Thrown when a switch that is to end before an instant may take longer. Nothing was changed. */
export class MysqlTooLateError extends QianyunError {
  override name = 'MysqlTooLateError'
  readonly code = 'mysql-too-late'

  constructor(
    readonly deadlineMs: number,
    readonly notAfter: string,
  ) {
    super(said('mysql-too-late', { deadlineMs, notAfter }))
  }
}

/** Thrown when nobody was served for as long as a switch may take. */
export class MysqlDeadlineError extends QianyunError {
  override name = 'MysqlDeadlineError'
  readonly code = 'mysql-deadline'

  constructor(readonly deadlineMs: number) {
    super(said('mysql-deadline', { deadlineMs }))
  }
}

/** Thrown for what a dataset of this family has no way of yet. */
export class MysqlHasNoneError extends QianyunError {
  override name = 'MysqlHasNoneError'
  readonly code = 'mysql-has-none'

  constructor(readonly side: string) {
    super(said('mysql-has-none', { side }))
  }
}

/** Thrown when a side is to be switched to, or filled, that was open as the other one was opened without it: it may hold what is nowhere else. */
export class MysqlSideStaleError extends QianyunError {
  override name = 'MysqlSideStaleError'
  readonly code = 'mysql-side-stale'
  readonly refusesUndo = true

  constructor(
    readonly side: string,
    readonly serves: string,
  ) {
    super(said('mysql-side-stale', { side, serves }))
  }
}

/** Thrown when the writers of a rehearsal could not write. */
export class MysqlWritersStoppedError extends QianyunError {
  override name = 'MysqlWritersStoppedError'
  readonly code = 'mysql-writers-stopped'

  constructor(
    readonly side: string,
    readonly user: string,
    readonly reason: Said,
  ) {
    super(said('mysql-writers-stopped', { side, user, reason }))
  }
}

/** Thrown when another run works on the same sides. Nothing was changed. */
export class MysqlBusyError extends QianyunError {
  override name = 'MysqlBusyError'
  readonly code = 'mysql-busy'

  constructor(readonly side: string) {
    super(said('mysql-busy', { side }))
  }
}
