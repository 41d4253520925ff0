import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common'
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
    if (/WorkflowNotReady|UpdateUnknown|UnregisteredUpdate/i.test(cause.type)) return notReady(error)
    return new CommandRefusedError(cause.type, cause.message)
  }
  return notReady(error)
}

const notReady = (cause: unknown) =>
  new NotAnsweredError(
    'workflow-not-ready',
    'The move is not ready to take commands at this moment. Try again in a moment.',
    cause,
  )

const late = (cause: unknown) =>
  new NotAnsweredError(
    'not-answered-in-time',
    'No worker answered in time. See that the workers run, and send the same again with the same Idempotency-Key: it is carried out once.',
    cause,
  )

const unavailable = (cause: unknown) =>
  new NotAnsweredError('temporal-unavailable', 'Temporal does not answer. Try again in a moment.', cause)
