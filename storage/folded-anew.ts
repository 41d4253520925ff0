import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { applyEvent, type Migration } from '../domain/move/migration.ts'
import type { MigrationEvent } from '../domain/move/event.ts'
import { appendAudit } from './audit.ts'
import { jsonDigest } from './digest.ts'
import { columnsOf, saveProjection } from './migrations.ts'
import { inTransaction, lockName, locks } from './pool.ts'

const domain = join(import.meta.dirname, '../domain')
const fromSource = import.meta.filename.endsWith('.ts')

/**
 * Makes the state of every move what its events add up to by the rules of this version, and puts each change on record. Done once after
 * an upgrade that changed the rules, and whenever `asked`. Takes the rights of the owner of the tables.
 * @returns the moves whose state was another one
 */
export async function foldAnew(pool: pg.Pool, { asked = false } = {}): Promise<readonly string[]> {
  const digest = digestOfRules()
  const { rows } = await pool.query<{ digest: string }>('select digest from folded_by')
  if (rows[0]?.digest === digest && !asked) return []
  const moves = await pool.query<{ migration: string }>('select migration from migration order by migration')
  const changed: string[] = []
  for (const { migration } of moves.rows) if (await foldOne(pool, migration)) changed.push(migration)
  await pool.query(
    'insert into folded_by (digest) values ($1) on conflict (one) do update set digest = excluded.digest',
    [digest],
  )
  return changed
}

async function foldOne(pool: pg.Pool, migration: string): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await lockName(client, locks.migration, migration)
    const events = await client.query<{ content: MigrationEvent }>(
      'select content from event where migration = $1 order by sequence',
      [migration],
    )
    const folded = events.rows.reduce<Migration | undefined>(
      (m, { content }) => applyEvent(m, content),
      undefined,
    )
    const { rows } = await client.query<{ content: unknown }>(
      `select json_build_object('migration', migration, 'system', system, 'number', number, 'organisations', organisations,
                'sequence', sequence, 'phase', phase, 'standing', standing, 'content', content) as content
         from migration where migration = $1`,
      [migration],
    )
    if (folded === undefined) return false
    const [was, is] = [
      jsonDigest(rows[0]?.content ?? null),
      jsonDigest(plain({ ...columnsOf(folded), content: folded })),
    ]
    if (was === is) return false
    await saveProjection(client, folded)
    const detail = { was, is }
    await appendAudit(client, [
      { atMs: Date.now(), kind: 'projection-folded-anew', subject: migration, detail },
    ])
    return true
  })
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** The digest of everything that can say what events add up to; of a build, of the bundle, which names all it loads by their digests. */
function digestOfRules(): string {
  const hash = createHash('sha256')
  if (!fromSource) return hash.update(readFileSync(import.meta.filename)).digest('hex')
  const files = readdirSync(domain, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[jt]s$/.test(path) && !path.startsWith('words'))
    .sort()
  for (const path of files) hash.update(path).update(readFileSync(join(domain, path)))
  return hash.digest('hex')
}
