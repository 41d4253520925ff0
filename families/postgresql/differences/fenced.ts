import type pg from 'pg'
import type { Fence } from '../server/control.ts'

/**
 * What the fences of a server have taken. An opening gives it back, and nothing else does, so it is no difference between sides. A role
 * may be fenced by another database of the same server.
 */
export interface Fenced {
  readonly login: readonly string[]
  readonly connect: Fence['connect']
  /** The previous read-only default of a fenced database; undefined if the database is not fenced. */
  readonly readOnly: string | null | undefined
}

export const notFenced: Fenced = { login: [], connect: [], readOnly: undefined }

/** Reads the record of a server's fences that affect a database. */
export async function readFenced(control: pg.Client, database: string): Promise<Fenced> {
  const { rows } = await control.query<{ database: string; fence: Fence }>(
    'select database, fence from cutover_state where fence is not null',
  )
  const own = rows.find((row) => row.database === database)?.fence
  return {
    login: [...new Set(rows.flatMap(({ fence }) => fence.login))],
    connect: own?.connect ?? [],
    readOnly: own === undefined ? undefined : own.readOnly,
  }
}

/** Adds a role to those that an opening gives CONNECT, as if the fence had taken it. */
export async function letConnectAtOpening(
  control: pg.Client,
  database: string,
  role: string | null,
  grantable: boolean,
): Promise<void> {
  await control.query(
    `update cutover_state
        set fence = jsonb_set(fence, '{connect}', (fence -> 'connect') || jsonb_build_array(jsonb_build_object('role', $2::text, 'grantable', $3::boolean)))
      where database = $1 and state = 'closed' and fence is not null`,
    [database, role, grantable],
  )
}

/** Writes into the record that the database was given away: with it PostgreSQL gives the rights of its owner to the next one. */
export async function passConnectOn(
  control: pg.Client,
  database: string,
  owner: { readonly before: string; readonly now: string },
): Promise<void> {
  await control.query(
    `update cutover_state
        set fence = jsonb_set(fence, '{connect}', (
              select coalesce(jsonb_agg(jsonb_build_object('role', role, 'grantable', grantable)), '[]')
                from (select case when role = $2 then $3 else role end as role, bool_or(grantable) as grantable
                        from jsonb_to_recordset(fence -> 'connect') as c (role text, grantable boolean) group by 1) p))
      where database = $1 and state = 'closed' and fence is not null`,
    [database, owner.before, owner.now],
  )
}

/** Takes a role out of those that an opening gives CONNECT; `grantOption` leaves it the right itself. */
export async function keepFromConnectAtOpening(
  control: pg.Client,
  database: string,
  role: string | null,
  what: 'right' | 'grantOption',
): Promise<void> {
  const keeps = `c -> 'role' is distinct from coalesce(to_jsonb($2::text), 'null')`
  const kept =
    what === 'right'
      ? `select coalesce(jsonb_agg(c), '[]') from jsonb_array_elements(fence -> 'connect') c where ${keeps}`
      : `select coalesce(jsonb_agg(case when ${keeps} then c else c || '{"grantable": false}' end), '[]') from jsonb_array_elements(fence -> 'connect') c`
  await control.query(
    `update cutover_state set fence = jsonb_set(fence, '{connect}', (${kept}))
      where database = $1 and state = 'closed' and fence is not null`,
    [database, role],
  )
}
