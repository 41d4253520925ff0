import { withClient } from '../server/connections.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { type SideState, readState } from '../server/control.ts'
import { type RecordedGap, readGaps } from './gap-record.ts'
import type { DatabasePort } from '../database.ts'
import type { SwitchResult } from './plan.ts'

/** The record of a switch that has passed its commit point, whichever run carried it out. */
export type SwitchOnRecord = Pick<
  SwitchResult,
  'generation' | 'gapMs' | 'gapBound' | 'resumedBy' | 'undoneGaps' | 'moments' | 'anatomyMs'
>

/** The stored result of the switch that opened a side; results of earlier switches do not count. */
export function keptResult({ generation, lastSwitch }: SideState): SwitchResult | undefined {
  return lastSwitch?.['generation'] === generation ? (lastSwitch as unknown as SwitchResult) : undefined
}

/** The figures of the switch that opened a side, from its stored result and from the gaps recorded on the other side. */
export function onRecord(state: SideState, gaps: readonly RecordedGap[]): SwitchOnRecord {
  const own = gaps.at(-1)
  const kept = keptResult(state)
  return {
    ...(kept === undefined ? own?.gap : gapOf(kept)),
    ...(own?.endedBy === undefined ? {} : { resumedBy: own.endedBy }),
    generation: state.generation,
    undoneGaps: gaps.slice(0, -1).map(({ gap }) => gap),
    moments: {
      ...(own === undefined ? {} : { beganAt: own.beganAt }),
      openedAt: new Date(state.changedAtMs).toISOString(),
      ...(own?.endedAt === undefined ? {} : { endedAt: own.endedAt }),
    },
    anatomyMs: kept?.anatomyMs ?? {},
  }
}

/** Reads from both servers the figures of the switch that opened `to`. */
export async function switchOnRecord(from: DatabasePort, to: DatabasePort): Promise<SwitchOnRecord> {
  const state = await withClient(to, 'look', async (control) => readState(control, to), controlDatabase)
  const gaps = await withClient(
    from,
    'look',
    async (control) => readGaps(control, from.database, state.generation),
    controlDatabase,
  )
  return onRecord(state, gaps)
}

function gapOf({ gapMs, gapBound }: SwitchResult): Pick<SwitchResult, 'gapMs' | 'gapBound'> {
  return { ...(gapMs === undefined ? {} : { gapMs }), ...(gapBound === undefined ? {} : { gapBound }) }
}
