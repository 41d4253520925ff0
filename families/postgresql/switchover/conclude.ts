import { readState, rememberSwitch } from '../server/control.ts'
import { readGaps } from './gap-record.ts'
import { readMarkerLsn } from '../replication/marker.ts'
import { otherSuperusers } from '../server/sessions.ts'
import { finish } from './finish.ts'
import { keptResult, onRecord } from './on-record.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan, SwitchResult } from './plan.ts'

/** What the run that carried the critical section out has measured itself. */
export type Measured = Pick<SwitchResult, 'gapMs' | 'anatomyMs' | 'sessionsEnded'>

/**
 * Does what is left to do once the new side is open, and says what the switch came to. The result is kept on the new
 * side: a run that finds the switch done gives the same answer. One that finds it done by a run that was killed takes the
 * figures from where they were put on record as they came about.
 */
export async function conclude(plan: SwitchPlan, parts: Parts, measured?: Measured): Promise<SwitchResult> {
  const state = await readState(parts.to.control, plan.to)
  const kept = keptResult(state)
  if (measured === undefined && kept?.armed === true) return { ...kept, resumed: true }
  const gaps = await readGaps(parts.from.control, plan.from.database, state.generation)
  const markerLsn = await readMarkerLsn(parts.to.app, 'gap')
  const result: SwitchResult = {
    ...(kept?.sessionsEnded === undefined ? {} : { sessionsEnded: kept.sessionsEnded }),
    ...onRecord(state, gaps),
    ...measured,
    ...(markerLsn === undefined ? {} : { markerLsn }),
    token: state.token,
    openSide: plan.to.role,
    superusers: await otherSuperusers(parts.from.control, plan.from),
    resumed: measured === undefined,
    ...(await finish(plan, parts, state.generation)),
  }
  await rememberSwitch(parts.to.control, plan.to.database, result)
  return result
}
