import { QianyunError } from '../../domain/errors.ts'

/** Thrown when a plan names a procedure its kind does not carry out: a mistake in the kind. */
export class ProcedureNotCarriedOutError extends QianyunError {
  override name = 'ProcedureNotCarriedOutError'
  readonly code = 'procedure-not-carried-out'

  constructor(readonly procedure: string) {
    super(`The procedure "${procedure}" has nobody to carry it out. Report this as a fault of its step kind.`)
  }
}
