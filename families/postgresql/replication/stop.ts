import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { sqlState, withClient } from '../server/connections.ts'
import { areOwn } from '../server/own-places.ts'
import { withShortLocks } from '../server/waiting.ts'
import { dropApplyRole } from './apply-role.ts'
import { liftFreeze } from './ddl-freeze.ts'
import { ownSchema } from './marker.ts'
import { lookForDatabase } from '../copy/make-database.ts'
import { dropStraySyncSlots } from './link.ts'
import { dropSlot, listSlots, ownLinks } from './slots.ts'
import { publication } from './publication.ts'
import { detachSubscription, listSubscriptions } from './subscriptions.ts'
import { changedIdentities } from './whole-rows.ts'
import { SideServesElsewhereError } from './errors.ts'
import { releaseOwnSessions } from './own-sessions.ts'
import { forgetOldSide, recorded, releaseClosed } from './old-side.ts'
import type { RestEntry } from '../entry/entry.ts'
import { settlePair } from '../switchover/settle-pair.ts'
import { sideName } from '../side-name.ts'
import type { DatabasePort } from '../database.ts'

const lockPatienceMs = 60_000

export interface DisarmPlan {
  readonly sides: readonly [DatabasePort, DatabasePort]
  /**
   * What happens to a closed side. `release`: it stays closed, its record is removed, and its roles may log in to other databases of the
   * server again; the pair is settled first, and the first side must serve. `forget`: it stays fenced and its record is removed, for copies
   * that are dropped. `keep`: it stays fenced and on record, for data that is wiped later.
   */
  readonly closedSide: 'release' | 'forget' | 'keep'
  /** Whether the second side was given up as the first one was opened alone: there is no pair to settle then. */
  readonly isStale?: boolean
  /** The entry of the pair, which is settled first too. */
  readonly entry?: RestEntry
  readonly signal?: AbortSignal
  /** The waivers of the replication, by which tables were replicated by whole rows. */
  readonly waivers: Waivers
  readonly say: (line: string) => void
}

export interface DisarmResult {
  readonly subscriptions: number
  readonly slots: number
  /** Sides that could not be reached; nothing is removed there. */
  readonly unreachable: readonly string[]
}

/**
 * Removes on both sides everything that replication and the way back created: subscriptions, slots, publications, event triggers,
 * markers, records. Subscriptions come first, because a slot in use cannot be dropped. Idempotent.
 * @throws with `release` the errors of `settlePair`, and SideServesElsewhereError; nothing is removed then
 */
export async function disarm(plan: DisarmPlan): Promise<DisarmResult> {
  if (plan.closedSide === 'release' && plan.isStale !== true) await assertServing(plan)
  const unreachable = new Set<string>()
  const onEach = async (
    work: (port: DatabasePort, other: DatabasePort) => Promise<number>,
  ): Promise<number> => {
    let sum = 0
    for (const [port, other] of [plan.sides, [plan.sides[1], plan.sides[0]] as const]) {
      if (unreachable.has(port.called)) continue
      try {
        sum += await work(port, other)
      } catch (error) {
        if (sqlState(error) !== undefined) throw error
        unreachable.add(port.called)
        plan.say(`The side ${sideName(port)} cannot be reached: ${messageOf(error)}`)
      }
    }
    return sum
  }
  const subscriptions = await onEach(dropSubscriptions)
  const slots = await onEach(dropSlots)
  await onEach(async (port) => dropOwnObjects(port, plan))
  await onEach(async (port) => forget(port, plan.closedSide))
  return { subscriptions, slots, unreachable: [...unreachable] }
}

async function assertServing({ sides: [from, to], entry, signal, say }: DisarmPlan): Promise<void> {
  const answers = await Promise.allSettled([recorded(from), recorded(to)])
  // Nothing can be taken down then, and nothing is opened or forgotten.
  if (answers.every(({ status }) => status === 'rejected')) return
  const { serves } = await settlePair({
    from,
    to,
    ...(entry && { entry }),
    signal: signal ?? new AbortController().signal,
    say,
  })
  if (serves === 'to') throw new SideServesElsewhereError(sideName(from), sideName(to))
}

async function dropSubscriptions(port: DatabasePort, other: DatabasePort): Promise<number> {
  if (!(await lookForDatabase(port)).exists) return 0
  return withClient(port, 'disarm', async (client) => {
    const names = (await listSubscriptions(client)).map(({ name }) => name)
    const own = ownLinks(other.database, names)
    for (const name of own) await detachSubscription(client, name)
    return own.length
  })
}

async function dropSlots(port: DatabasePort, other: DatabasePort): Promise<number> {
  if (!(await lookForDatabase(port)).exists) return 0
  return withClient(port, 'disarm', async (client) => {
    const own = ownLinks(port.database, await listSlots(client))
    for (const name of own) await dropSlot(client, name)
    // Slots of unfinished first copies; a subscriber that does not answer may still use its own.
    const stray = await withClient(other, 'disarm', async (subscriber) =>
      dropStraySyncSlots(client, subscriber),
    ).catch(() => 0)
    return own.length + stray
  })
}

async function dropOwnObjects(
  port: DatabasePort,
  { waivers, say }: Pick<DisarmPlan, 'waivers' | 'say'>,
): Promise<number> {
  if (!(await lookForDatabase(port)).exists) return 0
  const patience = { timeoutMs: lockPatienceMs, say }
  return withClient(port, 'disarm', async (client) => {
    await client.query('set client_min_messages = warning')
    const own = await areOwn(client)
    if (own.publication) await client.query(`drop publication if exists ${publication}`)
    else say(`publication "${publication}" of ${sideName(port)} is not as we make it, and stays`)
    await dropApplyRole(client)
    await liftFreeze(client)
    // Nor is it read: a view of its owner's would run what it says.
    if (!own.schema) {
      say(`schema "${ownSchema}" of ${sideName(port)} holds what is somebody else's, and stays`)
      return 1
    }
    // Must come before the schema is dropped, which contains their record.
    for (const { name, had } of await changedIdentities(client, waivers)) {
      await withShortLocks({ client, side: port }, [name], patience, async () => {
        await client.query(`alter table ${name} replica identity ${had}`)
      })
    }
    await withShortLocks({ client, side: port }, await tablesIn(client, ownSchema), patience, async () => {
      await client.query(`drop schema if exists ${ownSchema} cascade`)
    })
    return 1
  })
}

async function tablesIn(client: pg.Client, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = $1`,
    [schema],
  )
  return rows.map(({ name }) => name)
}

async function forget(port: DatabasePort, closedSide: DisarmPlan['closedSide']): Promise<number> {
  await releaseOwnSessions(port)
  const found = await recorded(port)
  if (found === undefined || (found.state === 'closed' && closedSide === 'keep')) return 0
  if (closedSide === 'release') await releaseClosed(port)
  await forgetOldSide(port)
  return 1
}
