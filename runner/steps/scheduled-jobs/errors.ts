import { QianyunError } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
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

/** Thrown for jobs of the system that cron would not run on the side that is to serve. */
export class JobsNotRunError extends QianyunError {
  override name = 'JobsNotRunError'
  readonly code = 'jobs-not-run'

  constructor(
    readonly host: string,
    readonly problems: readonly Said[],
  ) {
    super(said('jobs-not-run', { host, problems }))
  }
}
