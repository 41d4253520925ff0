import { QianyunError } from '../../domain/errors.ts'

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
