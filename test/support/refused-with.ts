import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client'
import { ActivityFailure, ApplicationFailure } from '@temporalio/common'

/** The type of the failure that an attempt ends with. */
export async function refusedWith(attempt: Promise<unknown>): Promise<unknown> {
  const error: unknown = await attempt.then(
    () => new Error('it was taken'),
    (found: unknown) => found,
  )
  const isKnown = error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError
  const found = isKnown ? error.cause : error
  const cause = found instanceof ActivityFailure ? found.cause : found
  return cause instanceof ApplicationFailure ? cause.type : cause
}
