import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when jobs of the system run in a way that cannot be switched off: they would run on both sides. */
export class JobsNotSwitchableError extends QianyunError {
  override name = 'JobsNotSwitchableError'
  readonly code = 'jobs-not-switchable'

  constructor(
    readonly host: string,
    readonly jobs: readonly string[],
  ) {
    super(said('jobs-not-switchable', { host, jobs }))
  }
}
