import { QianyunError } from '../../../../domain/errors.ts'
import type { Said } from '../../../../domain/words/message.ts'
import { said } from '../../../../domain/words/said.ts'

/** Thrown when rsync fails on either side. */
export class SyncFailedError extends QianyunError {
  override name = 'SyncFailedError'
  readonly code = 'sync-failed'

  /** `because` says what stood in the way and what helps; `output` are rsync's own last words. */
  constructor(
    readonly from: string,
    readonly to: string,
    readonly exitCodes: readonly [number, number],
    readonly output: string,
    readonly because: Said,
  ) {
    const [fromCode, toCode] = exitCodes
    const lastWords = output.trim().split('\n').slice(-3).join(' / ').slice(0, 600)
    super(
      said('sync-failed', {
        from,
        to,
        fromCode,
        toCode,
        because,
        output: lastWords === '' ? undefined : lastWords,
      }),
    )
  }
}

/** Thrown when a folder with content would have to make way for a file or a link, and nothing may be removed. */
export class TypeChangedError extends QianyunError {
  override name = 'TypeChangedError'
  readonly code = 'file-type-changed'

  constructor(
    readonly from: string,
    readonly to: string,
    /** Below the folder that is synchronised. */
    readonly paths: readonly string[],
  ) {
    super(said('file-type-changed', { from, to, paths }))
  }
}

/** Thrown when a folder without content would empty the other one, as one does whose disk is not mounted. */
export class SourceEmptyError extends QianyunError {
  override name = 'SourceEmptyError'
  readonly code = 'files-source-empty'

  constructor(
    readonly from: string,
    readonly fromPath: string,
    readonly to: string,
    readonly toPath: string,
    readonly removed: number,
  ) {
    super(said('files-source-empty', { from, fromPath, to, toPath, removed }))
  }
}

/** Thrown when most of what was carried is gone at its source, as below a disk that is not mounted. */
export class ManyGoneError extends QianyunError {
  override name = 'ManyGoneError'
  readonly code = 'files-many-gone'

  constructor(
    readonly from: string,
    readonly fromPath: string,
    readonly to: string,
    readonly toPath: string,
    readonly gone: number,
    readonly carried: number,
  ) {
    super(said('files-many-gone', { from, fromPath, to, toPath, gone, carried }))
  }
}

/** Thrown when a file system has fewer inodes left than a pass would make entries, whatever room it has. */
export class TooFewInodesError extends QianyunError {
  override name = 'TooFewInodesError'
  readonly code = 'files-too-few-inodes'

  constructor(
    readonly to: string,
    readonly toPath: string,
    readonly needed: number,
    readonly free: number,
  ) {
    super(said('files-too-few-inodes', { to, toPath, needed, free }))
  }
}

/** Thrown when a host has no rsync. */
export class RsyncMissingError extends QianyunError {
  override name = 'RsyncMissingError'
  readonly code = 'rsync-missing'

  constructor(readonly host: string) {
    super(said('rsync-missing', { host }))
  }
}

/** Thrown when the other side's rsync is to be started with options nobody asked for. */
export class UnexpectedRsyncOptionError extends QianyunError {
  override name = 'UnexpectedRsyncOptionError'
  readonly code = 'unexpected-rsync-option'

  constructor(
    readonly host: string,
    readonly option: string,
  ) {
    super(said('unexpected-rsync-option', { host, option }))
  }
}

/** Thrown when files still differ after the last pass. */
export class NotFlatError extends QianyunError {
  override name = 'NotFlatError'
  readonly code = 'files-not-flat'

  constructor(
    readonly passes: number,
    readonly changes: number,
    readonly differing: number | undefined,
  ) {
    super(said('files-not-flat', { passes, changes, differing }))
  }
}
