import type pg from 'pg'
import { ownerName } from '../differences/catalog/query.ts'
import { powersOf } from '../server/powers.ts'

const pageBytes = `current_setting('block_size')::int / 4`

/**
 * Large objects are not replicated: they are compared by digest, and copied where they differ. A digest takes in content, size, owner and
 * rights. Pages of zeros count as absent, since a hole in one side's object is filled with zeros on the other.
 */
async function manifest(client: pg.Client, by: Reading): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ oid: string; digest: string }>(
    `select m.oid::text as oid, md5(concat_ws(' ', ${by === 'pages' ? digestOfPages : 'md5(lo_get(m.oid))'},
              ${by === 'pages' ? 'm.lomowner::regrole' : ownerName('m.lomowner', { isManaged: true })}, ${rightsOf(by)})) as digest
       from pg_largeobject_metadata m`,
  )
  return new Map(rows.map(({ oid, digest }) => [oid, digest]))
}

/** Who may not read their pages opens each as a whole. */
type Reading = 'pages' | 'whole'

const digestOfPages = `(select string_agg(l.pageno || ' ' || md5(l.data || decode(repeat('00', ${pageBytes} - octet_length(l.data)), 'hex')), ' ' order by l.pageno)
                 from pg_largeobject l where l.loid = m.oid and btrim(l.data, '\\x00') <> ''),
              (select 'size ' || l.pageno || ' ' || octet_length(l.data) from pg_largeobject l where l.loid = m.oid order by l.pageno desc limit 1)`

/** Who may do what with a large object `m`, its owner too, since a revoke can take the owner's own rights. Superusers need none. */
const rightsOf = (
  by: Reading,
): string => `(select string_agg(concat_ws(' ', coalesce(quote_ident(r.rolname), 'public'), x.privilege_type, x.is_grantable), ', ' order by r.rolname, x.privilege_type)
  from aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) x left join pg_roles r on r.oid = x.grantee
 where not coalesce(r.rolsuper${by === 'pages' ? '' : ' or r.rolname = current_user'}, false))`

export async function countLargeObjects(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from pg_largeobject_metadata',
  )
  return rows[0]?.count ?? 0
}

/** Ids of large objects that are not the same on both sides. */
export async function differingLargeObjects(from: pg.Client, to: pg.Client): Promise<readonly string[]> {
  const powers = await Promise.all([powersOf(from), powersOf(to)])
  const by = powers.every(({ readsCatalogs }) => readsCatalogs) ? 'pages' : 'whole'
  const [wanted, found] = await Promise.all([manifest(from, by), manifest(to, by)])
  const changed = [...wanted].filter(([oid, digest]) => found.get(oid) !== digest).map(([oid]) => oid)
  const extra = [...found.keys()].filter((oid) => !wanted.has(oid))
  return [...changed, ...extra].sort()
}

/** Makes the large objects of `to` those of `from`, with their owners and rights. Gives how many were copied or removed. */
export async function syncLargeObjects(from: pg.Client, to: pg.Client): Promise<number> {
  const differing = await differingLargeObjects(from, to)
  const powers = await Promise.all([powersOf(from), powersOf(to)])
  const isManaged = powers.some(({ isSuperuser }) => !isSuperuser)
  for (const oid of differing) {
    await to.query('select lo_unlink(oid) from pg_largeobject_metadata where oid = $1', [oid])
    const { rows } = await from.query<{
      data: Buffer
      owner: string
      isAdministrators: boolean
      grants: readonly string[]
    }>(
      `select lo_get(m.oid) as data, m.lomowner::regrole::text as owner, o.rolsuper or o.rolname = current_user as "isAdministrators",
              array(select format('grant %s on large object %s to %s%s', x.privilege_type, m.oid, coalesce(quote_ident(r.rolname), 'public'),
                                  case when x.is_grantable and x.grantee <> m.lomowner then ' with grant option' else '' end)
                      from aclexplode(m.lomacl) x left join pg_roles r on r.oid = x.grantee where not coalesce(r.rolsuper or r.rolname = current_user, x.grantee <> 0)) as grants
         from pg_largeobject_metadata m join pg_roles o on o.oid = m.lomowner where m.oid = $1`,
      [oid],
    )
    const [found] = rows
    if (found === undefined) continue
    await to.query('select lo_from_bytea($1, $2)', [oid, found.data])
    const owner = isManaged && found.isAdministrators ? 'current_user' : found.owner
    await to.query(`alter large object ${String(Number(oid))} owner to ${owner}`)
    if (found.grants.length === 0) continue
    await to.query(`revoke all on large object ${String(Number(oid))} from ${owner}`)
    for (const grant of found.grants) await to.query(grant)
  }
  return differing.length
}
