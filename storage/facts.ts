import type pg from 'pg'
import { canonicalJson } from '../domain/canonical-json.ts'
import { sha256Hex } from './digest.ts'
import { NotStoredError } from './errors.ts'

/** Large JSON that events name by digest: facts of an assessment, results of a rehearsal, proofs of a wipe. */
export class FactStore {
  constructor(private readonly pool: pg.Pool) {}

  /** Stores a JSON value and gives the SHA-256 of its canonical JSON. The same value again is harmless. */
  async put(value: unknown): Promise<string> {
    const text = canonicalJson(value)
    const digest = sha256Hex(text)
    await this.pool.query('insert into fact (digest, content) values ($1, $2) on conflict do nothing', [
      digest,
      text,
    ])
    return digest
  }

  /** @throws NotStoredError */
  async get(digest: string): Promise<unknown> {
    const { rows } = await this.pool.query<{ content: string }>(
      'select content from fact where digest = $1',
      [digest],
    )
    const [row] = rows
    if (row === undefined) throw new NotStoredError('facts', digest)
    return JSON.parse(row.content)
  }
}
