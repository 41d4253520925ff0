import type pg from 'pg'

/**
 * The columns that take numbers from a sequence: identity and serial columns, and any integer column (or column of a domain over an
 * integer) whose default calls the sequence.
 */
export const feeds = `select s.oid as id, format('%I.%I', sn.nspname, s.relname) as sequence,
        format('%I.%I', tn.nspname, t.relname) as "table", quote_ident(a.attname) as "column",
        b.oid as type, case when b.oid = 'numeric'::regtype then (greatest(a.atttypmod, y.typtypmod) - 4) >> 16 end as digits
   from pg_class s
   join pg_namespace sn on sn.oid = s.relnamespace
   join (select objid as sequence, refobjid as relation, refobjsubid as number
           from pg_depend
          where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')
         union
         select d.refobjid, f.adrelid, f.adnum
           from pg_depend d join pg_attrdef f on f.oid = d.objid
          where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass) u on u.sequence = s.oid
   join pg_class t on t.oid = u.relation and t.relkind in ('r', 'p')
   join pg_namespace tn on tn.oid = t.relnamespace
   join pg_attribute a on a.attrelid = u.relation and a.attnum = u.number
   join pg_type y on y.oid = a.atttypid
   join pg_type b on b.oid = coalesce(nullif(y.typbasetype, 0), y.oid)
  where s.relkind = 'S' and (b.oid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
     or (b.oid = 'numeric'::regtype and greatest(a.atttypmod, y.typtypmod) >= 4
         and (greatest(a.atttypmod, y.typtypmod) - 4) & 2047 = 0 and (greatest(a.atttypmod, y.typtypmod) - 4) >> 16 <= 18))`

/** The range of the columns that take numbers from a sequence, as text. */
export interface ColumnLimit {
  /** The OID of the sequence. */
  readonly sequence: string
  readonly minimum: string
  readonly maximum: string
}

const byType: Readonly<Record<string, string>> = {
  '21': '32767',
  '23': '2147483647',
  '20': '9223372036854775807',
}

/**
 * The narrowest column of each sequence: a bigint sequence may feed a smallint column, and a number beyond its range makes the first
 * insert fail.
 */
export async function columnLimits(client: pg.Client): Promise<readonly ColumnLimit[]> {
  const { rows } = await client.query<{ id: string; type: string; digits: number | null }>(
    `select id::text, type::oid::text as type, digits from (${feeds}) f`,
  )
  const ends = new Map<string, bigint>()
  for (const { id, type, digits } of rows) {
    const end = digits === null ? BigInt(byType[type] ?? '9223372036854775807') : 10n ** BigInt(digits) - 1n
    const before = ends.get(id)
    ends.set(id, before === undefined || end < before ? end : before)
  }
  return [...ends].map(([sequence, end]) => ({ sequence, minimum: String(-end), maximum: String(end) }))
}
