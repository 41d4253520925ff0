import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'

/** Thrown when a recorded event arrives again with another content, because two writers write the same move. */
export class EventConflictError extends QianyunError {
  override name = 'EventConflictError'
  readonly code = 'event-conflict'

  constructor(
    readonly migration: string,
    readonly sequence: number,
    readonly stored: string,
    readonly offered: string,
  ) {
    super(said('event-conflict', { sequence, migration, stored, offered }))
  }
}

/** Thrown when events are missing between the recorded ones and the new ones. */
export class EventGapError extends QianyunError {
  override name = 'EventGapError'
  readonly code = 'event-gap'

  constructor(
    readonly migration: string,
    readonly expected: number,
    readonly found: number,
  ) {
    super(said('event-gap', { found, migration, expected }))
  }
}

/** Thrown when a request that launched one plan arrives again for another plan. */
export class LaunchExistsError extends QianyunError {
  override name = 'LaunchExistsError'
  readonly code = 'request-id-reused'

  constructor(
    readonly launched: string,
    readonly offered: string,
  ) {
    super(said('request-id-reused', { first: launched }))
  }
}

/** Thrown when a command arrives under the id of another one. */
export class RequestReusedError extends QianyunError {
  override name = 'RequestReusedError'
  readonly code = 'request-id-reused'

  constructor(readonly requestId: string) {
    super(said('request-id-reused'))
  }
}

/** Thrown when a plan with the same name and another content exists. */
export class PlanExistsError extends QianyunError {
  override name = 'PlanExistsError'
  readonly code = 'plan-exists'

  constructor(
    readonly plan: string,
    readonly digest: string,
  ) {
    super(said('plan-exists', { plan, digest }))
  }
}

/** Thrown when the same version of a report exists with another content. */
export class ReportExistsError extends QianyunError {
  override name = 'ReportExistsError'
  readonly code = 'report-exists'

  constructor(
    readonly migration: string,
    readonly version: number,
  ) {
    super(said('report-exists', { version, migration }))
  }
}

/** Thrown when an entry of the ledger is another programme's, or its department is. */
export class OthersRowError extends QianyunError {
  override name = 'OthersRowError'
  readonly code = 'others-row'

  constructor(readonly system: string) {
    super(said('others-row', { system }))
  }
}
