import { type SideState, readState, rememberSwitch } from '../postgres/control.ts'
import { readGaps } from '../postgres/gap-record.ts'
import { readMarkerLsn } from '../postgres/marker.ts'
import { otherSuperusers } from '../postgres/sessions.ts'
import { finish } from './finish.ts'
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
  const state = await readState(parts.to.control, plan.to.database)
  const known = resultOf(state)
  if (measured === undefined && known?.armed === true) return { ...known, resumed: true }
  const { generation, token } = state
  const gaps = await readGaps(parts.from.control, plan.from.database, generation)
  const own = gaps.at(-1)
  const markerLsn = await readMarkerLsn(parts.to.app, 'gap')
  const result: SwitchResult = {
    ...own?.gap,
    ...(own?.endedBy === undefined ? {} : { resumedBy: own.endedBy }),
    anatomyMs: {},
    ...known,
    ...measured,
    generation,
    token,
    undoneGaps: gaps.slice(0, -1).map(({ gap }) => gap),
    moments: {
      ...(own === undefined ? {} : { beganAt: own.beganAt }),
      openedAt: new Date(state.changedAtMs).toISOString(),
      ...(own?.endedAt === undefined ? {} : { endedAt: own.endedAt }),
    },
    ...(markerLsn === undefined ? {} : { markerLsn }),
    openSide: plan.to.role,
    superusers: await otherSuperusers(parts.from.control, plan.from),
    resumed: measured === undefined,
    ...(await finish(plan, parts, generation)),
  }
  await rememberSwitch(parts.to.control, plan.to.database, result)
  return result
}

/** The result kept of the switch that opened a side; that of an earlier one is none of it. */
function resultOf({ generation, lastSwitch }: SideState): SwitchResult | undefined {
  return lastSwitch?.['generation'] === generation ? (lastSwitch as unknown as SwitchResult) : undefined
}
