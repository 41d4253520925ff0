import type { ApplicationFailure } from '@temporalio/workflow'
import type { SwitchResult } from '../../domain/move/event.ts'
import { type StepOutcome, switchesOf } from '../../domain/playbook/outcome.ts'
import { writeGapOf } from '../../domain/measurement/write-gap.ts'
import { said } from '../../domain/words/said.ts'
import { failing } from './failing.ts'

/**
 * What a switch reported, as the move keeps it. Of several datasets that were switched together it is the one whose writers waited longest,
 * a gap that is not known counting as longer, with the worst of what each has lost or leaves open.
 */
export function switchResultOf(reported: StepOutcome['result']): SwitchResult {
  const [first, ...others] = switchesOf(reported).map(({ dataset, result }) => resultOf(result, dataset))
  if (first === undefined) return resultOf({})
  const all = [first, ...others]
  const longest = others.reduce((one, other) => (waitedMs(other) > waitedMs(one) ? other : one), first)
  const currentUntilMs = Math.min(...all.map((one) => one.currentUntilMs ?? Infinity))
  const unprovenSequences = all.flatMap((one) => one.unprovenSequences ?? [])
  const jobsOff = all.flatMap((one) => one.jobsOff ?? [])
  return {
    ...longest,
    ...(currentUntilMs < Infinity && { currentUntilMs }),
    ...(unprovenSequences.length > 0 && { unprovenSequences }),
    ...(jobsOff.length > 0 && { jobsOff }),
  }
}

const waitedMs = ({ gapMs }: SwitchResult): number => gapMs ?? Infinity

function resultOf(result: StepOutcome['result'], dataset?: string): SwitchResult {
  const { undoneGaps, generation, anatomyMs, currentUntil } = result
  const named = (found: unknown): readonly string[] =>
    Array.isArray(found)
      ? found.map((one) => (dataset === undefined ? String(one) : `${dataset}: ${String(one)}`))
      : []
  const [unprovenSequences, jobsOff] = [named(result['unprovenSequences']), named(result['jobsOff'])]
  return {
    ...writeGapOf(result),
    ...(Array.isArray(undoneGaps) && undoneGaps.length > 0 ? { undoneGaps: undoneGaps.map(writeGapOf) } : {}),
    generation: typeof generation === 'number' ? generation : 0,
    ...(result['attested'] === true && { attested: true as const }),
    ...(typeof currentUntil === 'string' ? { currentUntilMs: Date.parse(currentUntil) } : {}),
    ...(unprovenSequences.length > 0 && { unprovenSequences }),
    ...(jobsOff.length > 0 && { jobsOff }),
    anatomyMs: (anatomyMs ?? {}) as SwitchResult['anatomyMs'],
  }
}

/** The failure of a playbook that was to switch sides and has no step that does. */
export function notASwitch(purpose: 'cutover' | 'rollback'): ApplicationFailure {
  return failing(said('no-switchover-step', { purpose }))
}
