import type pg from 'pg'
import type { DatabaseFacts } from './database-facts.ts'
import type { Asked } from './topics.ts'

const ofServer: Readonly<Record<string, string>> = {
  xml: `SELECT XMLPARSE(CONTENT 'a')`,
}

const ciphers = ['aes', '3des', 'bf', 'cast5', 'des']
const digests = ['md5', 'sha1', 'sha224', 'sha256', 'md4', 'rmd160', 'whirlpool']

/** The schema of pgcrypto's functions: those in C, which nobody but a superuser makes. */
const placeOfPgcrypto = `
SELECT quote_ident(n.nspname) AS schema
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'c'
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pgcrypto'
 WHERE p.probin LIKE '%pgcrypto' AND p.proname IN ('encrypt', 'digest') AND p.proargtypes[0] = 'bytea'::regtype
 GROUP BY 1 HAVING count(*) = 2`

/**
 * What a build of the server and its libraries can do, tried: a version of OpenSSL leaves ciphers out, and nothing in a catalog says so. What
 * could not be tried, for want of the extension, is absent.
 */
export async function buildFacts({ client, rows }: Asked): Promise<Pick<DatabaseFacts, 'canDo'>> {
  const canDo: Record<string, boolean> = {}
  for (const [name, sql] of Object.entries(ofServer)) canDo[name] = await works(client, sql)
  const [pgcrypto] = await rows<{ schema: string }>(placeOfPgcrypto)
  if (pgcrypto === undefined) return { canDo }
  const { schema } = pgcrypto
  for (const cipher of ciphers)
    canDo[`cipher ${cipher}`] = await works(
      client,
      `SELECT ${schema}.encrypt('a'::bytea, '01234567'::bytea, '${cipher}')`,
    )
  for (const digest of digests)
    canDo[`digest ${digest}`] = await works(client, `SELECT ${schema}.digest('a'::bytea, '${digest}')`)
  return { canDo }
}

async function works(client: pg.Client, sql: string): Promise<boolean> {
  await client.query('SAVEPOINT build')
  return client.query(sql).then(
    async () => true,
    async () => {
      await client.query('ROLLBACK TO SAVEPOINT build')
      return false
    },
  )
}
