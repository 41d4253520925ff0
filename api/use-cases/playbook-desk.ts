import { WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common'
import { failureDetails } from '../../domain/failure-details.ts'
import { jsonDigest } from '../../storage/digest.ts'
import { orchestratorQueue } from '../../workflows/migration/messages.ts'
import {
  playbookDeskWorkflow,
  type PlaybookDeskAnswer,
  type PlaybookDeskInput,
} from '../../workflows/playbook-desk/messages.ts'
import type { ApiContext } from '../context.ts'
import { NotAnsweredError } from '../../moves/errors.ts'
import { PlaybookFailedError } from '../errors/asked.ts'
import { meaningOf } from '../../moves/temporal-answers.ts'

const timeoutMs: Readonly<Record<PlaybookDeskInput['ask'], number>> = {
  plan: 120_000,
  steps: 60_000,
}

type AnswerTo<A extends PlaybookDeskInput['ask']> = Extract<PlaybookDeskAnswer, { ask: A }>

/**
 * Puts a question about a playbook to the runner, which alone reaches the hosts.
 * @throws PlaybookFailedError NotAnsweredError
 */
export async function askDesk<A extends PlaybookDeskInput['ask']>(
  { temporal }: Pick<ApiContext, 'temporal'>,
  input: PlaybookDeskInput & { readonly ask: A },
  requestId: string,
): Promise<AnswerTo<A>> {
  const withinMs = timeoutMs[input.ask]
  try {
    const answer: unknown = await temporal.withDeadline<unknown>(Date.now() + withinMs + 2_000, () =>
      temporal.workflow.execute(playbookDeskWorkflow, {
        // Another question under the same key is another question.
        workflowId: `playbook-desk/${requestId}/${jsonDigest(input).slice(0, 16)}`,
        taskQueue: orchestratorQueue,
        args: [input],
        workflowExecutionTimeout: withinMs,
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    )
    return answer as AnswerTo<A>
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw failureOf(error)
    throw meaningOf(error) ?? error
  }
}

/** Codes are the explained errors' own; what else fails in there is a fault of ours, and stays inside. */
function failureOf(error: WorkflowFailedError): Error {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && /^[a-z][a-z0-9-]+$/.test(cause.type ?? '')) {
      return new PlaybookFailedError({
        code: cause.type ?? '',
        values: failureDetails(cause.details).values ?? {},
        message: cause.message,
      })
    }
    if (cause instanceof TimeoutFailure) return new NotAnsweredError('not-answered-in-time', error)
  }
  return error
}
