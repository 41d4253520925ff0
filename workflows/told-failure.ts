import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow'
import { messageOf } from '../domain/errors.ts'
import { type FailureDetails, failureDetails } from '../domain/failure-details.ts'
import type { Said } from '../domain/words/message.ts'
import { said, say } from '../domain/words/said.ts'

/** A failure as it is told: by its code, with what its sentence is made of where it has one. */
export interface ToldFailure {
  readonly code: string
  /** In English. */
  readonly message: string
  readonly details: FailureDetails
}

/** What an activity or a child workflow failed of: what it threw itself, or that nobody has heard of it in time. */
export function toldFailure(error: unknown): ToldFailure {
  let cause = error
  let runner = ''
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause) {
    if (cause instanceof ActivityFailure) runner = cause.identity ?? ''
    cause = cause.cause
  }
  if (cause instanceof TimeoutFailure) {
    const { code, values } = timedOut(cause, runner)
    return { code, message: say('en', { code, values }), details: { values } }
  }
  if (!(cause instanceof ApplicationFailure))
    return { code: 'unexpected', message: messageOf(cause), details: {} }
  return {
    code: cause.type ?? 'unexpected',
    message: messageOf(cause),
    details: failureDetails(cause.details),
  }
}

function timedOut({ timeoutType, message }: TimeoutFailure, runner: string): Said {
  return timeoutType === 'HEARTBEAT'
    ? said('runner-lost', { runner })
    : said('runner-took-too-long', { runner, message })
}
