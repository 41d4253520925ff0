import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { sqlState, withClient } from '../server/connections.ts'
import { catalog } from './catalog/index.ts'
import { databaseRows } from './catalog/database.ts'
import type { CatalogRow } from './catalog/query.ts'
import { roleRows } from './catalog/roles.ts'
import type { Fenced } from './fenced.ts'

export interface Reading {
  readonly port: DatabasePort
  readonly major: number
  readonly otherMajor: number
  readonly isManaged: boolean
  readonly withPasswords: boolean
  readonly roles: readonly string[]
  readonly fenced: Fenced
}

/** Settings of the session that make both sides print values alike. */
const printing = `select set_config('lc_messages', 'C', false) from pg_roles where rolname = current_user and rolsuper; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';
  set bytea_output = 'hex'; set extra_float_digits = 1; set quote_all_identifiers = off; set search_path = pg_catalog;
  set lc_monetary = 'C'; set lc_numeric = 'C'; set xmlbinary = 'base64'; set standard_conforming_strings = on`

const attempts = 4

/**
 * Reads everything of one side in one snapshot. It reads again if a lock is not free within a second, so that nobody queues behind it for
 * longer, or if an object is dropped meanwhile.
 */
export async function readSide(reading: Reading): Promise<readonly CatalogRow[]> {
  return withClient(reading.port, 'compare', async (client) => {
    await client.query(`${printing}; set lock_timeout = '1s'; set statement_timeout = '30s'`)
    for (let attempt = 1; ; attempt++) {
      try {
        return await readOnce(client, reading)
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        // 55P03: a lock; 42704, 42883, 42P01, XX000: something was dropped between two looks.
        const passes = ['55P03', '42704', '42883', '42P01', 'XX000'].includes(sqlState(error) ?? '')
        if (!passes || attempt >= attempts) throw error
      }
    }
  })
}

async function readOnce(client: pg.Client, reading: Reading): Promise<readonly CatalogRow[]> {
  const { port, major, otherMajor, isManaged, withPasswords, roles, fenced } = reading
  const all: CatalogRow[] = []
  await client.query('begin isolation level repeatable read read only')
  for (const query of catalog) {
    const { rows } = await client.query<CatalogRow>(
      `select * from (${query({ major, otherMajor, isManaged })}) as r (kind, identity, text, within, make)`,
    )
    all.push(...rows)
  }
  all.push(...(await roleRows(client, port.database, roles, fenced, { major, withPasswords })))
  all.push(...(await databaseRows(client, port.database, fenced, { isManaged })))
  await client.query('commit')
  return all
}
