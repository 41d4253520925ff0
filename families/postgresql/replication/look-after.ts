import { saidBy } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { disconnectSides, connectSideWithin } from '../server/connections.ts'
import { findState } from '../server/control.ts'
import type { DatabasePort } from '../database.ts'
import { sideName } from '../side-name.ts'
import { SwitchoverBusyError } from '../switchover/errors.ts'
import { withPairLock } from '../switchover/parts.ts'
import { tidyLinks } from '../switchover/prepare.ts'
import { LinkLostError, TablesMadeAnewError } from './errors.ts'
import { tablesMadeAnew } from './known-tables.ts'
import { dropStandIns, passShortLived, wordsOf } from './unknown-tables.ts'
import { lookAtSlot } from './link.ts'
import { keepLogLook } from '../server/log-rate.ts'
import { whoIsStillWaitedFor } from '../server/waiting.ts'
import { linkName } from './slots.ts'
import { findSubscription } from './subscriptions.ts'

const answersWithinMs = 4_000
const untilDone = new AbortController().signal

/**
 * Maintains the replication of a pair before its switch: enables what an aborted switch left disabled, unless a run holds the pair's lock.
 * @returns the problems; none if the pair is not replicated, or was switched
 */
export async function lookAfterForward(from: DatabasePort, to: DatabasePort): Promise<readonly Said[]> {
  const opening = [from, to].map(async (port) => connectSideWithin(port, 'look-after', answersWithinMs))
  const [left, right] = await Promise.allSettled(opening)
  try {
    if (left?.status !== 'fulfilled' || right?.status !== 'fulfilled')
      return [left, right].flatMap((one) =>
        one?.status === 'rejected' ? [said('forward-not-looked-at', { because: saidBy(one.reason) })] : [],
      )
    const sides = { from: left.value, to: right.value }
    const state = await findState(sides.from.control, from.database)
    const other = await findState(sides.to.control, to.database)
    if (state?.state !== 'open' || other?.state !== 'closed') return []
    const name = linkName(from.database, state.generation)
    const found = await findSubscription(sides.to.app, name)
    if (found === undefined) return []
    // The other way to know the peak is there without it.
    await keepLogLook(from).catch(() => undefined)
    const { status, retainedBytes = 0 } = await lookAtSlot(sides.from.app, name)
    if (status === 'lost' || status === 'missing')
      return [
        said('forward-lost', {
          because: saidBy(new LinkLostError(name, sideName(from), sideName(to), status)),
        }),
      ]
    if (!found.enabled)
      await withPairLock(sides, 0, untilDone, async () =>
        tidyLinks(sides, { generation: state.generation, openSide: 'from' }),
      ).catch((error: unknown) => {
        if (!(error instanceof SwitchoverBusyError)) throw error
      })
    const holders = await whoIsStillWaitedFor(sides.to.app, name)
    const { passes, stops } = found.enabled
      ? await passShortLived(sides.from.app, sides.to.app, name)
      : { passes: false, stops: [] }
    if (found.applyRunning && !passes && stops.length === 0) await dropStandIns(sides.to.app)
    const anew = await tablesMadeAnew(sides.from.app)
    if (stops.length > 0 && anew.length === 0)
      return [
        said('forward-tables-unknown', {
          because: said('cause-tables-unknown', { tables: wordsOf(stops) }),
        }),
      ]
    return [
      ...(holders.length > 0 ? [said('forward-apply-waits', { object: name, holders })] : []),
      ...(anew.length === 0
        ? []
        : [
            said('forward-tables-made-anew', {
              because: saidBy(new TablesMadeAnewError(anew, sideName(from), sideName(to))),
            }),
          ]),
      ...(found.enabled && !found.applyRunning && !passes
        ? [said('forward-apply-not-running', { object: name })]
        : []),
      ...(status === 'unreserved'
        ? [said('forward-slot-about-to-be-lost', { object: name, bytes: retainedBytes })]
        : []),
    ]
  } finally {
    for (const one of [left, right]) if (one?.status === 'fulfilled') await disconnectSides(one.value)
  }
}
