import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown for jobs of the system that cannot be switched off and would run on both sides. */
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
