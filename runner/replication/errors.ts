import { QianyunError } from '../../domain/errors.ts'

/** Thrown when something would end the way back, or remove data, of a side that is not closed. */
export class OldSideNotClosedError extends QianyunError {
  override name = 'OldSideNotClosedError'
  readonly code = 'old-side-not-closed'

  constructor(
    readonly database: string,
    readonly found: 'open' | 'unknown',
  ) {
    super(
      `Database "${database}" is recorded as "${found}", where "closed" was expected: only a side that a switchover has closed is disarmed and wiped. Name the side that was left.`,
    )
  }
}

/** Thrown when something would be disposed of before its date. */
export class TooEarlyError extends QianyunError {
  override name = 'TooEarlyError'
  readonly code = 'too-early'

  constructor(readonly notBefore: string) {
    super(
      `Nothing is disarmed or wiped before "${notBefore}": until then old data and way back are kept, whoever asks. Run the step again after that date.`,
    )
  }
}

/** @throws TooEarlyError */
export function assertNotBefore(notBefore: string): void {
  if (Date.now() < Date.parse(notBefore)) throw new TooEarlyError(notBefore)
}

/** Thrown when a step wants to replicate into the side that serves. */
export class SideServesElsewhereError extends QianyunError {
  override name = 'SideServesElsewhereError'
  readonly code = 'side-serves-elsewhere'

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(
      `Replication was asked for from "${from}" to "${to}", but it is not "${from}" that serves and "${to}" that waits. Look at which side is open; to go back, run a "postgres-switchover" step the other way round.`,
    )
  }
}
