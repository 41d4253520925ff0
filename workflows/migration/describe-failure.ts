import { shortened } from '../../domain/errors.ts'
import { maskedIn } from '../../domain/failure-details.ts'
import type { StepFailure } from '../../domain/move/event.ts'
import type { RecordedReason } from '../../domain/move/recorded-reason.ts'
import { maskSecrets } from '../../domain/secret-text.ts'
import { toldFailure } from '../told-failure.ts'

/** Why an activity or a playbook failed, as a move keeps it: by its own code, without a secret in it. */
export function describeFailure(error: unknown): StepFailure {
  const { code, message, details } = toldFailure(error)
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
