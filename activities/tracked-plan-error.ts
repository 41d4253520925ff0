import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'

/** Thrown when the engine is to look at, or do something on, the sides of a move that people do. */
export class TrackedPlanError extends QianyunError {
  override name = 'TrackedPlanError'
  readonly code = 'tracked-not-by-engine'

  constructor(readonly system: string) {
    super(said('tracked-not-by-engine', { system }))
  }
}
