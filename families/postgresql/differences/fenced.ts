import type pg from 'pg'
import type { Fence } from '../server/control.ts'

/**
 * What the fences of a server have taken, and opening gives back: it is no difference between sides, and nothing undoes it
 * but an opening. A role may be fenced by another database of the same server.
 */
export interface Fenced {
  readonly login: readonly string[]
  readonly connect: Fence['connect']
  /** Undefined when the database is not fenced; else the read-only default it had. */
  readonly readOnly: string | null | undefined
}

export const notFenced: Fenced = { login: [], connect: [], readOnly: undefined }

/** Reads the record of a server's fences, as far as they touch a database. */
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

/** Lets a role connect once its side is opened: what the fence would give back then, as if it had taken it. */
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
