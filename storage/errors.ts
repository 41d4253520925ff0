import { QianyunError } from '../domain/errors.ts'

/** Thrown when an event comes a second time with another content: two writers believe they hold the same move. */
export class EventConflictError extends QianyunError {
  override name = 'EventConflictError'
  readonly code = 'event-conflict'

  constructor(
    readonly migration: string,
    readonly sequence: number,
    readonly stored: string,
    readonly offered: string,
  ) {
    super(
      `Event ${sequence} of "${migration}" is recorded as "${stored}", but "${offered}" with another content was offered. Nothing was recorded. Two writers hold this move, or it was reset to before what is on record. Find the other and stop it, or reset to a later task.`,
    )
  }
}

/** Thrown when events are missing between those recorded and those offered. */
export class EventGapError extends QianyunError {
  override name = 'EventGapError'
  readonly code = 'event-gap'

  constructor(
    readonly migration: string,
    readonly expected: number,
    readonly found: number,
  ) {
    super(
      `Event ${found} of "${migration}" was offered, but ${expected} has to come first, and the database does not have it. Nothing was recorded. Make sure that this is the right database and that it is whole.`,
    )
  }
}

/** Thrown when a request that launched one plan comes a second time for another. */
export class LaunchExistsError extends QianyunError {
  override name = 'LaunchExistsError'
  readonly code = 'request-id-reused'

  constructor(
    readonly launched: string,
    readonly offered: string,
  ) {
    super(
      `The idempotency key has launched the plan "${launched}" before, and came again for "${offered}". Send what is new under a key of its own.`,
    )
  }
}

/** Thrown when a plan's name is taken by a plan with another content. */
export class PlanExistsError extends QianyunError {
  override name = 'PlanExistsError'
  readonly code = 'plan-exists'

  constructor(
    readonly plan: string,
    readonly digest: string,
  ) {
    super(
      `There is a plan "${plan}" already, with digest "${digest}", and plans are frozen. Give the new one another name.`,
    )
  }
}

/** Thrown when a report's version is stored already with another content. */
export class ReportExistsError extends QianyunError {
  override name = 'ReportExistsError'
  readonly code = 'report-exists'

  constructor(
    readonly migration: string,
    readonly version: number,
  ) {
    super(
      `Version ${version} of the report of "${migration}" is stored already with another content. Issue it as the next version.`,
    )
  }
}
