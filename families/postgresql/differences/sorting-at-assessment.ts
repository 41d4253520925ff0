import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import { maybe, ofApplication } from './catalog/query.ts'
import { sorts } from './catalog/code.ts'
import type { Difference } from './difference.ts'

/** What sorts text of a database, as far as a library of the host does. */
interface Sorting {
  readonly kind: 'database' | 'collation'
  readonly identity: string
  readonly provider: 'c' | 'i'
  readonly locale: string
  /** The version by which the indexes were built; null where the server keeps none. */
  readonly recorded: string | null
  readonly actual: string | null
}

const byLibrary = (row: string, collate: string) =>
  `${row} in ('c', 'i') and coalesce(${collate}, '') not in ('C', 'POSIX')`

const sortingQuery = `
  select 'collation' as kind, format('%I.%I', n.nspname, c.collname) as identity, c.collprovider::text as provider,
         coalesce(${maybe('c', 'colllocale')}, ${maybe('c', 'colliculocale')}, c.collcollate) as locale,
         c.collversion as recorded, pg_collation_actual_version(c.oid) as actual
    from pg_collation c join pg_namespace n on n.oid = c.collnamespace
   where ${byLibrary('c.collprovider', 'c.collcollate')} and (${ofApplication} or ${sorts('c')})
   union all
  select 'database', 'collation version', p.provider, p.locale, ${maybe('d', 'datcollversion')},
         (select pg_collation_actual_version(c.oid) from pg_collation c
           where p.provider = 'c' and c.collprovider = 'c' and c.collcollate = p.locale limit 1)
    from pg_database d, lateral (select coalesce(${maybe('d', 'datlocprovider')}, 'c') as provider,
         coalesce(${maybe('d', 'datlocale')}, ${maybe('d', 'daticulocale')}, d.datcollate) as locale) p
   where d.datname = current_database() and ${byLibrary('p.provider', 'p.locale')}
   order by 1, 2`

/** The versions of a library by locale, of the collations that a server brings. */
const versionsQuery = `
  select distinct c.collprovider::text as provider, coalesce(${maybe('c', 'colllocale')}, ${maybe('c', 'colliculocale')}, c.collcollate) as locale,
         pg_collation_actual_version(c.oid) as version
    from pg_collation c where c.collnamespace = 'pg_catalog'::regnamespace and c.collprovider in ('c', 'i')`

type Versions = ReadonlyMap<string, string | null>

/**
 * What of a database would be sorted by another version of a library, before the database is on the new side. @throws when a server cannot
 * be asked
 */
export async function differingSorting(
  source: DatabasePort,
  target: DatabasePort,
  place: string,
): Promise<readonly Difference[]> {
  const [sortings, here] = await withClient(source, 'discovery', async (client) => {
    const { rows } = await client.query<Sorting>(sortingQuery)
    return [rows, await versionsOf(client)] as const
  })
  if (sortings.length === 0) return []
  const there = await withClient(target, 'discovery', versionsOf, place)
  return sortings.flatMap((one) => differenceOf(one, here, there))
}

async function versionsOf(client: pg.Client): Promise<Versions> {
  const { rows } = await client.query<{ provider: string; locale: string; version: string | null }>(
    versionsQuery,
  )
  return new Map(rows.map(({ provider, locale, version }) => [key(provider, locale), version]))
}

function differenceOf(sorting: Sorting, here: Versions, there: Versions): readonly Difference[] {
  const { kind, identity, provider, locale } = sorting
  const like = localesLike(sorting).find(
    (one) => here.has(key(provider, one)) && there.has(key(provider, one)),
  )
  const now = sorting.actual ?? (like === undefined ? null : (here.get(key(provider, like)) ?? null))
  const recorded = sorting.recorded ?? now
  const other = like === undefined ? undefined : (there.get(key(provider, like)) ?? null)
  const isOld = recorded !== null && now !== null && recorded !== now
  // Of a locale that only the old server lists, the version is known once the database is there.
  if (provider === 'i' && other === undefined) return []
  // A server's collation may be of a locale of which it brings no other: the versions of one that both have are compared then.
  const same =
    like === locale ? recorded === other : like !== undefined && here.get(key(provider, like)) === other
  if (same && !isOld) return []
  const words = (version: string | null | undefined) =>
    version === undefined
      ? undefined
      : `${locale} of ${provider === 'i' ? 'ICU' : 'libc'} version ${version ?? 'unknown'}`
  return [
    {
      kind,
      identity,
      from: words(recorded),
      to: words(other),
      statements: [],
      carried: false,
      onOldRecord: isOld ? ['from'] : [],
    },
  ]
}

/** The locale, its language, and the root, of which every ICU has a version. */
function localesLike({ provider, locale }: Sorting): readonly string[] {
  if (provider === 'c') return [locale]
  const [base = locale] = locale.split(/-u-|@/)
  const [language = base] = base.split(/[-_]/)
  return [locale, base, language, 'und']
}

function key(provider: string, locale: string): string {
  return `${provider} ${locale.toLowerCase()}`
}
