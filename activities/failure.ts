import { ApplicationFailure } from '@temporalio/common'
import { QianyunError, shortened } from '../domain/errors.ts'
import { bounded } from '../domain/words/said.ts'
import type { FailureDetails } from '../domain/failure-details.ts'

type Activities = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

/** Codes of situations that may resolve themselves: Temporal retries. All other explained errors wait for a person. */
const passing: ReadonlySet<string> = new Set([
  'host-unreachable',
  'connection-lost',
  'database-unreachable',
  'connect-timeout',
  'own-database-away',
])

/**
 * The same activities, with every explained error turned into a failure whose type is the error's code and whose message
 * is its sentence. An unexplained error is a defect and stays as it is: it is retried and seen.
 */
export function explained<A extends Activities>(activities: A): A {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (...args: never[]) => {
      try {
        return await run(...args)
      } catch (error) {
        throw error instanceof QianyunError ? asFailure(error) : error
      }
    },
  ])
  return Object.fromEntries(wrapped) as A
}

/** An explained error as Temporal carries it. */
export function asFailure(error: QianyunError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.code,
    message: shortened(error.message),
    nonRetryable: !passing.has(error.code),
    ...(error.told && { details: [{ values: bounded(error.told.values) } satisfies FailureDetails] }),
    cause: error,
  })
}
