import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a plan contains a procedure that its kind does not carry out, which is a fault of the kind. */
export class ProcedureNotCarriedOutError extends QianyunError {
  override name = 'ProcedureNotCarriedOutError'
  readonly code = 'procedure-not-carried-out'

  constructor(readonly procedure: string) {
    super(said('procedure-not-carried-out', { procedure }))
  }
}
