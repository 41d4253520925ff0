import type pg from 'pg'
import { type ReadWithin, readAsOwner } from '../server/read-as-owner.ts'
import { type Sum, pinSettings, sumOf } from './table-sum.ts'
import type { VerifiedTable } from './tables.ts'

/** Range → rows and digest. */
export type RangeSums = ReadonlyMap<string, Sum>

/** The digests of a table's ranges, one pass over the table. */
export async function rangeSums(
  client: pg.Client,
  table: VerifiedTable,
  within?: ReadWithin,
): Promise<RangeSums> {
  await pinSettings(client)
  const rows = await readAsOwner<{ range: string } & Sum>(client, {
    table: table.name,
    query: `select ${table.range}::text as range, ${sumOf(table.row)} from ${table.name} group by 1`,
    columns: 'range text, rows float8, sum text',
    ...(within && { within }),
  })
  return new Map(rows.map(({ range, rows: count, sum }) => [range, { rows: count, sum }]))
}

/** Ranges that are not the same in both, in their order. */
export function differingRanges(one: RangeSums, other: RangeSums): readonly string[] {
  const all = new Set([...one.keys(), ...other.keys()])
  return [...all]
    .filter((range) => {
      const [left, right] = [one.get(range), other.get(range)]
      return left?.rows !== right?.rows || left?.sum !== right?.sum
    })
    .toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
}

/**
 * The rows of one range: what identifies each → how often it is there and with which digest. Tables without a key may
 * hold the same row several times.
 */
export async function rowDigests(
  client: pg.Client,
  table: VerifiedTable,
  range: string,
): Promise<ReadonlyMap<string, string>> {
  await pinSettings(client)
  const rows = await readAsOwner<{ key: string; digest: string }>(client, {
    table: table.name,
    query: `select ${table.key} as key, count(*) || ' ' || string_agg(md5(${table.row}), '' order by md5(${table.row})) as digest
       from ${table.name} where ${table.range} = ${client.escapeLiteral(range)}::bigint group by 1`,
    columns: 'key text, digest text',
  })
  return new Map(rows.map(({ key, digest }) => [key, digest]))
}
