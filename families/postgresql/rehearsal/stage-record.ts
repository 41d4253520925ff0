import { sqlState, withClient } from '../server/connections.ts'
import { ensureControl } from '../server/control.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { OwnPlaceTakenError } from '../server/errors.ts'
import { sideName } from '../side-name.ts'
import type { RehearsalDatabase } from './rehearsal-database.ts'

/*
 * Which databases and roles of a server are a rehearsal's: servers are shared, and somebody else may have one of that name, or make one. A record
 * stands from before they are made until after they are gone.
 */

/** @throws OwnPlaceTakenError when there is a database or a role of that name already */
export async function noteStage(side: RehearsalDatabase): Promise<void> {
  await assertOnRecord(side)
  await ensureControl(side)
  await withClient(
    side,
    'rehearsal',
    async (control) =>
      control.query('insert into rehearsal_stage (database) values ($1) on conflict do nothing', [
        side.database,
      ]),
    controlDatabase,
  )
}

/**
 * Whether a rehearsal has begun to make what bears its name there.
 * @throws OwnPlaceTakenError when it was made by no rehearsal
 */
export async function assertOnRecord(side: RehearsalDatabase): Promise<boolean> {
  const { database } = side
  const taken = await withClient(
    side,
    'rehearsal',
    async (client) => {
      const { rows } = await client.query<{ object: string; role: string }>(
        `select 'database ' || quote_ident(datname) as object, datdba::regrole::text as role from pg_database where datname = $1
         union all select 'role ' || quote_ident(rolname), quote_ident(rolname) from pg_roles where rolname = $1`,
        [database],
      )
      return rows[0]
    },
    'postgres',
  )
  const isKnown = await isOnRecord(side)
  if (taken === undefined || isKnown) return isKnown
  throw new OwnPlaceTakenError(sideName(side), taken.object, taken.role)
}

/** Once nothing of it is left. */
export async function forgetStage(side: RehearsalDatabase): Promise<void> {
  await inRecord(side, 'delete from rehearsal_stage where database = $1')
}

async function isOnRecord(side: RehearsalDatabase): Promise<boolean> {
  return (await inRecord(side, 'select from rehearsal_stage where database = $1')) > 0
}

/** The number of rows; none where the server has no such record yet. */
async function inRecord(side: RehearsalDatabase, sql: string): Promise<number> {
  return withClient(
    side,
    'rehearsal',
    async (control) => (await control.query(sql, [side.database])).rowCount ?? 0,
    controlDatabase,
  ).catch((error: unknown) => {
    if (['3D000', '42P01'].includes(sqlState(error) ?? '')) return 0
    throw error
  })
}
