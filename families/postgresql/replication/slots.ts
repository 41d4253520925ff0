import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { type ConnectedSide, oneRow, sqlState } from '../server/connections.ts'
import { shortDigest } from '../short-name.ts'
import { sideName } from '../side-name.ts'
import { type Patience, writeTransactions } from '../server/waiting.ts'
import { OpenTransactionsOnTargetError } from '../errors.ts'
import { SlotBehindError } from './errors.ts'

/**
 * The name of subscription and slot of one direction, by the publishing database and the generation. Every switch gives a new name, so
 * that the remains of an aborted run are never taken for the live direction.
 */
export function linkName(database: string, generation: number): string {
  return `${linkPrefix(database)}${generation}`
}

/**
 * The prefix of all link names of a database. The name of a slot consists of at most 63 lower-case letters, digits and underscores; of
 * any other name the permitted characters stay, and a digest makes it unique.
 */
export function linkPrefix(database: string): string {
  const taken = database.toLowerCase().replace(/[^a-z0-9_]/g, '_')
  const told =
    taken === database && database.length <= 40 ? database : `${taken.slice(0, 30)}_${shortDigest(database)}`
  return `qianyun_${told}_g`
}

/** The links of this database among `names`, without those of a database whose name only begins the same. */
export function ownLinks(database: string, names: readonly string[]): readonly string[] {
  const prefix = linkPrefix(database)
  return names.filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
}

/** Whether a name is that of a link of ours, of any database. */
export function isLink(name: string): boolean {
  return /^qianyun_.+_g\d+$/.test(name)
}

export async function listSlots(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select slot_name::text as name from pg_replication_slots where database = current_database()',
  )
  return rows.map(({ name }) => name)
}

/**
 * Creates a slot and replaces an old one of the same name. PostgreSQL waits for every open write transaction on the server.
 * @throws OpenTransactionsOnTargetError if they stay open longer than `timeoutMs`
 */
export async function createSlot(
  { port, app: client }: Pick<ConnectedSide, 'port' | 'app'>,
  name: string,
  timeoutMs: number,
): Promise<void> {
  await dropSlot(client, name)
  try {
    await client.query(`set statement_timeout = ${Math.ceil(timeoutMs)}`)
    await client.query('select pg_create_logical_replication_slot($1, $2)', [name, 'pgoutput'])
  } catch (error) {
    if (sqlState(error) !== '57014') throw error
    const sessions = await writeTransactions(client)
    throw new OpenTransactionsOnTargetError(sideName(port), sessions)
  } finally {
    await client.query('set statement_timeout = 0')
  }
}

/**
 * Creates a slot on a side that serves, once the open write transactions on its server have ended, and reports which ones it waits for.
 * @throws OpenTransactionsOnTargetError if they stay open longer than `timeoutMs`
 */
export async function createSlotPatiently(
  side: Pick<ConnectedSide, 'port' | 'app'>,
  name: string,
  { timeoutMs, signal, say }: Patience,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    signal?.throwIfAborted()
    const waitedFor = await writeTransactions(side.app)
    if (waitedFor.length > 0)
      say(`the slot on ${sideName(side.port)} waits for write transactions: ${waitedFor.join('; ')}`)
    const left = deadline - performance.now()
    try {
      await createSlot(side, name, Math.max(100, Math.min(oneTryMs, left)))
      return
    } catch (error) {
      if (!(error instanceof OpenTransactionsOnTargetError) || left <= oneTryMs) throw error
    }
  }
}

const oneTryMs = 10_000

/** What a sender may take to end, and who may come after it before the slot is gone. */
const endingTakesMs = 10_000

/** Drops a slot, even one in use, whose user is ended after a while. Idempotent. */
export async function dropSlot(client: pg.Client, name: string, patienceMs = 3_000): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const { rows } = await client.query<{ active: number | null }>(
      'select active_pid as active from pg_replication_slots where slot_name = $1',
      [name],
    )
    const [slot] = rows
    if (slot === undefined) return
    try {
      await client.query('select pg_drop_replication_slot($1)', [name])
      return
    } catch (error) {
      // 55006: in use; 42704: dropped since the look.
      const state = sqlState(error)
      if (state === '42704') return
      if (state !== '55006') throw error
      const lateMs = performance.now() - deadline
      if (lateMs > endingTakesMs) throw error
      // Somebody may have taken it since the look; the next one names them.
      if (lateMs > 0 && slot.active !== null)
        await client.query('select pg_terminate_backend($1)', [slot.active])
      await sleep(25)
    }
  }
}

/**
 * Advances a slot to the flush position of its server. It must come after a synchronous commit there: the advance stops at the flush
 * position, and forwarded changes beyond it would be sent back to their origin. A crash of the server resets the slot, so the returned
 * position is kept by the follower.
 * @throws SlotBehindError
 */
export async function advanceSlot(client: pg.Client, name: string): Promise<string> {
  const { wanted, reached, behind } = await oneRow<{ wanted: string; reached: string; behind: boolean }>(
    client,
    `select wanted::text, reached::text, reached < wanted as behind
       from (select wanted, (pg_replication_slot_advance($1, wanted)).end_lsn as reached
               from (select pg_current_wal_flush_lsn() as wanted offset 0) w offset 0) a`,
    [name],
  )
  if (behind) throw new SlotBehindError(name, wanted, reached)
  return reached
}
