import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when running transactions prevent a pause within its limit. The clients were resumed at once. */
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
