import type { ConnectedSide } from '../server/connections.ts'
import { withPairLock } from '../switchover/parts.ts'
import { tidyLinks } from '../switchover/prepare.ts'
import { linkName } from './slots.ts'
import { findSubscription } from './subscriptions.ts'

/** Limit of the wait for a switch under way. */
const pairPatienceMs = 15_000

/**
 * Enables replication that an aborted switch left disabled, after dropping the other direction: both at once would echo. Runs under the
 * pair's lock, because a switch under way has both directions for a moment.
 */
export async function relink(
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
  from: ConnectedSide,
  to: ConnectedSide,
  generation: number,
): Promise<void> {
  const isDisabled =
    (await findSubscription(to.app, linkName(from.port.database, generation)))?.enabled === false
  if (isDisabled) say('replication was disabled, as an aborted switch leaves it, and is enabled again')
  await withPairLock({ from, to }, pairPatienceMs, signal, async () =>
    tidyLinks({ from, to }, { generation, openSide: 'from' }),
  )
}
