import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common'
import { failureDetails } from '../domain/failure-details.ts'
import { recordAway } from '../workflows/migration/messages.ts'
import { CommandRefusedError, NotAnsweredError } from './errors.ts'

/**
 * What an error of Temporal's client means here: a refusal by the workflow's rules, or somebody who does not answer.
 * Undefined when it is neither; `WorkflowNotFoundError` is left to the caller, who knows what was looked for.
 */
export function meaningOf(error: unknown): CommandRefusedError | NotAnsweredError | undefined {
  if (error instanceof WorkflowUpdateFailedError) return ofFailedUpdate(error)
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return late(error)
  if (error instanceof WorkflowNotFoundError) return undefined
  const service = error instanceof ServiceError ? error.cause : error
  if (!isGrpcServiceError(service)) {
    return error instanceof ServiceError ? unavailable(error) : undefined
  }
  // A worker that fails while the Update is on its way: the Update has not been taken.
  if (/WorkflowNotReady|workflow task/i.test(service.details)) return notReady(error)
  const code: number = service.code
  return code === deadlineExceeded || code === cancelled ? late(error) : unavailable(error)
}

const cancelled = 1
const deadlineExceeded = 4

function ofFailedUpdate(error: WorkflowUpdateFailedError): CommandRefusedError | NotAnsweredError {
  const { cause } = error
  if (cause instanceof ApplicationFailure && cause.type !== null && cause.type !== undefined) {
    if (cause.type === recordAway) return unavailable(error)
    if (/WorkflowNotReady|UpdateUnknown|UnregisteredUpdate/i.test(cause.type)) return notReady(error)
    return new CommandRefusedError({
      code: cause.type,
      values: failureDetails(cause.details).values ?? {},
      message: cause.message,
    })
  }
  return notReady(error)
}

const notReady = (cause: unknown) => new NotAnsweredError('workflow-not-ready', cause)

const late = (cause: unknown) => new NotAnsweredError('not-answered-in-time', cause)

const unavailable = (cause: unknown) => new NotAnsweredError('temporal-unavailable', cause)
