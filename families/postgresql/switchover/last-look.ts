import { obstaclesIn } from '../census/judge.ts'
import { assertFit, findingsBeforePause } from '../census/findings.ts'
import type { SidesSeen } from './check-sides.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan } from './plan.ts'

/**
 * Refuses whoever has come to a side since the checks: a session or an entry past the one that is paused, a slot, a subscription, a
 * background worker, or another target of the entry. Nobody waits yet, and the look takes milliseconds.
 * @returns the processes of the entry's sessions on the side `from`
 * @throws CensusRefusedError, EntryPointsElsewhereError
 */
export async function assertNobodyNew(
  plan: SwitchPlan,
  { from, to, entry }: Pick<Parts, 'from' | 'to' | 'entry'>,
  { goesBack }: Pick<SidesSeen, 'goesBack'>,
): Promise<readonly number[]> {
  const began = performance.now()
  const { waivers, wasWaived } = plan
  const findings = await findingsBeforePause(from, to, { waivers, wasWaived, entry: entry.toLookAt() })
  plan.say(`looked once more for strangers in ${Math.round(performance.now() - began)} ms`)
  if (goesBack)
    for (const { message } of obstaclesIn(findings)) plan.say(`not refused on the way back: ${message.en}`)
  assertFit(findings, { goesBack })
  await entry.assertLeadsTo(plan.from)
  return entry.sessions(from)
}
