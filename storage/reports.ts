import type pg from 'pg'
import type { ReportsPort, StoredReport } from '../domain/ports/reports.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { assertUnaltered, sha256Hex } from './digest.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { ReportExistsError } from './errors.ts'

/** Trial-run reports. Each version of a move's report is stored once and never changes. */
export class ReportStore implements ReportsPort {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Freezes a report as canonical JSON. Idempotent.
   * @throws ReportExistsError if the version is stored with another content
   */
  async put(migration: string, version: number, report: unknown): Promise<StoredReport> {
    const text = canonicalJson(report)
    const digest = sha256Hex(text)
    await this.pool.query(
      'insert into report (digest, migration, version, content) values ($1, $2, $3, $4) on conflict do nothing',
      [digest, migration, version, text],
    )
    const { rows } = await this.pool.query<{ digest: string }>(
      'select digest from report where migration = $1 and version = $2',
      [migration, version],
    )
    if (rows[0]?.digest !== digest) throw new ReportExistsError(migration, version)
    return { digest, version, text }
  }

  /** @throws NotStoredError AlteredError */
  async get(migration: string, digest: string): Promise<StoredReport> {
    const { rows } = await this.pool.query<{ version: number; content: string }>(
      'select version, content from report where migration = $1 and digest = $2',
      [migration, digest],
    )
    const [row] = rows
    if (row === undefined) throw new NotStoredError('report', digest)
    assertUnaltered('report', digest, row.content)
    return { digest, version: row.version, text: row.content }
  }
}
