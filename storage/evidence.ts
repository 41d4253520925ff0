import type pg from 'pg'
import type { Actor } from '../domain/organisation.ts'
import type { Evidence } from '../domain/move/task.ts'
import { appendAudit } from './audit.ts'
import { assertUnaltered, sha256Hex } from './digest.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { inTransaction } from './pool.ts'

/** Files of evidence, each stored once under its SHA-256. */
export class EvidenceStore {
  constructor(private readonly pool: pg.Pool) {}

  /** Stores bytes under their digest. Idempotent. The audit log says who attached the file. */
  async put(bytes: Uint8Array, name: string, by: Actor, atMs: number): Promise<Evidence> {
    const digest = sha256Hex(bytes)
    const evidence = { name, digest, sizeBytes: bytes.byteLength }
    await inTransaction(this.pool, async (client) => {
      await client.query(
        'insert into evidence (digest, size_bytes, bytes) values ($1, $2, $3) on conflict do nothing',
        [digest, bytes.byteLength, bytes],
      )
      const { rowCount } = await client.query(
        `insert into evidence_upload (digest, organisation, account, name, at_ms)
         values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [digest, by.organisation, by.account, name, atMs],
      )
      if (rowCount === 1) {
        await appendAudit(client, [
          { atMs, kind: 'evidence-stored', actor: by, subject: digest, detail: evidence },
        ])
      }
    })
    return evidence
  }

  /** @throws NotStoredError AlteredError */
  async get(digest: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const { rows } = await this.pool.query<{ name: string | null; bytes: Buffer }>(
      `select bytes, (select name from evidence_upload u where u.digest = e.digest order by at_ms limit 1) as name
         from evidence e where digest = $1`,
      [digest],
    )
    const [row] = rows
    if (row === undefined) throw new NotStoredError('evidence', digest)
    assertUnaltered('evidence', digest, row.bytes)
    return { name: row.name ?? digest, bytes: row.bytes }
  }

  /**
   * A file that an organisation may attach in a move, with the names under which it was brought: its own files, and what is attached
   * there already. Undefined when it is neither.
   */
  async attachable(
    digest: string,
    { organisation, migration }: { readonly organisation: string; readonly migration: string },
  ): Promise<{ readonly sizeBytes: number; readonly names: readonly string[] } | undefined> {
    const { rows } = await this.pool.query<{ size_bytes: string; name: string }>(
      `select distinct e.size_bytes, u.name from evidence e join evidence_upload u using (digest)
        where e.digest = $1 and (u.organisation = $2 or exists (
          select from evidence_use a join migration m using (migration)
           where a.digest = e.digest and a.migration = $3 and u.organisation = any (m.organisations)))
        order by u.name`,
      [digest, organisation, migration],
    )
    const [first] = rows
    return first && { sizeBytes: Number(first.size_bytes), names: rows.map(({ name }) => name) }
  }

  /** Whether the organisation uploaded the file, or takes part in a move to which the file is attached. */
  async isVisibleTo(digest: string, organisation: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `select from evidence_upload where digest = $1 and organisation = $2
       union all
       select from evidence_use u join migration m using (migration)
        where u.digest = $1 and $2 = any (m.organisations)
       limit 1`,
      [digest, organisation],
    )
    return rowCount === 1
  }
}
