import { isOfConnection } from '../server/naming.ts'
import { NoAnswerInTimeError } from '../server/errors.ts'
import { PoolerUnreachableError } from './errors.ts'

/** What a failure of a connection to a console comes to; what pgbouncer has answered stays. */
export function unreachable(
  { address, port }: { readonly address: string; readonly port: number },
  error: unknown,
): unknown {
  return isOfConnection(error) || error instanceof NoAnswerInTimeError
    ? new PoolerUnreachableError(`${address}:${String(port)}`, { cause: error })
    : error
}
