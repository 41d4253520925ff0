import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** The versions of what one run hands to the next that this code reads. The last is what it writes. */
export const stateVersions = [1, 2] as const

/**
 * Thrown when a run is begun with a state of a version this code does not know. It fails the workflow task and not the move:
 * Temporal tries again, and a worker that knows the version goes on where the last one stopped.
 */
export class UnknownStateVersionError extends QianyunError {
  override name = 'UnknownStateVersionError'
  readonly code = 'unknown-state-version'

  constructor(readonly found: unknown) {
    super(said('unknown-state-version', { found: String(found), known: stateVersions }))
  }
}
