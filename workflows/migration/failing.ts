import { ApplicationFailure } from '@temporalio/workflow'
import type { FailureDetails } from '../../domain/failure-details.ts'
import type { Said } from '../../domain/words/message.ts'
import { say } from '../../domain/words/said.ts'

/** A failure that waits for a person, with its word, so that whoever shows it says it in the reader's language. */
export function failing(what: Said): ApplicationFailure {
  const details: FailureDetails = { values: what.values }
  return ApplicationFailure.nonRetryable(say('en', what), what.code, details)
}
