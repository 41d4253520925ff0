import { readState, rememberSwitch } from '../server/control.ts'
import { readGaps } from './gap-record.ts'
import { readMarkerLsn } from '../replication/marker.ts'
import { otherSuperusers } from '../server/sessions.ts'
import { finish } from './finish.ts'
import { keptResult, onRecord } from './on-record.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan, SwitchResult } from './plan.ts'

/** Measurements of the run that executed the critical section. */
export type Measured = Pick<
  SwitchResult,
  'gapMs' | 'anatomyMs' | 'sessionsEnded' | 'strangersEnded' | 'notRefused'
>

/**
 * Completes a switch whose new side is open, and returns its result. The result is kept on the new side, so that a run which
 * finds the switch done returns the same. After a run that was killed, the figures come from the records of both sides.
 */
export async function conclude(plan: SwitchPlan, parts: Parts, measured?: Measured): Promise<SwitchResult> {
  const state = await readState(parts.to.control, plan.to)
  const kept = keptResult(state)
  if (measured === undefined && kept?.armed === true) return { ...kept, resumed: true }
  const gaps = await readGaps(parts.from.control, plan.from.database, state.generation)
  const markerLsn = await readMarkerLsn(parts.to.app, 'gap')
  const result: SwitchResult = {
    ...(kept?.sessionsEnded === undefined ? {} : { sessionsEnded: kept.sessionsEnded }),
    ...(kept?.notRefused === undefined ? {} : { notRefused: kept.notRefused }),
    ...(kept?.strangersEnded === undefined ? {} : { strangersEnded: kept.strangersEnded }),
    ...onRecord(state, gaps),
    ...measured,
    ...(markerLsn === undefined ? {} : { markerLsn }),
    token: state.token,
    openSide: plan.to.called,
    superusers: await otherSuperusers(parts.from.control, plan.from),
    resumed: measured === undefined,
    ...(await finish(plan, parts, state.generation)),
  }
  await rememberSwitch(parts.to.control, plan.to.database, result)
  return result
}
