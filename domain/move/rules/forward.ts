import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import { isSwitched } from '../switches.ts'
import { sameReasons } from '../way-back.ts'

/** Why a finding about replication before the switch is refused. */
export function forwardRefusal(
  m: Migration,
  { reasons }: Extract<Command, { name: 'report-forward' }>,
): Refusal | undefined {
  if (m.phase !== 'cutover' || isSwitched(m)) return refuse('not-in-cutover', { phase: m.phase })
  return sameReasons(m.forward?.reasons ?? [], reasons)
    ? refuse('no-news', { state: reasons.length === 0 ? 'armed' : 'degraded' })
    : undefined
}
