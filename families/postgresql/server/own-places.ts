import type pg from 'pg'
import { controlDatabase } from './control-schema.ts'
import { OwnPlaceTakenError } from './errors.ts'

const isOthers = (owner: string): string =>
  `NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = ${owner} AND (r.rolsuper OR r.rolname = current_user))`

/** Who is no superuser names each table, and leaves none of its rows or columns out. */
const listsTables = `(NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            AND NOT EXISTS (SELECT FROM pg_publication_rel t WHERE t.prpubid = p.oid
                             AND (to_jsonb(t) ->> 'prqual' IS NOT NULL OR to_jsonb(t) ->> 'prattrs' IS NOT NULL)))`

/** A publication of our name that is somebody else's, or lacks what it has to carry: rows that it leaves out never arrive. */
const takenPublicationSql = `
    SELECT 'publication qianyun' AS object, pg_get_userbyid(p.pubowner)::text AS role FROM pg_publication p
     WHERE p.pubname = 'qianyun'
       AND (${isOthers('p.pubowner')} OR NOT ((p.puballtables OR ${listsTables}) AND p.pubinsert AND p.pubupdate AND p.pubdelete)
            OR to_jsonb(p) ->> 'pubtruncate' = 'false')`

/**
 * What somebody else owns in the schema in which we keep our own tables, the schema first: `object` and `role`. Defaults, triggers and rules of
 * such tables would run with our rights as we write.
 */
const takenSchemaSql = `
    SELECT 'schema qianyun' AS object, pg_get_userbyid(nspowner)::text AS role FROM pg_namespace WHERE nspname = 'qianyun' AND ${isOthers('nspowner')}
    UNION ALL
    SELECT format('qianyun.%I', c.relname), pg_get_userbyid(c.relowner)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'qianyun' AND ${isOthers('c.relowner')}
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure::text, pg_get_userbyid(p.proowner)::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'qianyun' AND ${isOthers('p.proowner')}`

const inControl = (catalog: string, prefix: string, name: string): string =>
  `SELECT format('%I: %s %I.%I', current_database(), '${catalog.slice(3)}', n.nspname, x.${name}), pg_get_userbyid(x.${prefix}owner)::text
     FROM ${catalog} x JOIN pg_namespace n ON n.oid = x.${prefix}namespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ${isOthers(`x.${prefix}owner`)}`

/** What of the database of our records is somebody else's: whoever gets in before it is shut may put what we call there. */
const takenControlSql = `
    SELECT 'database ${controlDatabase}' AS object, pg_get_userbyid(datdba)::text AS role
      FROM pg_database WHERE datname = '${controlDatabase}' AND ${isOthers('datdba')}
    UNION ALL ${inControl('pg_class', 'rel', 'relname')}
    UNION ALL ${inControl('pg_proc', 'pro', 'proname')}
    UNION ALL ${inControl('pg_type', 'typ', 'typname')}
    UNION ALL ${inControl('pg_operator', 'opr', 'oprname')}`

/** Everything of our name in a database that is not as we make it: `object` and `role`. */
export const takenPlacesSql = `${takenSchemaSql}
    UNION ALL ${takenPublicationSql}`

/** @throws OwnPlaceTakenError when the publication of our name is not as we make it */
export async function assertOwnPublication(client: pg.Client, side: string): Promise<void> {
  await assertNone(client, side, takenPublicationSql)
}

/** Whether the schema and the publication of our name are ours, or are not there: what is somebody else's is never taken away. */
export async function areOwn(
  client: pg.Client,
): Promise<{ readonly schema: boolean; readonly publication: boolean }> {
  const [schema, publication] = [
    await foundIn(client, takenSchemaSql),
    await foundIn(client, takenPublicationSql),
  ]
  return { schema: schema === undefined, publication: publication === undefined }
}

/** @throws OwnPlaceTakenError when the schema is somebody else's, or holds what is */
export async function assertOwnSchema(client: pg.Client, side: string): Promise<void> {
  await assertNone(client, side, takenSchemaSql)
}

/** @throws OwnPlaceTakenError when the database of our records, which the client is connected to, or what is in it is somebody else's */
export async function assertOwnControl(client: pg.Client, server: string): Promise<void> {
  await assertNone(client, server, takenControlSql)
}

async function assertNone(client: pg.Client, where: string, sql: string): Promise<void> {
  const found = await foundIn(client, sql)
  if (found !== undefined) throw new OwnPlaceTakenError(where, found.object, found.role)
}

interface Taken {
  readonly object: string
  readonly role: string
}

async function foundIn(client: pg.Client, sql: string): Promise<Taken | undefined> {
  const { rows } = await client.query<Taken & pg.QueryResultRow>(`${sql} LIMIT 1`)
  return rows[0]
}
