import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow'
import { messageOf, shortened } from '../../domain/errors.ts'
import { failureDetails, maskedIn } from '../../domain/failure-details.ts'
import type { StepFailure } from '../../domain/move/event.ts'
import type { RecordedReason } from '../../domain/move/recorded-reason.ts'
import { maskSecrets } from '../../domain/secret-text.ts'

/** Why an activity or a playbook failed, as a move keeps it: by its own code, without a secret in it. */
export function describeFailure(error: unknown): StepFailure {
  let cause = error
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause)
    cause = cause.cause
  const code = cause instanceof ApplicationFailure && cause.type ? cause.type : 'unexpected'
  const message = messageOf(cause)
  const details = cause instanceof ApplicationFailure ? failureDetails(cause.details) : {}
  const { values } = details
  return {
    code,
    message: shortened(maskSecrets(message)),
    ...details,
    ...(values && { values: maskedIn(values, maskSecrets) }),
  }
}

/** A failure as the reason of something else: its word, or its sentence where it has none. */
export function reasonOf({
  code,
  values,
  message,
}: Pick<StepFailure, 'code' | 'values' | 'message'>): RecordedReason {
  return values === undefined ? message : { code, values }
}
