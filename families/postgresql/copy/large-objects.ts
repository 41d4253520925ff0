import type pg from 'pg'

/** Large objects are not replicated: they are compared by digest, and copied where they differ. */
async function manifest(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ oid: string; digest: string }>(
    `select m.oid::text as oid,
            md5(coalesce((select string_agg(md5(l.data), '' order by l.pageno) from pg_largeobject l where l.loid = m.oid), '')) as digest
       from pg_largeobject_metadata m`,
  )
  return new Map(rows.map(({ oid, digest }) => [oid, digest]))
}

export async function countLargeObjects(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from pg_largeobject_metadata',
  )
  return rows[0]?.count ?? 0
}

/** Ids of large objects that are not the same on both sides. */
export async function differingLargeObjects(from: pg.Client, to: pg.Client): Promise<readonly string[]> {
  const [wanted, found] = await Promise.all([manifest(from), manifest(to)])
  const changed = [...wanted].filter(([oid, digest]) => found.get(oid) !== digest).map(([oid]) => oid)
  const extra = [...found.keys()].filter((oid) => !wanted.has(oid))
  return [...changed, ...extra].sort()
}

/** Makes the large objects of `to` those of `from`, with their owners. Gives how many were copied or removed. */
export async function syncLargeObjects(from: pg.Client, to: pg.Client): Promise<number> {
  const differing = await differingLargeObjects(from, to)
  for (const oid of differing) {
    await to.query('select lo_unlink(oid) from pg_largeobject_metadata where oid = $1', [oid])
    const { rows } = await from.query<{ data: Buffer; owner: string }>(
      'select lo_get(oid) as data, lomowner::regrole::text as owner from pg_largeobject_metadata where oid = $1',
      [oid],
    )
    const [found] = rows
    if (found === undefined) continue
    await to.query('select lo_from_bytea($1, $2)', [oid, found.data])
    await to.query(`alter large object ${String(Number(oid))} owner to ${found.owner}`)
  }
  return differing.length
}
