import type pg from 'pg'
import type { Sum } from './table-sum.ts'
import type { RangeSums } from './sums.ts'

/**
 * What a source held at the moment it was copied, range by range, kept in the control database of the copy's server: the
 * source goes on changing, and the copy is held against that moment.
 */
const schema = `create table if not exists copy_manifest (
  database text not null, source text not null, taken_at timestamptz not null,
  table_name text not null, range text not null, rows float8 not null, sum text not null,
  primary key (database, table_name, range))`

export type Manifest = ReadonlyMap<string, RangeSums>

export async function writeManifest(
  control: pg.Client,
  database: string,
  source: string,
  manifest: Manifest,
): Promise<void> {
  await control.query(`set client_min_messages = warning; ${schema}`)
  await control.query('begin')
  await control.query('delete from copy_manifest where database = $1', [database])
  for (const [table, sums] of manifest) {
    const ranges = [...sums]
    await control.query(
      `insert into copy_manifest (database, source, taken_at, table_name, range, rows, sum)
       select $1, $2, now(), $3, r, n, s from unnest($4::text[], $5::float8[], $6::text[]) as u (r, n, s)`,
      [
        database,
        source,
        table,
        ranges.map(([range]) => range),
        ranges.map(([, { rows }]) => rows),
        ranges.map(([, { sum }]) => sum),
      ],
    )
  }
  await control.query('commit')
}

/** The manifest of a copy made from `source`; undefined when there is none. */
export async function readManifest(
  control: pg.Client,
  database: string,
  source: string,
): Promise<Manifest | undefined> {
  const { rows: known } = await control.query<{ found: string | null }>(
    `select to_regclass('copy_manifest')::text as found`,
  )
  if (typeof known[0]?.found !== 'string') return undefined
  const { rows } = await control.query<{ table: string; range: string } & Sum>(
    `select table_name as table, range, rows, sum from copy_manifest where database = $1 and source = $2`,
    [database, source],
  )
  if (rows.length === 0) return undefined
  const manifest = new Map<string, Map<string, Sum>>()
  for (const { table, range, rows: count, sum } of rows) {
    const sums = manifest.get(table) ?? new Map<string, Sum>()
    sums.set(range, { rows: count, sum })
    manifest.set(table, sums)
  }
  return manifest
}
