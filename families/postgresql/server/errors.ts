import { QianyunError, saidBy } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when sessions on a database do not end although they were told to. */
export class SessionsStayError extends QianyunError {
  override name = 'SessionsStayError'
  readonly code = 'sessions-stay'

  constructor(
    readonly database: string,
    readonly sessions: readonly string[],
    readonly waitedMs: number,
  ) {
    super(said('sessions-stay', { database, sessions, waitedMs }))
  }
}

/** Thrown when a lock on tables could not be had in time, because somebody else keeps one. */
export class LockNotGottenError extends QianyunError {
  override name = 'LockNotGottenError'
  readonly code = 'lock-not-gotten'

  constructor(
    readonly database: string,
    readonly tables: readonly string[],
    readonly holders: readonly string[],
    readonly waitedMs: number,
  ) {
    super(said('lock-not-gotten', { database, tables, holders, waitedMs }))
  }
}

/** Thrown when a server ends the connection before any client waits. `serving` is absent while nobody has settled which side serves. */
export class ServerLostError extends QianyunError {
  override name = 'ServerLostError'
  readonly code = 'server-lost'

  constructor(
    readonly lost: string,
    readonly serving: string | undefined,
    options: ErrorOptions,
  ) {
    super(said('server-lost', { side: lost, serving, because: saidBy(options.cause) }), options)
  }
}

/** Thrown before anything is written to a server that is a standby, or whose commits wait for one that is not there. */
export class NoWritesTakenError extends QianyunError {
  override name = 'NoWritesTakenError'
  readonly code = 'no-writes-taken'

  constructor(
    readonly side: string,
    readonly reason: Said,
  ) {
    super(said('no-writes-taken', { side, reason }))
  }
}

/** Thrown when what carries our name on a server is somebody else's: nothing of it is read or written. */
export class OwnPlaceTakenError extends QianyunError {
  override name = 'OwnPlaceTakenError'
  readonly code = 'own-place-taken'

  constructor(
    readonly side: string,
    readonly object: string,
    readonly role: string,
  ) {
    super(said('own-place-taken', { side, object, role }))
  }
}

/** Thrown when a server does not take a connection, or ends one: `because` is the driver's or the system's own text. */
export class DatabaseUnreachableError extends QianyunError {
  override name = 'DatabaseUnreachableError'
  readonly code = 'database-unreachable'
  readonly server: string
  readonly connection: string

  constructor({ server, connection }: { server: string; connection: string }, options: ErrorOptions) {
    super(said('database-unreachable', { server, connection, because: saidBy(options.cause) }), options)
    this.server = server
    this.connection = connection
  }
}

/** Thrown when what was asked has not answered in time. */
export class NoAnswerInTimeError extends QianyunError {
  override name = 'NoAnswerInTimeError'
  readonly code = 'no-answer-in-time'

  constructor(readonly timeoutMs: number) {
    super(said('no-answer-in-time', { timeoutMs }))
  }
}
