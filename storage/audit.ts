import type pg from 'pg'
import { canonicalJson } from '../domain/canonical-json.ts'
import {
  emptyHead,
  lineProblem,
  nextLine,
  type AuditEntry,
  type AuditHead,
  type AuditLine,
} from './audit-chain.ts'
import { jsonDigest } from './digest.ts'
import { withoutFreeText } from './free-text.ts'
import { inTransaction, locks, type Queryable } from './pool.ts'

/** An entry as the writer gives it; the log adds the sequence. */
export type AuditRecord = Omit<AuditEntry, 'sequence'>

export interface AuditVerification {
  readonly verified: boolean
  readonly entries: number
  /** The last valid hash. A copy of it kept elsewhere shows later whether the log was rewritten. */
  readonly head: AuditHead
  readonly firstBad?: { readonly sequence: number; readonly reason: string }
}

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

  /**
   * Recomputes the chain from its first entry. Compares every entry of an event with the event, and every event with its entry.
   * Stops at the first invalid entry and names it.
   */
  async verifyChain(): Promise<AuditVerification> {
    return inTransaction(this.pool, async (client) => {
      // One snapshot for log and events: later additions are checked the next time.
      await client.query('set transaction isolation level repeatable read, read only')
      let head = emptyHead
      for (;;) {
        const page = await verifyPage(client, head)
        head = page.head
        if (page.firstBad !== undefined) return verdict(head, page.firstBad)
        if (page.lines < pageSize) break
      }
      const orphan = await firstOrphan(client)
      return verdict(head, orphan)
    })
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

type Bad = NonNullable<AuditVerification['firstBad']>

function verdict(head: AuditHead, firstBad: Bad | undefined): AuditVerification {
  const found = { verified: firstBad === undefined, entries: head.sequence, head }
  return firstBad === undefined ? found : { ...found, firstBad }
}

async function verifyPage(client: Queryable, before: AuditHead) {
  const { rows } = await client.query<AuditRow & { event: unknown }>(
    `select ${columns.replaceAll(/\w+/g, 'a.$&')}, e.content as event
       from audit_entry a left join event e on e.position = a.sequence
      where a.sequence > $1 order by a.sequence limit $2`,
    [before.sequence, pageSize],
  )
  let head = before
  for (const row of rows) {
    const line = lineOf(row)
    const reason = lineProblem(head, line) ?? rowProblem(row)
    if (reason !== undefined) {
      return { head, lines: rows.length, firstBad: { sequence: Number(row.sequence), reason } }
    }
    head = { sequence: line.entry.sequence, hash: line.hash }
  }
  return { head, lines: rows.length }
}

function rowProblem(row: AuditRow & { event: unknown }): string | undefined {
  const { entry } = row
  if (Number(row.sequence) !== entry.sequence || row.kind !== entry.kind || row.subject !== entry.subject) {
    return 'its columns differ from its content'
  }
  if (entry.kind !== 'event')
    return row.event === null ? undefined : 'an event claims the place of another entry'
  if (row.event === null) return 'the event it records is missing from the events'
  // Older entries have no digest and contain the whole event.
  const { event, eventDigest } = entry.detail
  const same =
    eventDigest === undefined
      ? canonicalJson(row.event) === canonicalJson(event)
      : jsonDigest(row.event) === eventDigest
  return same ? undefined : 'the event it records differs from the event as stored'
}

/** Finds an event after the end of the log, which shows that the log was truncated. */
async function firstOrphan(client: Queryable): Promise<Bad | undefined> {
  const { rows } = await client.query<{ position: string; migration: string; sequence: number }>(
    `select position, migration, sequence from event e
      where not exists (select from audit_entry a where a.sequence = e.position) order by position limit 1`,
  )
  const [row] = rows
  if (row === undefined) return undefined
  return {
    sequence: Number(row.position),
    reason: `event ${row.sequence} of "${row.migration}" has its place here, but the log ends before it`,
  }
}
