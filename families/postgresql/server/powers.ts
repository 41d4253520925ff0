import type pg from 'pg'
import { oneRow } from './connections.ts'

/** What a session may do of what a server keeps for superusers, unless a service has granted it. */
export interface Powers {
  readonly isSuperuser: boolean
  /** Stored passwords, which `pg_authid` has. */
  readonly readsPasswords: boolean
  /** Settings by the file they come from. */
  readonly readsFileSettings: boolean
  /** Positions of replication, as the server keeps them for each subscription. */
  readonly readsOrigins: boolean
  readonly setsOrigins: boolean
  /** The options of user mappings, and large objects by their pages. */
  readonly readsCatalogs: boolean
}

const query = `
  select (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
         has_table_privilege('pg_catalog.pg_authid', 'select') as "readsPasswords",
         has_table_privilege('pg_catalog.pg_file_settings', 'select')
           and has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'execute') as "readsFileSettings",
         has_function_privilege('pg_catalog.pg_show_replication_origin_status()', 'execute') as "readsOrigins",
         has_function_privilege('pg_catalog.pg_replication_origin_advance(text, pg_lsn)', 'execute') as "setsOrigins",
         has_table_privilege('pg_catalog.pg_user_mapping', 'select') and has_table_privilege('pg_catalog.pg_largeobject', 'select') as "readsCatalogs"`

const known = new WeakMap<pg.Client, Promise<Powers>>()

/** Asked once for each connection: a session that gains or loses rights is made anew. */
export async function powersOf(client: pg.Client): Promise<Powers> {
  const before = known.get(client)
  if (before !== undefined) return before
  const asked = oneRow<Powers & pg.QueryResultRow>(client, query)
  known.set(client, asked)
  asked.catch(() => known.delete(client))
  return asked
}
