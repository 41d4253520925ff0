import { QianyunError } from '../../../domain/errors.ts'

/** Thrown when something would be disposed of before its date. */
export class WipeTooEarlyError extends QianyunError {
  override name = 'WipeTooEarlyError'
  readonly code = 'wipe-too-early'

  constructor(readonly notBefore: string) {
    super(
      `Nothing is wiped before "${notBefore}": until then the old data has to be kept, whoever asks. Run the step again after that date.`,
    )
  }
}

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
