import { zoneOf } from '../../domain/plan/places.ts'
import { isCancellation } from '@temporalio/workflow'
import type { PlaybookOutcome, StepOutcome } from '../../domain/playbook/outcome.ts'
import { switchesIn } from '../../domain/playbook/outcome.ts'
import type { RunRequest, StepGroup } from '../../domain/plan/run-request.ts'
import { upgradePlan } from '../../domain/plan/upgrade.ts'
import { toldFailure } from '../told-failure.ts'
import { steps } from './activities.ts'
import type { PlaybookRunInput } from './messages.ts'

/**
 * Carries one playbook out: consecutive steps on one host in one activity. It stops at a step that fails, at a step a
 * person does and, where asked, at the switch; run again with the same run id it goes on there.
 */
export async function playbook(input: PlaybookRunInput): Promise<PlaybookOutcome> {
  const { finishedTasks, stopAtSwitch } = input
  const request = { ...input.request, plan: upgradePlan(input.request.plan) }
  const groups = await steps(zoneOf(request.plan, 'target')).describePlaybook({ request })
  const done: StepOutcome[] = []
  for (const group of groups) {
    if (group.person) {
      if (finishedTasks.includes(group.person.step)) continue
      return { done, waiting: group.person }
    }
    const outcome = await runGroup(request, group)
    done.push(...outcome.done)
    if (outcome.failure) return { ...outcome, done }
    if (stopAtSwitch && switchesIn(outcome).length > 0) return { done, switched: true }
  }
  return { done }
}

async function runGroup(request: RunRequest, group: StepGroup): Promise<PlaybookOutcome> {
  try {
    return await steps(group.zone).runSteps({ request, steps: group.steps })
  } catch (error) {
    if (isCancellation(error)) throw error
    const { code, message, details } = toldFailure(error)
    const { values } = details
    return {
      done: [],
      failure: { step: group.steps.join(', '), code, message, ...(values && { values }), lost: true },
    }
  }
}
