import { QianyunError, saidBy } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import type { Said } from '../../../domain/words/message.ts'

/** Thrown when pgbouncer does not know the entry of a step. */
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

/** Thrown when an entry that a rehearsal would make and take away is somebody else's. */
export class EntryOfOthersError extends QianyunError {
  override name = 'EntryOfOthersError'
  readonly code = 'entry-of-others'

  constructor(
    readonly where: string,
    readonly entry: string,
    readonly target: string,
  ) {
    super(said('entry-of-others', { where, entry, target }))
  }
}

/** Thrown when an entry uses session pooling, because a pause would wait for every client to disconnect. */
export class SessionPoolingError extends QianyunError {
  override name = 'SessionPoolingError'
  readonly code = 'session-pooling'

  constructor(readonly entry: string) {
    super(said('session-pooling', { entry }))
  }
}

/** Thrown when pgbouncer does not take a connection to its console, or has ended it: what the driver says names nobody. */
export class PoolerUnreachableError extends QianyunError {
  override name = 'PoolerUnreachableError'
  readonly code = 'pooler-unreachable'

  constructor(
    readonly where: string,
    options: ErrorOptions,
  ) {
    super(said('pooler-unreachable', { where, because: saidBy(options.cause) }), options)
  }
}

/** Thrown when the shell that waits on the entry's host, to replace the file of its lines, ends or says something else. */
export class EntryShellError extends QianyunError {
  override name = 'EntryShellError'
  readonly code = 'entry-shell-failed'
  readonly exitCode: number | undefined
  readonly found: string | undefined

  constructor(what: { exitCode: number } | { found: string; expected: readonly string[] }) {
    super(said('entry-shell-failed', what))
    this.exitCode = 'exitCode' in what ? what.exitCode : undefined
    this.found = 'found' in what ? what.found : undefined
  }
}

/** Thrown when not every process of pgbouncer at an address can be reached: its clients would not follow a switch. */
export class PoolerProcessLostError extends QianyunError {
  override name = 'PoolerProcessLostError'
  readonly code = 'pooler-process-lost'

  constructor(
    readonly where: string,
    readonly reached: number,
    readonly reason: Said,
  ) {
    super(said('pooler-process-lost', { where, reached, reason }))
  }
}

/** Thrown when an entry has no line of its own and is matched by `*`, whose target cannot be changed for one entry alone. */
export class EntryCaughtByAllError extends QianyunError {
  override name = 'EntryCaughtByAllError'
  readonly code = 'entry-caught-by-all'

  constructor(
    readonly entry: string,
    readonly file: string,
    /** The line to add. */
    readonly line: string,
  ) {
    super(said('entry-caught-by-all', { entry, file, line }))
  }
}

/** Thrown when the line of an entry is in a file that the named file includes. */
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

/** Thrown when a RELOAD does not change pgbouncer, whose clients would then not follow a switch. */
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

/**
 * Thrown when a RELOAD changes more than the entry of a step: the files have what nobody has applied yet, or can be read in part only. The
 * running pgbouncer was given its settings back.
 */
export class ReloadChangesMoreError extends QianyunError {
  override name = 'ReloadChangesMoreError'
  readonly code = 'reload-changes-more'

  constructor(
    readonly file: string,
    readonly entry: string,
    /** `pool_mode: transaction → session` */
    readonly settings: readonly string[],
  ) {
    super(said('reload-changes-more', { file, entry, settings }))
  }
}

/** Thrown when the running pgbouncer, or its file, has another target for an entry than a step expects. */
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

/** Thrown when the address of a side means another server to the pooler than to the runner. */
export class EntryReachesElsewhereError extends QianyunError {
  override name = 'EntryReachesElsewhereError'
  readonly code = 'entry-reaches-another-server'

  constructor(
    readonly entry: string,
    /** The place of the side, as the plan names it. */
    readonly named: string,
    /** The server that is there for the pooler. */
    readonly found: string,
  ) {
    super(said('entry-reaches-another-server', { entry, named, found }))
  }
}
