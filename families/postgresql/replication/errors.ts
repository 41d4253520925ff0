import { QianyunError, saidBy } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when the way back would be ended, or data be removed, although the old side is not closed. */
export class OldSideNotClosedError extends QianyunError {
  override name = 'OldSideNotClosedError'
  readonly code = 'old-side-not-closed'

  constructor(
    readonly database: string,
    readonly found: 'open' | 'unknown',
  ) {
    super(said('old-side-not-closed', { database, found }))
  }
}

/** Thrown when a step wants to replicate into the side that serves. */
export class SideServesElsewhereError extends QianyunError {
  override name = 'SideServesElsewhereError'
  readonly code = 'side-serves-elsewhere'
  readonly refusesUndo = true

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(said('side-serves-elsewhere', { from, to }))
  }
}

/** Thrown when replication can never catch up, because its publisher has removed the WAL it needs. */
export class LinkLostError extends QianyunError {
  override name = 'LinkLostError'
  readonly code = 'link-lost'

  constructor(
    readonly slot: string,
    readonly from: string,
    readonly to: string,
    readonly found: 'lost' | 'missing',
  ) {
    super(said('link-lost', { slot, from, to, found }))
  }
}

/** Thrown when a side does not serve, or not in the expected generation. */
export class NewSideNotServingError extends QianyunError {
  override name = 'NewSideNotServingError'
  readonly code = 'new-side-not-serving'
  readonly foundState: 'open' | 'closed' | undefined
  readonly foundGeneration: number | undefined

  constructor(
    readonly database: string,
    readonly generation: number | undefined,
    found: { readonly state: 'open' | 'closed'; readonly generation: number } | undefined,
  ) {
    super(
      said('new-side-not-serving', {
        database,
        foundState: found?.state,
        foundGeneration: found?.generation,
        generation,
      }),
    )
    this.foundState = found?.state
    this.foundGeneration = found?.generation
  }
}

/** Thrown when a side cannot be asked whether it serves. */
export class NewSideUnknownError extends QianyunError {
  override name = 'NewSideUnknownError'
  readonly code = 'new-side-unknown'

  constructor(
    readonly database: string,
    options: ErrorOptions,
  ) {
    super(said('new-side-unknown', { database, cause: saidBy(options.cause) }), options)
  }
}
