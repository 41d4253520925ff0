import type pg from 'pg'
import type { FactsPort } from '../domain/ports/facts.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { assertUnaltered, sha256Hex } from './digest.ts'
import { NotStoredError } from '../domain/ports/errors.ts'

/** Large JSON values that events name by digest: facts of an assessment, results of a rehearsal, proofs of a wipe. */
export class FactStore implements FactsPort {
  constructor(private readonly pool: pg.Pool) {}

  /** Stores a JSON value and returns the SHA-256 of its canonical JSON. Idempotent. */
  async put(value: unknown): Promise<string> {
    const text = canonicalJson(value)
    const digest = sha256Hex(text)
    await this.pool.query('insert into fact (digest, content) values ($1, $2) on conflict do nothing', [
      digest,
      text,
    ])
    return digest
  }

  /** The canonical JSON with this digest. @throws NotStoredError AlteredError */
  async text(digest: string): Promise<string> {
    const { rows } = await this.pool.query<{ content: string }>(
      'select content from fact where digest = $1',
      [digest],
    )
    const [row] = rows
    if (row === undefined) throw new NotStoredError('facts', digest)
    assertUnaltered('facts', digest, row.content)
    return row.content
  }
}
