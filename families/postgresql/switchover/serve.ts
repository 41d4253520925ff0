import { claimSide, freshToken, openClosedSide } from '../server/control.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { oneRow } from '../server/connections.ts'
import { linkName } from '../replication/slots.ts'
import { findSubscription, followFrom } from '../replication/subscriptions.ts'
import type { Records } from './decide.ts'

/**
 * Makes one side serve, after claiming the other side so that no other run can open it. Every state gets a fresh token, so that a
 * delayed statement of the ended run fails its compare-and-set. Returns whether this call opened the side.
 * @throws SideStateChangedError
 */
export async function openSide(
  sides: { readonly from?: ConnectedSide; readonly to?: ConnectedSide },
  records: Records,
  serves: 'from' | 'to',
): Promise<boolean> {
  const other = serves === 'from' ? 'to' : 'from'
  const [side, state] = [sides[serves], records[serves]]
  if (side === undefined || state === undefined) return false
  const [otherSide, otherState] = [sides[other], records[other]]
  if (otherSide && otherState)
    await claimSide(otherSide.control, otherSide.port, 'closed', otherState.token, freshToken('settled'))
  if (state.state === 'open') {
    await claimSide(side.control, side.port, 'open', state.token, freshToken('settled'))
    return false
  }
  const isForward = otherState !== undefined && isAhead(serves, state.generation, otherState.generation)
  if (isForward && otherSide) await letFollow(otherSide, side, otherState.generation + 1)
  const generation = isForward ? otherState.generation + 1 : state.generation
  await openClosedSide(side.control, side.port, state.token, freshToken('settled'), generation)
  return true
}

/** Whether the other side served last, so that this one opens for the first time since. A new pair has served on the side `from`. */
function isAhead(serves: 'from' | 'to', generation: number, otherGeneration: number): boolean {
  return generation < otherGeneration || (serves === 'to' && generation === otherGeneration)
}

/** Starts the way back before the side opens whose writes it carries. */
async function letFollow(left: ConnectedSide, opens: ConnectedSide, generation: number): Promise<void> {
  const name = linkName(opens.port.database, generation)
  const found = await findSubscription(left.app, name)
  if (found?.enabled !== false) return
  const { lsn } = await oneRow<{ lsn: string }>(
    opens.app,
    'select confirmed_flush_lsn::text as lsn from pg_replication_slots where slot_name = $1',
    [name],
  )
  await followFrom(left.app, name, lsn)
}
