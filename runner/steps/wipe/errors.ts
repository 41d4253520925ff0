import { QianyunError } from '../../../domain/errors.ts'

/** Thrown when something is still there after it was removed. */
export class NotWipedError extends QianyunError {
  override name = 'NotWipedError'
  readonly code = 'not-wiped'

  constructor(readonly left: readonly string[]) {
    super(
      `Still there after the removal: ${left.map((one) => `"${one}"`).join(', ')}. Find out what keeps or makes it anew, then run the step again.`,
    )
  }
}
