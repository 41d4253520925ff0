import type pg from 'pg'
import { canonicalJson } from '../domain/canonical-json.ts'
import { emptyHead, nextLine, type AuditEntry, type AuditHead, type AuditLine } from './audit-chain.ts'
import { withoutFreeText } from './free-text.ts'
import { inTransaction, locks, type Queryable } from './pool.ts'

/** An entry as the writer gives it; the log adds the sequence. */
export type AuditRecord = Omit<AuditEntry, 'sequence'>

interface AuditRow {
  sequence: string
  kind: string
  subject: string
  entry: AuditEntry
  previous_hash: string
  leaf_hash: string
  hash: string
}

const columns = 'sequence, kind, subject, entry, previous_hash, leaf_hash, hash'
const pageSize = 1000

/** The append-only log of everything that happened and everything that was refused. */
export class AuditLog {
  constructor(private readonly pool: pg.Pool) {}

  /** Adds one entry, in a transaction of its own. */
  async append(record: AuditRecord): Promise<AuditLine> {
    const [line] = await inTransaction(this.pool, (client) => appendAudit(client, [record]))
    if (line === undefined) throw new Error('The audit log gave no line for an entry.')
    return line
  }

  /** The newest sequence; 0 when the log is empty. */
  async newest(): Promise<number> {
    return (await headOf(this.pool)).sequence
  }

  /** Up to `limit` lines after a sequence, oldest first. */
  async list(after: number, limit: number): Promise<AuditLine[]> {
    const { rows } = await this.pool.query<AuditRow>(
      `select ${columns} from audit_entry where sequence > $1 order by sequence limit $2`,
      [after, limit],
    )
    return rows.map(lineOf)
  }

  /** All lines, oldest first, read page by page, including lines that are added meanwhile. */
  async *all(): AsyncGenerator<AuditLine> {
    for (let after = 0; ;) {
      const page = await this.list(after, pageSize)
      yield* page
      const last = page.at(-1)
      if (last === undefined || page.length < pageSize) return
      after = last.entry.sequence
    }
  }
}

/**
 * Adds entries in the caller's transaction, which holds the lock of the log until it ends. So sequences have no gaps and become
 * visible in order. Take every other lock before this one. Free texts are replaced by digests, because nothing can be removed from the
 * log later.
 */
export async function appendAudit(client: Queryable, records: readonly AuditRecord[]): Promise<AuditLine[]> {
  await client.query('select pg_advisory_xact_lock($1)', [locks.audit])
  let head = await headOf(client)
  const lines: AuditLine[] = []
  for (const record of records) {
    const entry = plainJson({ ...record, sequence: head.sequence + 1 })
    const line = nextLine(head, { ...entry, detail: withoutFreeText(entry.detail) as AuditEntry['detail'] })
    head = { sequence: line.entry.sequence, hash: line.hash }
    lines.push(line)
  }
  for (const { entry, previousHash, leafHash, hash } of lines) {
    await client.query(`insert into audit_entry (${columns}) values ($1, $2, $3, $4, $5, $6, $7)`, [
      entry.sequence,
      entry.kind,
      entry.subject,
      canonicalJson(entry),
      previousHash,
      leafHash,
      hash,
    ])
  }
  return lines
}

/** The entry as it will be read again, which is what the hash covers: without undefined fields, dates as text. */
function plainJson(entry: AuditEntry): AuditEntry {
  return JSON.parse(canonicalJson(entry)) as AuditEntry
}

async function headOf(client: Queryable): Promise<AuditHead> {
  const { rows } = await client.query<{ sequence: string; hash: string }>(
    'select sequence, hash from audit_entry order by sequence desc limit 1',
  )
  const [row] = rows
  return row === undefined ? emptyHead : { sequence: Number(row.sequence), hash: row.hash }
}

function lineOf(row: AuditRow): AuditLine {
  return { entry: row.entry, previousHash: row.previous_hash, leafHash: row.leaf_hash, hash: row.hash }
}
