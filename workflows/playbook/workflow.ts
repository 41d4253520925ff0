import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow'
import type { PlaybookOutcome, StepOutcome } from '../../domain/playbook-outcome.ts'
import type { RunRequest, StepGroup } from '../../domain/playbook-run.ts'
import { steps } from './activities.ts'
import type { PlaybookRunInput } from './messages.ts'

/**
 * Carries one playbook out: consecutive steps on one host in one activity. It stops at a step that fails and at a step a
 * person does; run again with the same run id it goes on there.
 */
export async function playbook(input: PlaybookRunInput): Promise<PlaybookOutcome> {
  const { request, finishedTasks } = input
  const groups = await steps(request.plan.hosts.target.zone).describePlaybook({ request })
  const done: StepOutcome[] = []
  for (const group of groups) {
    if (group.person) {
      if (finishedTasks.includes(group.person.step)) continue
      return { done, waiting: group.person }
    }
    const outcome = await runGroup(request, group, input.again)
    done.push(...outcome.done)
    if (outcome.failure) return { ...outcome, done }
  }
  return { done }
}

async function runGroup(request: RunRequest, group: StepGroup, again: boolean): Promise<PlaybookOutcome> {
  try {
    return await steps(group.zone).runSteps({ request, steps: group.steps, again })
  } catch (error) {
    if (isCancellation(error)) throw error
    const cause = error instanceof ActivityFailure ? error.cause : error
    const code = cause instanceof ApplicationFailure && cause.type ? cause.type : 'unexpected'
    const message = cause instanceof Error ? cause.message : String(cause)
    return { done: [], failure: { step: group.steps.join(', '), code, message } }
  }
}
