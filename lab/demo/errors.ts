import { QianyunError } from '../../domain/errors.ts'
import { says } from './sentences.ts'

/** Thrown when a flag of the demo is not given the number it wants. */
export class DemoFlagError extends QianyunError {
  override name = 'DemoFlagError'
  readonly code = 'demo-flag'

  constructor(
    readonly flag: string,
    readonly found: string,
    readonly least: number,
  ) {
    super(says.wrongNumber(flag, found, least))
  }
}

/** Thrown for a system that the demo does not have. */
export class DemoSystemError extends QianyunError {
  override name = 'DemoSystemError'
  readonly code = 'demo-system'

  constructor(
    readonly found: string,
    readonly known: readonly string[],
  ) {
    super(says.wrongSystem(found, known))
  }
}

/** Thrown when the demo's move comes to where no demo should: `sentence` says what was found. */
export class DemoFailedError extends QianyunError {
  override name = 'DemoFailedError'
  readonly code = 'demo-failed'

  constructor(readonly sentence: string) {
    super(sentence)
  }
}
