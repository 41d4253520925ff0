import { QianyunError } from '../../../../domain/errors.ts'

/** Thrown when rsync fails on either side. */
export class SyncFailedError extends QianyunError {
  override name = 'SyncFailedError'
  readonly code = 'sync-failed'

  constructor(
    readonly from: string,
    readonly to: string,
    readonly exitCodes: readonly [number, number],
    readonly said: string,
  ) {
    super(
      `Synchronising files from "${from}" to "${to}" failed: rsync ended with ${exitCodes[0]} there and ${exitCodes[1]} here, expected 0 and 0: "${said.trim().split('\n').slice(-3).join(' / ').slice(0, 600)}". Check that rsync is installed on both and that both folders may be read and written.`,
    )
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
    super(
      `The rsync of "${host}" asks for the option "${option}" on the other side, which was not asked for. It may be of an unknown version, or not rsync at all: look at it before going on.`,
    )
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
    super(
      `After ${passes} passes ${changes} entries still had to be changed${differing === undefined ? '' : ` and ${differing} differ by checksum`}, expected none. Stop what writes to the files, or allow more passes.`,
    )
  }
}
