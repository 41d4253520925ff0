import type pg from 'pg'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { sqlState, withClient } from '../server/connections.ts'
import { withShortLocks } from '../server/waiting.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { findState, forgetSide, freshToken, openClosedSide } from '../server/control.ts'
import { liftFreeze } from './ddl-freeze.ts'
import { ownSchema } from './marker.ts'
import { lookForDatabase } from '../copy/make-database.ts'
import { dropSlot, listSlots, ownLinks } from './slots.ts'
import { detachSubscription, listSubscriptions, publication } from './subscriptions.ts'
import { changedIdentities } from './whole-rows.ts'
import { sideName } from '../side-name.ts'
import type { DatabasePort } from '../database.ts'

const lockPatienceMs = 60_000

export interface DisarmPlan {
  readonly sides: readonly [DatabasePort, DatabasePort]
  /**
   * The closed side gets back what its fence took; or stays fenced and is forgotten, as copies that are dropped are; or
   * stays fenced and on record, as what is wiped later must be.
   */
  readonly closedSide: 'reopen' | 'forget' | 'keep'
  /** Those replication was started with: tables among them were made to go by their whole rows. */
  readonly waivers: Waivers
  readonly say: (line: string) => void
}

export interface DisarmResult {
  readonly subscriptions: number
  readonly slots: number
  /** Sides that could not be reached: what is on them stays. */
  readonly unreachable: readonly string[]
}

/**
 * Takes everything down that replication and the way back put up, on both sides: subscriptions, slots, publications,
 * event triggers, markers, states. Subscriptions first: a slot in use cannot be dropped. Harmless when repeated.
 */
export async function disarm(plan: DisarmPlan): Promise<DisarmResult> {
  const unreachable = new Set<string>()
  const onEach = async (
    work: (port: DatabasePort, other: DatabasePort) => Promise<number>,
  ): Promise<number> => {
    let sum = 0
    for (const [port, other] of [plan.sides, [plan.sides[1], plan.sides[0]] as const]) {
      if (unreachable.has(port.role)) continue
      try {
        sum += await work(port, other)
      } catch (error) {
        if (sqlState(error) !== undefined) throw error
        unreachable.add(port.role)
        plan.say(
          `The side ${sideName(port)} cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
        )
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

async function dropSubscriptions(port: DatabasePort, other: DatabasePort): Promise<number> {
  if (!(await lookForDatabase(port)).exists) return 0
  return withClient(port, 'disarm', async (client) => {
    const names = (await listSubscriptions(client)).map(({ name }) => name)
    const own = ownLinks(other.database, names)
    for (const name of own) await detachSubscription(client, name)
    return own.length
  })
}

async function dropSlots(port: DatabasePort): Promise<number> {
  if (!(await lookForDatabase(port)).exists) return 0
  return withClient(port, 'disarm', async (client) => {
    const own = ownLinks(port.database, await listSlots(client))
    for (const name of own) await dropSlot(client, name)
    return own.length
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
    await client.query(`drop publication if exists ${publication}`)
    await liftFreeze(client)
    // Before the schema goes, in which they are written down.
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
  try {
    return await withClient(
      port,
      'disarm',
      async (client) => {
        const found = await findState(client, port.database)
        if (found === undefined) return 0
        if (found.state === 'closed' && closedSide === 'keep') return 0
        const reopens = found.state === 'closed' && closedSide === 'reopen'
        if (reopens && (await lookForDatabase(port)).exists) {
          const fresh = freshToken('disarmed')
          await openClosedSide(client, port, found.token, fresh, found.generation)
        }
        await forgetSide(client, port.database)
        return 1
      },
      controlDatabase,
    )
  } catch (error) {
    // The server never had a control database, or one that was never complete.
    if (['3D000', '42P01'].includes(sqlState(error) ?? '')) return 0
    throw error
  }
}
