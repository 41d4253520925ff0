import { QianyunError } from '../../../domain/errors.ts'

/** Thrown when something would end the way back, or remove data, of a side that is not closed. */
export class OldSideNotClosedError extends QianyunError {
  override name = 'OldSideNotClosedError'
  readonly code = 'old-side-not-closed'

  constructor(
    readonly database: string,
    readonly found: 'open' | 'unknown',
  ) {
    super(
      `The side ${database} is recorded as "${found}", where "closed" was expected: only a side that a switchover has closed is disarmed and wiped. Name the old side.`,
    )
  }
}

/** Thrown when a step wants to replicate into the side that serves. */
export class SideServesElsewhereError extends QianyunError {
  override name = 'SideServesElsewhereError'
  readonly code = 'side-serves-elsewhere'

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(
      `Replication was asked for from ${from} to ${to}, but ${from} is not the side that serves, or ${to} is not closed. Look at which side is open; to go back, run a "postgres-switchover" step the other way round.`,
    )
  }
}

/** Thrown when a side that was to serve in one generation does not, or no longer. */
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
    const recorded =
      found === undefined
        ? 'not on record'
        : `recorded as "${found.state}" in generation ${String(found.generation)}`
    const expected = generation === undefined ? '' : ` in generation ${String(generation)}`
    super(
      `The new side ${database} is ${recorded}, where "open"${expected} was expected. A switch is under way, or was made outside the move: look at which side serves.`,
    )
    this.foundState = found?.state
    this.foundGeneration = found?.generation
  }
}

/** Thrown when the side that is to serve cannot be asked whether it does. */
export class NewSideUnknownError extends QianyunError {
  override name = 'NewSideUnknownError'
  readonly code = 'new-side-unknown'

  constructor(
    readonly database: string,
    options: ErrorOptions,
  ) {
    const cause = options.cause instanceof Error ? options.cause.message : String(options.cause)
    super(
      `Whether the new side ${database} serves cannot be read there: ${cause} Bring its server back.`,
      options,
    )
  }
}
