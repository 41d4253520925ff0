import type pg from 'pg'
import { readAsOwner } from '../server/read-as-owner.ts'

/**
 * A view that takes a table's name runs its owner's code with the reader's rights: servers with the mend of CVE-2024-7348 refuse it.
 * https://www.postgresql.org/support/security/CVE-2024-7348/
 */
const tablesOnly = (value: string) =>
  `select set_config(name, '${value}', false) from pg_settings where name = 'restrict_nonsystem_relation_kind'`

/** Settings under which the text of a row is the same on every server. */
const pinnedSettings = `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601';
  set extra_float_digits = 3; set bytea_output = 'hex'; set xmloption = 'content'; set lc_monetary = 'C';
  ${tablesOnly('view, foreign-table')}`

/** Makes a connection give every value as the same text on every server, and refuse to read anything but tables. */
export async function pinSettings(client: pg.Client): Promise<void> {
  await client.query(pinnedSettings)
}

/** Lets a connection read views again: whatever computes one needs it. */
export async function readViewsAgain(client: pg.Client): Promise<void> {
  await client.query(tablesOnly(''))
}

/** Rows and an order-free digest of them. */
export interface Sum {
  readonly rows: number
  readonly sum: string
}

/**
 * The sum of 64 bits of each row's MD5: free of order, so nothing is sorted, and the same in every version of the server.
 * `row` is an expression that gives a row as text, `from` what follows FROM.
 */
export function sumOf(row: string): string {
  return `count(*)::float8 as rows, coalesce(sum(('x' || left(md5(${row}), 16))::bit(64)::bigint::numeric), 0)::text as sum`
}

/** A table's columns, quoted, in the order of their names: both sides may have them in different orders. */
export async function comparedColumns(client: pg.Client, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select '"' || replace(attname, '"', '""') || '"' as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname collate "C"`,
    [table],
  )
  return rows.map(({ name }) => name)
}

/** The digest of a whole table, given by its quoted name. */
export async function tableSum(client: pg.Client, table: string): Promise<Sum> {
  const columns = await comparedColumns(client, table)
  await pinSettings(client)
  try {
    const name = quotedTable(client, table)
    const rows = await readAsOwner<Sum>(client, {
      table: name,
      query: `select ${sumOf(`row(${columns.join(', ')})::text`)} from ${name}`,
      columns: 'rows float8, sum text',
    })
    return rows[0] ?? { rows: 0, sum: '0' }
  } finally {
    await readViewsAgain(client)
  }
}

/** `schema.table` as it stands in a playbook, each part quoted. */
export function quotedTable(client: pg.Client, table: string): string {
  return table
    .split('.')
    .map((part) => client.escapeIdentifier(part.replaceAll('"', '')))
    .join('.')
}
