import { QianyunError, saidBy } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import type { Said } from '../../../domain/words/message.ts'

/** Thrown when another run holds the critical section of the same pair. */
export class SwitchoverBusyError extends QianyunError {
  override name = 'SwitchoverBusyError'
  readonly code = 'switchover-busy'

  constructor(readonly database: string) {
    super(said('switchover-busy', { database }))
  }
}

/** Thrown when both sides are recorded as open. Nothing was changed: only a person can decide which writes count. */
export class BothSidesOpenError extends QianyunError {
  override name = 'BothSidesOpenError'
  readonly code = 'both-sides-open'
  readonly refusesUndo = true

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(said('both-sides-open', { from, to }))
  }
}

/** Thrown when both sides are recorded as open because one was opened without the other. Nothing was changed. */
export class SideStaleError extends QianyunError {
  override name = 'SideStaleError'
  readonly code = 'side-stale'

  constructor(
    readonly stale: string,
    readonly staleGeneration: number,
    readonly serving: string,
    readonly generation: number,
  ) {
    super(said('side-stale', { stale, staleGeneration, serving, generation }))
  }
}

/** Thrown when a side is to be opened alone and the other side gives a sign of life. Nothing was changed. */
export class OtherSideAnswersError extends QianyunError {
  override name = 'OtherSideAnswersError'
  readonly code = 'other-side-answers'

  constructor(
    readonly side: string,
    readonly finding: Said,
  ) {
    super(said('other-side-answers', { side, finding }))
  }
}

/** Thrown when a side is to be opened alone and is already open, by a switch with both sides. */
export class SideOpenAlreadyError extends QianyunError {
  override name = 'SideOpenAlreadyError'
  readonly code = 'side-open-already'

  constructor(readonly side: string) {
    super(said('side-open-already', { side }))
  }
}

/** Thrown when a side is to be opened alone after an interrupted copy into it. Nothing was changed. */
export class SideIncompleteError extends QianyunError {
  override name = 'SideIncompleteError'
  readonly code = 'side-incomplete'

  constructor(
    readonly side: string,
    readonly tables: readonly string[],
  ) {
    super(said('side-incomplete', { side, tables, count: tables.length }))
  }
}

/** Thrown when the critical section was aborted before its commit point. The side `from` keeps serving; nothing is lost. */
export class SwitchoverAbortedError extends QianyunError {
  override name = 'SwitchoverAbortedError'
  readonly code = 'switchover-aborted'

  /** The name the side that serves is bound to. */
  readonly openSide: string
  /** Whether replication into the other side runs again; false if its server does not answer. */
  readonly linked: boolean

  constructor(
    readonly part: string,
    side: NamedSide,
    readonly writersWaitedMs: number,
    options: ErrorOptions & { readonly linked?: boolean },
  ) {
    const waitedMs = Math.round(writersWaitedMs)
    super(
      said('switchover-aborted', {
        part,
        cause: saidBy(options.cause),
        side: sideName(side),
        writersWaitedMs: waitedMs,
      }),
      options,
    )
    this.linked = options.linked ?? true
    this.openSide = side.called
  }
}

/** Thrown when the critical section exceeds its deadline. */
export class DeadlineReachedError extends QianyunError {
  override name = 'DeadlineReachedError'
  readonly code = 'deadline-reached'

  constructor(
    readonly part: string,
    readonly deadlineMs: number,
  ) {
    super(said('deadline-reached', { deadlineMs, part }))
  }
}

/** Thrown when a fence lets somebody through, or cannot be proven. */
export class FenceLeaksError extends QianyunError {
  override name = 'FenceLeaksError'
  readonly code = 'fence-leaks'

  constructor(
    readonly database: string,
    readonly leaks: readonly string[],
  ) {
    super(said('fence-leaks', { database, leaks }))
  }
}

/** Thrown when prepared transactions are open, which could commit on the side `from` later. */
export class PreparedTransactionsError extends QianyunError {
  override name = 'PreparedTransactionsError'
  readonly code = 'prepared-transactions'

  constructor(
    readonly database: string,
    readonly count: number,
  ) {
    super(said('prepared-transactions', { database, count }))
  }
}

/** Thrown when transactions stay open for so long that a switch would make writers wait. */
export class TransactionTooLongError extends QianyunError {
  override name = 'TransactionTooLongError'
  readonly code = 'transaction-too-long'

