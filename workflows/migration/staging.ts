import { patched } from '@temporalio/workflow'
import type { RecordedReason } from '../../domain/move/recorded-reason.ts'
import type { Course } from './course.ts'
import { deployments } from './phases/deploy.ts'
import { copyToStaging } from './phases/rehearsal.ts'

/** A staging host that is gone must not hold up the end of a move for long. */
const longest = '5 minutes'

/**
 * Takes the copy of the data off staging, and what was deployed there, as far as it goes.
 * @returns what is left of it.
 */
export async function clearStaging(course: Course): Promise<readonly RecordedReason[]> {
  // Moves that ended before there was such a step are replayed without it.
  if (!patched('staging-is-cleared')) return []
  const left: RecordedReason[] = []
  for (const occasion of [copyToStaging, ...deployments(course.m.plan, 'staging').toReversed()])
    left.push(...(await course.undo(occasion, { role: 'staging', longest })))
  return left
}
