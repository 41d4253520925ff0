import { obstaclesIn } from '../census/judge.ts'
import { assertFit, findingsBeforePause } from '../census/findings.ts'
import { EntryPointsElsewhereError } from '../pgbouncer/errors.ts'
import type { SidesSeen } from './check-sides.ts'
import { type Parts, place, sameTarget, targetOf } from './parts.ts'
import type { SwitchPlan } from './plan.ts'

/**
 * Refuses whoever has come to a side since the checks: a session or an entry past the one that is paused, a slot, a subscription, a
 * background worker, or another target of the entry. Nobody waits yet, and the look takes milliseconds.
 * @returns the processes of the entry's sessions on the side `from`
 * @throws CensusRefusedError, EntryPointsElsewhereError
 */
export async function assertNobodyNew(
  plan: SwitchPlan,
  { from, to, console }: Pick<Parts, 'from' | 'to' | 'console'>,
  { goesBack }: Pick<SidesSeen, 'goesBack'>,
): Promise<readonly number[]> {
  const began = performance.now()
  const { entry, waivers, wasWaived } = plan
  const findings = await findingsBeforePause(from, to, { waivers, wasWaived, entry, console })
  const running = await console.look(entry.name)
  plan.say(`looked once more for strangers in ${Math.round(performance.now() - began)} ms`)
  if (goesBack)
    for (const { message } of obstaclesIn(findings)) plan.say(`not refused on the way back: ${message.en}`)
  assertFit(findings, { goesBack })
  if (!sameTarget(running, targetOf(plan.from)))
    throw new EntryPointsElsewhereError(
      entry.name,
      place({ ...running, address: running.host }),
      place(plan.from),
    )
  return console.serverPids(entry.name)
}
