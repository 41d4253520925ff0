import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when pgbouncer does not know the entry a step is to switch. */
export class EntryUnknownError extends QianyunError {
  override name = 'EntryUnknownError'
  readonly code = 'entry-unknown'

  constructor(
    readonly entry: string,
    readonly where: string,
    readonly known: readonly string[],
  ) {
    super(said('entry-unknown', { where, entry, known }))
  }
}

/** Thrown when an entry pools whole sessions: a pause would wait for every client to leave. */
export class SessionPoolingError extends QianyunError {
  override name = 'SessionPoolingError'
  readonly code = 'session-pooling'

  constructor(readonly entry: string) {
    super(said('session-pooling', { entry }))
  }
}

/** Thrown when running transactions kept an entry from pausing within the bound. Its clients were let go on at once. */
export class PauseTimedOutError extends QianyunError {
  override name = 'PauseTimedOutError'
  readonly code = 'pause-timed-out'

  constructor(
    readonly entry: string,
    readonly waitedMs: number,
  ) {
    super(said('pause-timed-out', { entry, waitedMs }))
  }
}

/** Thrown when not every process of pgbouncer at an address can be told what to do: its clients would not follow a switch. */
export class PoolerProcessLostError extends QianyunError {
  override name = 'PoolerProcessLostError'
  readonly code = 'pooler-process-lost'

  constructor(
    readonly where: string,
    readonly reached: number,
    readonly reason: string,
  ) {
    super(said('pooler-process-lost', { where, reached, reason }))
  }
}

/** Thrown when an entry has no line of its own: the line for all names leads its clients on, and cannot be pointed for it alone. */
export class EntryCaughtByAllError extends QianyunError {
  override name = 'EntryCaughtByAllError'
  readonly code = 'entry-caught-by-all'

  constructor(
    readonly entry: string,
    readonly file: string,
    /** The line to write. */
    readonly line: string,
  ) {
    super(said('entry-caught-by-all', { entry, file, line }))
  }
}

/** Thrown when an entry's line is in a file that the named one includes. */
export class EntryInIncludedFileError extends QianyunError {
  override name = 'EntryInIncludedFileError'
  readonly code = 'entry-in-included-file'

  constructor(
    readonly entry: string,
    readonly file: string,
    readonly included: string,
  ) {
    super(said('entry-in-included-file', { entry, file, included }))
  }
}

/** Thrown when a RELOAD leaves pgbouncer as it was: a switch would be made, and its clients not follow. */
export class ReloadIgnoredError extends QianyunError {
  override name = 'ReloadIgnoredError'
  readonly code = 'reload-ignored'

  constructor(
    readonly file: string,
    readonly entry: string,
    readonly took: number,
    readonly processes: number,
  ) {
    super(said('reload-ignored', { file, entry, took, processes }))
  }
}

/** Thrown when the running pgbouncer and its file do not say what a step needs them to say. */
export class EntryPointsElsewhereError extends QianyunError {
  override name = 'EntryPointsElsewhereError'
  readonly code = 'entry-points-elsewhere'

  constructor(
    readonly entry: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(said('entry-points-elsewhere', { entry, found, expected }))
  }
}
