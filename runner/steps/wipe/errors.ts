import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when data still exists after its removal. */
export class NotWipedError extends QianyunError {
  override name = 'NotWipedError'
  readonly code = 'not-wiped'

  constructor(readonly left: readonly string[]) {
    super(said('not-wiped', { left }))
  }
}
