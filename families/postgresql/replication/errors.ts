import { QianyunError } from '../../../domain/errors.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'

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

/** Thrown when something would be disposed of that nobody has released. */
export class NotReleasedError extends QianyunError {
  override name = 'NotReleasedError'
  readonly code = 'not-released'

  constructor() {
    super(
      'No release of the old side by its owner is on record. What was left is disarmed and wiped only when a move closes, its retention over and its old side released in writing.',
    )
  }
}

/** Thrown when something would be disposed of before its date. */
export class TooEarlyError extends QianyunError {
  override name = 'TooEarlyError'
  readonly code = 'too-early'

  constructor(readonly notBefore: string) {
    super(
      `Nothing is disarmed or wiped before "${notBefore}": until then old data and way back are kept, whoever asks. Run the step again after that date.`,
    )
  }
}

/**
 * The time is the move's record, which no playbook and no caller chooses.
 * @returns the instant until which the old side had to be kept, ISO 8601
 * @throws NotReleasedError TooEarlyError
 */
export async function assertReleased(context: Pick<StepContext, 'retention'>): Promise<string> {
  const retention = await context.retention()
  if (retention?.release === undefined) throw new NotReleasedError()
  const keptUntil = new Date(retention.untilMs).toISOString()
  if (Date.now() < retention.untilMs) throw new TooEarlyError(keptUntil)
  return keptUntil
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

  constructor(
    readonly database: string,
    readonly generation: number | undefined,
    readonly found: { readonly state: 'open' | 'closed'; readonly generation: number } | undefined,
  ) {
    const recorded =
      found === undefined
        ? 'not on record'
        : `recorded as "${found.state}" in generation ${String(found.generation)}`
    const expected = generation === undefined ? '' : ` in generation ${String(generation)}`
    super(
      `The new side ${database} is ${recorded}, where "open"${expected} was expected. A switch is under way, or was made outside the move: look at which side serves.`,
    )
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
