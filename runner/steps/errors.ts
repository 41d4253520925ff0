import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a plan names a procedure its kind does not carry out: a mistake in the kind. */
export class ProcedureNotCarriedOutError extends QianyunError {
  override name = 'ProcedureNotCarriedOutError'
  readonly code = 'procedure-not-carried-out'

  constructor(readonly procedure: string) {
    super(said('procedure-not-carried-out', { procedure }))
  }
}
