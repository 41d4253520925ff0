import pg from 'pg'
import { QianyunError } from '../../../domain/errors.ts'
import { DatabaseUnreachableError, NoAnswerInTimeError } from './errors.ts'

/** What ends a connection, or refuses one, whatever was asked: the server's own sentence names no server. */
const ofTheConnection = /^(08...|28...|57P0[1-4]|53300|3D000)$/

/** Whose connection it is, and the name it has on the server. */
export interface Named {
  /** As sentences name it. */
  readonly server: string
  readonly connection: string
  /** How long an answer is waited for. */
  readonly answersWithinMs?: number | undefined
}

/** @see https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js `query_timeout` */
const isLate = (error: Error): boolean => error.message === 'Query read timeout'

/**
 * The same client, whose failures name the server: the driver's and the system's own text, as "Connection terminated" or ECONNREFUSED, tells
 * nobody whose connection was lost. What a server answers keeps its SQLSTATE.
 */
export function naming(client: pg.Client, named: Named): pg.Client {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  const asked = (...args: unknown[]): unknown => {
    const answer = query(...args)
    return answer instanceof Promise ? answer.catch((error: unknown) => fail(error, named)) : answer
  }
  return Object.assign(client, { query: asked })
}

/** Whether an error is the driver's or the system's own, of a connection; what a server has answered is none. */
export function isOfConnection(error: unknown): error is Error {
  const isOther = [QianyunError, TypeError, pg.DatabaseError].some((one) => error instanceof one)
  return error instanceof Error && !isOther
}

/** Throws what a failure of this connection comes to. @throws DatabaseUnreachableError, and what the server has answered */
export function fail(error: unknown, named: Named): never {
  const { answersWithinMs } = named
  if (isOfConnection(error)) {
    const isCut = answersWithinMs !== undefined && isLate(error)
    throw new DatabaseUnreachableError(named, {
      cause: isCut ? new NoAnswerInTimeError(answersWithinMs) : error,
    })
  }
  if (!(error instanceof pg.DatabaseError)) throw error
  if (ofTheConnection.test(error.code ?? '') && !error.message.startsWith(named.server))
    error.message = `${named.server}: ${error.message}`
  throw error
}
