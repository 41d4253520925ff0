import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { oneRow, sqlState, withClient } from './connections.ts'
import { controlDatabase, controlSchema, stateNotAsExpected } from './control-schema.ts'
import { SideStateChangedError, SideUnknownError } from '../errors.ts'
import { type NamedSide, sideName } from '../side-name.ts'

/** What a fence took away, and an opening gives back. A `role` of null is PUBLIC. */
export interface Fence {
  readonly connect: readonly { readonly role: string | null; readonly grantable: boolean }[]
  readonly login: readonly string[]
  readonly readOnly: string | null
}

/** Whether a side takes the application's writes. The token changes with every transition: compare-and-set goes by it. */
export interface SideState {
  readonly state: 'open' | 'closed'
  readonly generation: number
  readonly token: string
  readonly changedAtMs: number
  readonly fence: Fence | null
  readonly lastSwitch: Readonly<Record<string, unknown>> | null
}

/** A fresh token for one transition. */
export function freshToken(purpose: string): string {
  return `${purpose}/${randomUUID()}`
}

/** Makes the server's control database and its functions where they are missing. Harmless when repeated. */
export async function ensureControl(port: DatabasePort): Promise<void> {
  await withClient(
    port,
    'control',
    async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [controlDatabase])
      if (rowCount === 0) await createControl(client)
    },
    'postgres',
  )
  await withClient(
    port,
    'control',
    async (client) => {
      // Two runs that create the same function at once would collide in the catalog.
      await client.query('begin; select pg_advisory_xact_lock(8128001)')
      await client.query(`${controlSchema}; commit`)
    },
    controlDatabase,
  )
}

async function createControl(client: pg.Client): Promise<void> {
  try {
    await client.query(`create database ${controlDatabase}`)
  } catch (error) {
    // 42P04 and 23505: somebody else made it in the meantime.
    if (!['42P04', '23505'].includes(sqlState(error) ?? '')) throw error
  }
  await client.query(`revoke connect on database ${controlDatabase} from public`)
}

/** Records a side that serves, when there is no record yet; gives what holds afterwards. */
export async function beginOpen(control: pg.Client, side: NamedSide): Promise<SideState> {
  await control.query(
    `insert into cutover_state (database, state, generation, token) values ($1, 'open', 0, $2)
     on conflict (database) do nothing`,
    [side.database, freshToken('begun')],
  )
  return readState(control, side)
}

/** Records a side that does not serve yet and fences it, when there is no record yet; gives what holds afterwards. */
export async function beginClosed(
  control: pg.Client,
  port: NamedSide & Pick<DatabasePort, 'appRoles'>,
): Promise<SideState> {
  await control.query('select begin_closed($1, $2, $3)', [
    port.database,
    [...port.appRoles],
    freshToken('begun'),
  ])
  return readState(control, port)
}

/** Forgets a side, its write gaps with it. What its fence took stays taken. */
export async function forgetSide(control: pg.Client, database: string): Promise<void> {
  await control.query('delete from cutover_state where database = $1', [database])
  await control.query('delete from cutover_gap where database = $1', [database])
}

/** @throws SideUnknownError when the database was never prepared for a switchover. */
export async function readState(control: pg.Client, side: NamedSide): Promise<SideState> {
  const found = await findState(control, side.database)
  if (found === undefined) throw new SideUnknownError(sideName(side))
  return found
}

export async function findState(control: pg.Client, database: string): Promise<SideState | undefined> {
  const { rows } = await control.query<SideState>(
    `select state, generation::int as generation, token, fence, last_switch as "lastSwitch",
            (extract(epoch from changed_at) * 1000)::float8 as "changedAtMs"
       from cutover_state where database = $1`,
    [database],
  )
  return rows[0]
}

/** Takes a side over as it stands: whoever held the old token can no longer change it. @throws SideStateChangedError */
export async function claimSide(
  control: pg.Client,
  side: NamedSide,
  state: 'open' | 'closed',
  expected: string,
  fresh: string,
): Promise<void> {
  const { rowCount } = await control.query(
    'update cutover_state set token = $4 where database = $1 and state = $2 and token = $3',
    [side.database, state, expected, fresh],
  )
  if (rowCount !== 1) throw new SideStateChangedError(sideName(side), state)
}

/**
 * Fences a side: state, role logins, CONNECT and the read-only default in one transaction.
 * @throws SideStateChangedError when the side is not open under the token expected.
 */
export async function closeSide(
  control: pg.Client,
  port: NamedSide & Pick<DatabasePort, 'appRoles'>,
  expected: string,
  fresh: string,
): Promise<Fence> {
  return refused(port, 'open', async () => {
    const { fence } = await oneRow<{ fence: Fence }>(control, 'select close_side($1, $2, $3, $4) as fence', [
      port.database,
      [...port.appRoles],
      expected,
      fresh,
    ])
    return fence
  })
}

/**
 * Opens a side: the one commit point of a switchover, and the way back of an abort. Gives back what the fence took.
 * @throws SideStateChangedError when the side is not closed under the token expected.
 */
export async function openClosedSide(
  control: pg.Client,
  side: NamedSide,
  expected: string,
  fresh: string,
  generation: number,
): Promise<void> {
  await refused(side, 'closed', async () =>
    control.query('select open_side($1, $2, $3, $4)', [side.database, expected, fresh, generation]),
  )
}

export async function rememberSwitch(control: pg.Client, database: string, result: unknown): Promise<void> {
  await control.query('update cutover_state set last_switch = $2 where database = $1', [
    database,
    JSON.stringify(result),
  ])
}

async function refused<T>(side: NamedSide, expected: 'open' | 'closed', work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (sqlState(error) === stateNotAsExpected) throw new SideStateChangedError(sideName(side), expected)
    throw error
  }
}
