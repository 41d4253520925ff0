import type { ApplicationFailure } from '@temporalio/workflow'
import type { SwitchResult } from '../../domain/move/event.ts'
import { writeGapOf } from '../../domain/measurement/write-gap.ts'
import { said } from '../../domain/words/said.ts'
import { failing } from './failing.ts'

/** What a switchover step reported, as the move keeps it. */
export function switchResultOf(result: Readonly<Record<string, unknown>>): SwitchResult {
  const { undoneGaps, generation, anatomyMs, currentUntil, unprovenSequences, jobsOff } = result
  return {
    ...writeGapOf(result),
    ...(Array.isArray(undoneGaps) && undoneGaps.length > 0 ? { undoneGaps: undoneGaps.map(writeGapOf) } : {}),
    ...(result['attested'] === true && { attested: true as const }),
    generation: typeof generation === 'number' ? generation : 0,
    ...(typeof currentUntil === 'string' ? { currentUntilMs: Date.parse(currentUntil) } : {}),
    ...(Array.isArray(unprovenSequences) && unprovenSequences.length > 0
      ? { unprovenSequences: unprovenSequences.map(String) }
      : {}),
    ...(Array.isArray(jobsOff) && jobsOff.length > 0 ? { jobsOff: jobsOff.map(String) } : {}),
    anatomyMs: (anatomyMs ?? {}) as SwitchResult['anatomyMs'],
  }
}

/** The failure of a playbook that was to switch sides and has no step that does. */
export function notASwitch(purpose: 'cutover' | 'rollback'): ApplicationFailure {
  return failing(said('no-switchover-step', { purpose }))
}