  constructor(
    readonly database: string,
    readonly attempts: number,
    readonly sessions: readonly string[],
  ) {
    super(said('transaction-too-long', { database, attempts, sessions }))
  }
}

/** Thrown when the logins of the application on the side that would be opened could not all be tried in time. */
export class LoginsUntriedError extends QianyunError {
  override name = 'LoginsUntriedError'
  readonly code = 'logins-untried'

  constructor(
    readonly side: string,
    readonly timeoutMs: number,
  ) {
    super(said('logins-untried', { side, timeoutMs }))
  }
}

/** Thrown when a role of the application could not log in to the side that would be opened. */
export class TargetRoleUnfitError extends QianyunError {
  override name = 'TargetRoleUnfitError'
  readonly code = 'target-role-unfit'

  constructor(
    readonly database: string,
    readonly roles: readonly { readonly role: string; readonly reason: Said }[],
  ) {
    super(
      said('target-role-unfit', {
        database,
        roles: roles.map(({ role, reason }) => said('role-unfit', { role, reason })),
      }),
    )
  }
}

/** Thrown when the live direction does not replicate as a switch requires. */
export class ReplicationNotLiveError extends QianyunError {
  override name = 'ReplicationNotLiveError'
  readonly code = 'replication-not-live'

  constructor(
    readonly subscription: string,
    readonly database: string,
    readonly reason: Said,
  ) {
    super(said('replication-not-live', { database, subscription, reason }))
  }
}

/** Thrown when a gap could be neither completed nor undone, because the server that decides does not answer. */
export class OutcomeUnknownError extends QianyunError {
  override name = 'OutcomeUnknownError'
  readonly code = 'outcome-unknown'

  constructor(
    readonly from: string,
    readonly to: string,
    options: ErrorOptions,
  ) {
    super(said('outcome-unknown', { from, to, cause: saidBy(options.cause) }), options)
  }
}

/** Thrown when a pair could not be brought to one open side, because a server that decides does not answer. */
export class PairUnsettledError extends QianyunError {
  override name = 'PairUnsettledError'
  readonly code = 'pair-unsettled'
  readonly refusesUndo = true

  /** The side whose server is waited for. */
  readonly awaited: string

  constructor(
    sides: { readonly from: NamedSide; readonly to: NamedSide },
    awaits: NamedSide,
    readonly waitedMs: number,
    options: ErrorOptions,
  ) {
    const [from, to, awaited] = [sideName(sides.from), sideName(sides.to), sideName(awaits)]
    super(said('pair-unsettled', { from, to, awaited, waitedMs, cause: saidBy(options.cause) }), options)
    this.awaited = awaited
  }
}

/** Thrown when the entry cannot be reached and is not known to lead to the side that serves. */
export class EntryUnsettledError extends QianyunError {
  override name = 'EntryUnsettledError'
  readonly code = 'entry-unsettled'
  readonly refusesUndo = true
  readonly serving: string

  constructor(side: NamedSide) {
    super(said('entry-unsettled', { side: sideName(side) }))
    this.serving = sideName(side)
  }
}

/** Thrown when the side `to` was opened, and a later part of the switch failed. */
export class SwitchUnfinishedError extends QianyunError {
  override name = 'SwitchUnfinishedError'
  readonly code = 'switch-unfinished'

  /** The name the side that serves is bound to. */
  readonly openSide: string

  constructor(side: NamedSide, options: ErrorOptions) {
    super(said('switch-unfinished', { side: sideName(side), cause: saidBy(options.cause) }), options)
    this.openSide = side.called
  }
}

/** Thrown when one side serves after an aborted switch, but its clients could not be resumed. */
export class WritersWaitError extends QianyunError {
  override name = 'WritersWaitError'
  readonly code = 'writers-wait'
  readonly refusesUndo = true

  /** The name the side that serves is bound to. */
  readonly openSide: string

  constructor(
    readonly entry: string,
    side: NamedSide,
    options: ErrorOptions,
  ) {
    super(said('writers-wait', { side: sideName(side), entry, cause: saidBy(options.cause) }), options)
    this.openSide = side.called
  }
}

/** Thrown when a switch could not end before its latest instant. No client was paused. */
export class WindowClosedError extends QianyunError {
  override name = 'WindowClosedError'
  readonly code = 'window-closed'

  constructor(
    readonly notAfterMs: number,
    readonly side: NamedSide,
  ) {
    super(said('window-closed', { notAfter: new Date(notAfterMs).toISOString(), side: sideName(side) }))
  }
}
