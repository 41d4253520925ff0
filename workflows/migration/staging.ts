import { patched } from '@temporalio/workflow'
import type { RecordedReason } from '../../domain/move/recorded-reason.ts'
import { clearStagingStep } from '../../domain/move/settlement.ts'
import { said } from '../../domain/words/said.ts'
import type { Course } from './course.ts'
import { attestTracked } from './tracked.ts'
import { failing } from './failing.ts'
import { deployments } from './phases/deploy.ts'
import { copyToStaging } from './phases/rehearsal.ts'

/** A staging host that is gone must not hold up the end of a move for long. */
const longest = '5 minutes'

/**
 * Takes the copy of the data off staging, and what was deployed there. What is left of it blocks the move, until a person has it tried
 * again, or leaves it with a reason.
 * @returns what is left of it.
 */
export async function clearStaging(course: Course): Promise<readonly RecordedReason[]> {
  if (course.m.plan.tracked !== undefined) {
    await course.step(clearStagingStep, async () => attestTracked(course, 'staging-cleared'))
    return []
  }
  // Moves that ended before there was such a step are replayed without it.
  if (!patched('staging-is-cleared')) return []
  let left = await undone(course)
  if (left.length === 0 || !patched('staging-is-tried-again')) return left
  await course.step(clearStagingStep, async (attempt) => {
    if (attempt > 1) left = await undone(course)
    if (left.length > 0) throw failing(said('staging-left', { left }))
  })
  return left
}

async function undone(course: Course): Promise<readonly RecordedReason[]> {
  const left: RecordedReason[] = []
  for (const occasion of [copyToStaging, ...deployments(course.m.plan, 'staging').toReversed()])
    left.push(...(await course.undo(occasion, { role: 'staging', longest })))
  return left
}
