import { setTimeout as sleep } from 'node:timers/promises'
import { readMarker } from '../replication/marker.ts'
import { prepareToReadSequences, readSequences } from './sequences.ts'
import { giveToApplyRole } from '../replication/apply-role.ts'
import { dropStraySyncSlots } from '../replication/link.ts'
import { longTransactions } from '../server/sessions.ts'
import { createSlot, dropSlot, linkName, listSlots, ownLinks } from '../replication/slots.ts'
import {
  createSubscription,
  detachSubscription,
  enableSubscription,
  findSubscription,
  listSubscriptions,
} from '../replication/subscriptions.ts'
import { TransactionTooLongError } from './errors.ts'
import type { Parts } from './parts.ts'
import { sideName } from '../side-name.ts'
import type { SwitchPlan } from './plan.ts'

/** Whether replication into the closed side exists and can run. */
export type LinkFound = 'enabled' | 'absent'

/**
 * Drops every link of the pair except the live one, then makes sure that the live one runs. The order matters: with both directions
 * alive a row would return to its origin and stop its own replication.
 */
export async function tidyLinks(
  parts: Pick<Parts, 'from' | 'to'>,
  live: { generation: number; openSide: 'from' | 'to' },
): Promise<LinkFound> {
  const open = parts[live.openSide]
  const closed = parts[live.openSide === 'from' ? 'to' : 'from']
  const name = linkName(open.port.database, live.generation)
  for (const [side, publisher] of [
    [open, closed],
    [closed, open],
  ] as const) {
    const names = (await listSubscriptions(side.app)).map((one) => one.name)
    for (const one of ownLinks(publisher.port.database, names)) {
      if (side === open || one !== name) await detachSubscription(side.app, one)
    }
  }
  for (const side of [open, closed]) {
    for (const one of ownLinks(side.port.database, await listSlots(side.app))) {
      if (side === closed || one !== name) await dropSlot(side.app, one)
    }
  }
  await dropStraySyncSlots(open.app, closed.app)
  await dropStraySyncSlots(closed.app, open.app)
  const subscription = await findSubscription(closed.app, name)
  if (subscription === undefined) return 'absent'
  if (subscription.enabled) await giveToApplyRole(closed.app, name)
  else await enableSubscription(closed.app, name)
  return 'enabled'
}

/**
 * Prepares what the gap only has to activate: the disabled reverse subscription on the side `from`, whose slot is created last
 * (`armGap`), and the new file of the entry.
 */
export async function prepareGap(plan: SwitchPlan, parts: Parts, generation: number): Promise<void> {
  await tidyLinks(parts, { generation, openSide: 'from' })
  await createSubscription(parts.from.app, {
    name: linkName(plan.to.database, generation + 1),
    publisher: plan.to,
    copyData: false,
    createSlot: false,
    enabled: false,
    originNone: parts.originNone,
  })
  // The first calls cost parsing and catalog look-ups, so they are made here.
  await prepareToReadSequences(parts.from.app)
  await readSequences(parts.from.app)
  await readMarker(parts.to.app, 'gap')
}

/**
 * The last preparation before the gap: the reverse slot (created late, so that advancing it reads little WAL), the connection of the
 * pause, and a statement time-out on the servers for the deadline.
 * @throws OpenTransactionsOnTargetError
 */
export async function armGap(plan: SwitchPlan, parts: Parts, generation: number): Promise<void> {
  const { from, to } = parts
  await createSlot(to, linkName(plan.to.database, generation + 1), plan.slotTimeoutMs)
  await parts.entry.preparePause()
  const bounds = `set statement_timeout = ${plan.deadlineMs}; set lock_timeout = ${plan.deadlineMs}`
  await Promise.all([from.app, from.control, to.app, to.control].map(async (client) => client.query(bounds)))
}

/**
 * Waits until no transaction on the side `from` is older than the limit. No client is paused meanwhile.
 * @throws TransactionTooLongError after the plan's attempts
 */
export async function awaitQuiet(plan: SwitchPlan, parts: Parts): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const long = await longTransactions(parts.from.control, plan.from, plan.maxTransactionAgeMs)
    if (long.length === 0) return
    const words = long.map((one) => `${one.words} (${Math.round(one.ageMs)} ms)`)
    if (attempt >= plan.attempts) throw new TransactionTooLongError(sideName(plan.from), attempt, words)
    plan.say(`postponed: ${words.join('; ')}`)
    await sleep(plan.postponeMs, undefined, { signal: plan.signal })
  }
}
