import type pg from 'pg'

/** How a table's rows fall into ranges: by spans of a whole-number key, or by a digest of whatever identifies a row. */
export interface VerifiedTable {
  /** Quoted as SQL wants it. */
  readonly name: string
  /** Expression that gives a row's range as a whole number. */
  readonly range: string
  /** Expression that identifies a row, as text. */
  readonly key: string
  /** Expression that gives the compared columns as text. */
  readonly row: string
  /** Ranges are spans of the key, `width` wide; undefined when they are buckets of a digest. */
  readonly width?: number
}

/** Rows of a table that belong together; what a difference is reported by. */
export const keySpan = 100_000
const buckets = 256

interface Found {
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
  readonly wholeNumber: boolean
}

/** A name in quotes is one on every server, whatever words its version keeps for itself. */
const quoted = `'"' || replace(a.attname, '"', '""') || '"'`

/**
 * The application's tables in their order. Left out: generated columns, which each server
 * computes itself, and unlogged tables, which no copy is bound to hold.
 */
export async function verifiedTables(client: pg.Client): Promise<readonly VerifiedTable[]> {
  const { rows } = await client.query<Found>(
    `select format('%I.%I', n.nspname, c.relname) as name,
            (select coalesce(array_agg(${quoted} order by a.attname collate "C"), '{}') from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
            coalesce(k.names, '{}') as key, coalesce(k.types = '{20}' or k.types = '{21}' or k.types = '{23}', false) as "wholeNumber"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       left join lateral (
         select array_agg(${quoted} order by p.position) as names,
                array_agg(a.atttypid::int order by p.position) as types
           from pg_index i, unnest(i.indkey::int2[]) with ordinality p (attnum, position), pg_attribute a
          where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = p.attnum) k on true
      where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
        and n.nspname not in ('pg_catalog', 'information_schema', 'qianyun') and n.nspname !~ '^pg_toast'
      order by 1`,
  )
  return rows.map(describe)
}

function describe({ name, columns, key, wholeNumber }: Found): VerifiedTable {
  const row = `row(${columns.join(', ')})::text`
  const [only] = key
  if (wholeNumber && only !== undefined) {
    return {
      name,
      row,
      key: `${only}::text`,
      range: `div(${only}::numeric, ${keySpan})::bigint`,
      width: keySpan,
    }
  }
  const identity = key.length > 0 ? `row(${key.join(', ')})::text` : row
  return {
    name,
    row,
    key: identity,
    range: `mod(('x' || left(md5(${identity}), 6))::bit(24)::int, ${buckets})::bigint`,
  }
}

/** A range in words a person can look up. */
export function rangeWords(table: VerifiedTable, range: string): string {
  if (table.width === undefined) return `bucket ${range} of ${buckets}`
  const first = BigInt(range) * BigInt(table.width)
  return `keys ${String(first)} to ${String(first + BigInt(table.width) - 1n)}`
}
