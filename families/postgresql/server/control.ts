import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { oneRow, sqlState, withClient } from './connections.ts'
import { controlDatabase, controlSchema, stateNotAsExpected } from './control-schema.ts'
import { assertOwnControl } from './own-places.ts'
import { SideStateChangedError, SideUnknownError } from '../errors.ts'
import { said } from '../../../domain/words/said.ts'
import { NoWritesTakenError } from './errors.ts'
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

const fenced = 'fenced'
const follows = 'follows'

/** The token of a side that a switch closes and has not come to its commit with. */
export function fenceToken(): string {
  return freshToken(fenced)
}

/**
 * Puts on record of the side that is left that the other one has everything it took, and that the commit there, in that generation, may be
 * sent from now on: where `lead` is given, once that has opened. It goes by the token: whoever opened this side in the meantime has
 * taken it, and the commit is never sent.
 * @throws SideStateChangedError
 */
export async function allowCommit(
  control: pg.Client,
  side: NamedSide,
  expected: string,
  generation: number,
  lead?: Lead,
): Promise<void> {
  const { rowCount } = await control.query(
    `with left_side as (
       update cutover_state set token = $3 where database = $1 and state = 'closed' and token = $2 returning database),
     handed_over as (
       update served set handed_over_to = $4 where database in (select database from left_side))
     select from left_side`,
    [side.database, expected, freshToken(lead === undefined ? 'commit' : followsToken(lead)), generation],
  )
  if (rowCount !== 1) throw new SideStateChangedError(sideName(side), 'closed')
}

/** The side of another database whose opening decides for the databases that are switched with it. */
export interface Lead {
  /** Address, port and name of the side that opens. */
  readonly place: string
  readonly generation: number
}

const followsToken = ({ place, generation }: Lead): string =>
  `${follows}/${String(generation)}/${encodeURIComponent(place)}`

/** The database that decides whether the other side of a closed one was opened; undefined if its own sides do. */
export function leadOf({ token }: Pick<SideState, 'token'>): Lead | undefined {
  const [purpose, generation, place] = token.split('/')
  if (purpose !== follows || generation === undefined || place === undefined) return undefined
  return { place: decodeURIComponent(place), generation: Number(generation) }
}

/** Whether the other side may have been opened since this one was closed: only that side tells then. */
export function mayHaveCommitted({ token }: Pick<SideState, 'token'>): boolean {
  return !token.startsWith(`${fenced}/`)
}

/** Whether a side was opened without the other one, in the generation it is in: nobody knows then that it has all the other one took. */
export function wasOpenedAlone({ generation, lastSwitch }: SideState): boolean {
  return lastSwitch?.['generation'] === generation && lastSwitch['currentUntil'] !== undefined
}

/** Whether the other side was opened without this one, which was given up: open or fenced, it may hold writes that are nowhere else. */
export function isStale(own: SideState, other: SideState): boolean {
  if (other.state !== 'open') return false
  const wasGivenUp = own.generation === other.generation - 1 && wasOpenedAlone(other)
  return wasGivenUp || (own.state === 'open' && own.generation < other.generation)
}

/** A database that was opened since it was filled, and of which nothing shows that the other side has all it took. */
export interface Served {
  readonly generation: number
  /** ISO 8601. */
  readonly openedAt: string
}

/** Undefined also where the server has no such record. It outlives the state of the side. */
export async function findServed(control: pg.Client, database: string): Promise<Served | undefined> {
  const { rows } = await control.query<{ generation: number; openedAt: Date }>(
    `select s.generation::int as generation, s.opened_at as "openedAt"
       from served s join pg_database d on d.datname = s.database and d.oid = s.database_oid
      where s.database = $1 and s.handed_over_to is null`,
    [database],
  )
  return rows[0] && { generation: rows[0].generation, openedAt: rows[0].openedAt.toISOString() }
}

/**
 * Puts on record of a closed side that nothing it holds is missed any more: it was emptied for the side that serves, in that generation, and
 * follows as one that was never opened.
 */
export async function noteEmptied(control: pg.Client, database: string, generation: number): Promise<void> {
  await control.query(
    `with emptied as (
       update cutover_state set generation = 0, token = $2, last_switch = null
        where database = $1 and state = 'closed' returning database)
     update served set handed_over_to = $3 where database in (select database from emptied)`,
    [database, freshToken('emptied'), generation],
  )
}

/** Makes the server's control database and its functions where they are missing. Harmless when repeated. @throws NoWritesTakenError */
export async function ensureControl(port: DatabasePort): Promise<void> {
  await withClient(
    port,
    'control',
    async (client) => {
      await assertTakesWrites(client, port)
      const { rows } = await client.query<{ shut: boolean }>(
        `select datallowconn and not exists (select from aclexplode(coalesce(datacl, acldefault('d', datdba))) a
                                              where a.grantee = 0 and a.privilege_type = 'CONNECT') as shut
           from pg_database where datname = $1`,
        [controlDatabase],
      )
      if (rows[0]?.shut === true) return
      // Two runs that shut it at once would collide in the catalog.
      await client.query('select pg_advisory_lock(8128003)')
      await createControl(client, rows.length > 0)
    },
    'postgres',
  )
  await withClient(
    port,
    'control',
    async (client) => {
      // Two runs that create the same function at once would collide in the catalog.
      await client.query('begin; select pg_advisory_xact_lock(8128001)')
      // Before 15 everybody may make functions there, which a session from before may still do.
      await client.query('revoke create on schema public from public')
      await assertOwnControl(client, sideName(port))
      await client.query(`${controlSchema}; select shut_apply_roles(); commit`)
    },
    controlDatabase,
  )
}

/** A commit that waits for a standby waits without a bound. */
async function assertTakesWrites(client: pg.Client, port: NamedSide): Promise<void> {
  const { inRecovery, names, standbys } = await oneRow<{
    inRecovery: boolean
    names: string
    standbys: number
  }>(
    client,
    `select pg_is_in_recovery() as "inRecovery", current_setting('synchronous_standby_names') as names,
            (select count(*)::int from pg_stat_replication where sync_state in ('sync', 'quorum')) as standbys`,
  )
  if (inRecovery) throw new NoWritesTakenError(sideName(port), said('cause-in-recovery'))
  if (names !== '' && standbys === 0)
    throw new NoWritesTakenError(sideName(port), said('cause-no-standby', { names }))
}

/** Nobody gets in before it is shut; a run that ended in between has left it half made. */
async function createControl(client: pg.Client, isThere: boolean): Promise<void> {
  try {
    if (!isThere) await client.query(`create database ${controlDatabase} allow_connections false`)
  } catch (error) {
    // 42P04 and 23505: somebody else made it in the meantime.
    if (!['42P04', '23505'].includes(sqlState(error) ?? '')) throw error
  }
  await client.query(
    `revoke connect on database ${controlDatabase} from public; alter database ${controlDatabase} allow_connections true`,
  )
}

/** Records a side that serves, when there is no record yet; gives what holds afterwards. */
export async function beginOpen(control: pg.Client, side: NamedSide): Promise<SideState> {
  await control.query('select begin_open($1, $2)', [side.database, freshToken('begun')])
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

/** Forgets a side, its write gaps with it, but not whether its database has served. What its fence took stays taken. */
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
