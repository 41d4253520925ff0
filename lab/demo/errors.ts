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

/** Thrown for a way to the database that the demo does not have. */
export class DemoWayError extends QianyunError {
  override name = 'DemoWayError'
  readonly code = 'demo-way'

  constructor(
    readonly found: string,
    readonly known: readonly string[],
  ) {
    super(says.wrongWay(found, known))
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
