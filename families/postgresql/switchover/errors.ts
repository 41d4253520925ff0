import { QianyunError, saidBy } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { type NamedSide, sideName } from '../side-name.ts'

/** Thrown when another run holds the critical section of the same pair. */
export class SwitchoverBusyError extends QianyunError {
  override name = 'SwitchoverBusyError'
  readonly code = 'switchover-busy'

  constructor(readonly database: string) {
    super(
      `Another run switches ${database} at this moment. Wait until it has ended; then look at which side is open before running the step again.`,
    )
  }
}

/** Thrown when both sides say they are open. Nothing is changed: only a person can tell which writes count. */
export class BothSidesOpenError extends QianyunError {
  override name = 'BothSidesOpenError'
  readonly code = 'both-sides-open'

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(
      `Both sides are recorded as open, ${from} and ${to}, and no switch ever leaves them so. Find out who opened the second one, close it by hand, and compare both sides before anything else.`,
    )
  }
}

/** Thrown when both sides are recorded as open because one was opened without the other. Nothing is changed. */
export class SideStaleError extends QianyunError {
  override name = 'SideStaleError'
  readonly code = 'side-stale'

  constructor(
    readonly stale: string,
    readonly staleGeneration: number,
    readonly serving: string,
    readonly generation: number,
  ) {
    super(
      `The side ${stale} is recorded as open in generation ${staleGeneration}, but the side ${serving} was opened without it since and serves in generation ${generation}. What was written on ${stale} alone is nowhere else: copy what is to be kept from it, then drop the database there, or stop its server for good.`,
    )
  }
}

/** Thrown when a side is to be opened alone and the other one, taken for gone, gives a sign of life. Nothing is changed. */
export class OtherSideAnswersError extends QianyunError {
  override name = 'OtherSideAnswersError'
  readonly code = 'other-side-answers'

  constructor(
    readonly side: string,
    readonly found: string,
  ) {
    super(
      `The new side ${side} was expected to be gone, but ${found}. Roll back the ordinary way, which loses nothing. Where that is no longer possible and its data is to be given up, stop its server first; then run the step again.`,
    )
  }
}

/** Thrown when a side is to be opened alone and is open already, by a switch that had both sides. */
export class SideOpenAlreadyError extends QianyunError {
  override name = 'SideOpenAlreadyError'
  readonly code = 'side-open-already'

  constructor(readonly side: string) {
    super(
      `The side ${side} is recorded as "open", where "closed" was expected: it serves, and there is nothing to open. Run the ordinary rollback to finish a switch that was interrupted.`,
    )
  }
}

/** Thrown when the critical section was given up before its commit point. The side left keeps serving; nothing is lost. */
export class SwitchoverAbortedError extends QianyunError {
  override name = 'SwitchoverAbortedError'
  readonly code = 'switchover-aborted'

  /** The name the side that serves is bound to. */
  readonly openSide: string

  constructor(
    readonly part: string,
    side: NamedSide,
    readonly writersWaitedMs: number,
    options: ErrorOptions,
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
    this.openSide = side.role
  }
}

/** Thrown when the critical section took longer than it may. */
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

/** Thrown when a fence let somebody through, or could not be proven. */
export class FenceLeaksError extends QianyunError {
  override name = 'FenceLeaksError'
  readonly code = 'fence-leaks'

  constructor(
    readonly database: string,
    readonly leaks: readonly string[],
  ) {
    super(`The fence around ${database} is not proven: ${leaks.join('; ')}.`)
  }
}

/** Thrown when prepared transactions are open: they would commit on the side that is being left. */
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

/** Thrown when transactions stay open so long that a switch would make writers wait for them. */
export class TransactionTooLongError extends QianyunError {
  override name = 'TransactionTooLongError'
  readonly code = 'transaction-too-long'

  constructor(
    readonly database: string,
    readonly attempts: number,
    readonly sessions: readonly string[],
  ) {
    super(
      `The switchover away from ${database} was postponed ${attempts} times because of long transactions (${sessions.join('; ')}). Writers were not stopped. End these transactions, or choose a quieter time.`,
    )
  }
}

/** Thrown when a role of the application could not work on the side that is about to open. */
export class TargetRoleUnfitError extends QianyunError {
  override name = 'TargetRoleUnfitError'
  readonly code = 'target-role-unfit'

  constructor(
    readonly database: string,
    readonly roles: readonly { readonly role: string; readonly reason: string }[],
  ) {
    super(
      `Roles of the application could not log in to ${database} after the switch: ${roles.map(({ role, reason }) => `"${role}" ${reason}`).join('; ')}. Correct them there; clients would otherwise hang at the entry.`,
    )
  }
}

/** Thrown when the direction that is live does not replicate as it must before a switch. */
export class ReplicationNotLiveError extends QianyunError {
  override name = 'ReplicationNotLiveError'
  readonly code = 'replication-not-live'

  constructor(
    readonly subscription: string,
    readonly database: string,
    readonly reason: string,
  ) {
    super(
      `Replication into ${database} by subscription "${subscription}" is not live: ${reason}. Run the "postgres-replicate" step again, and look at the log of that server.`,
    )
  }
}

/** Thrown when a gap was neither brought to its end nor undone, because what decides does not answer. */
export class OutcomeUnknownError extends QianyunError {
  override name = 'OutcomeUnknownError'
  readonly code = 'outcome-unknown'

  constructor(
    readonly from: string,
    readonly to: string,
    options: ErrorOptions,
  ) {
    const cause = options.cause instanceof Error ? options.cause.message : String(options.cause)
    super(said('outcome-unknown', { from, to, cause }), options)
  }
}

/** Thrown when the new side was opened, and something of what comes afterwards could not be done. */
export class SwitchUnfinishedError extends QianyunError {
  override name = 'SwitchUnfinishedError'
  readonly code = 'switch-unfinished'

  /** The name the side that serves is bound to. */
  readonly openSide: string

  constructor(side: NamedSide, options: ErrorOptions) {
    super(said('switch-unfinished', { side: sideName(side), cause: saidBy(options.cause) }), options)
    this.openSide = side.role
  }
}

/** Thrown when one side serves after a switch was given up, but its clients could not be told to go on. */
export class WritersWaitError extends QianyunError {
  override name = 'WritersWaitError'
  readonly code = 'writers-wait'

  /** The name the side that serves is bound to. */
  readonly openSide: string

  constructor(
    readonly entry: string,
    side: NamedSide,
    options: ErrorOptions,
  ) {
    super(said('writers-wait', { side: sideName(side), entry, cause: saidBy(options.cause) }), options)
    this.openSide = side.role
  }
}

/** Thrown when a switch could not end before the moment it must not run past. Nobody was stopped. */
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
