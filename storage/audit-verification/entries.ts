import { emptyHead, lineProblem, type AuditEntry, type AuditHead, type AuditLine } from '../audit-chain.ts'
import { jsonDigest } from '../digest.ts'
import type { Queryable } from '../pool.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { Expected } from './expected.ts'
import { isBelow, type Findings } from './findings.ts'

interface Row {
  sequence: string
  kind: string
  subject: string
  entry: string
  previous_hash: string
  leaf_hash: string
  hash: string
  position: string | null
  migration: string | null
  event_sequence: number | null
  type: string | null
  event: string | null
  run: string | null
}

const pageSize = 1000

/**
 * Reads the whole log: recomputes its chain, compares each entry of an event with the event, and gathers what the entries say of other
 * records. Gives the last entry before the first break, and the last one there is.
 */
export async function verifyEntries(
  client: Queryable,
  findings: Findings,
): Promise<{ readonly whole: AuditHead; readonly last: AuditHead; readonly expected: Expected }> {
  const expected = new Expected()
  let last = emptyHead
  let whole: AuditHead | undefined
  for (let after = '0'; ;) {
    const { rows } = await client.query<Row>(page, [after, pageSize])
    for (const row of rows) {
      const line = lineOf(row, findings)
      const problem = lineProblem(last, line)
      if (problem !== undefined) {
        whole ??= last
        findings.differs({ ...entryAt(row), ...problem, witness: 'chain' })
      }
      checkColumns(row, line.entry, findings)
      const event = checkEvent(row, line.entry, findings)
      expected.take(line.entry, event)
      last = { sequence: Number(row.sequence), hash: row.hash }
    }
    const end = rows.at(-1)
    if (end === undefined || rows.length < pageSize) break
    after = end.sequence
  }
  await findOrphans(client, findings)
  return { whole: whole ?? last, last, expected }
}

const page = `
  select a.sequence, a.kind, a.subject, a.entry::text as entry, a.previous_hash, a.leaf_hash, a.hash, e.position,
         e.migration, e.sequence as event_sequence, e.type, e.content::text as event, e.run
    from audit_entry a left join event e on e.position = a.sequence
   where a.sequence > $1 order by a.sequence limit $2`

const entryAt = (row: Row) =>
  ({ table: 'audit_entry', record: row.sequence, sequence: Number(row.sequence) }) as const

/** Its entry as it is read; one that cannot be read has nothing but its place. */
function lineOf(row: Row, findings: Findings): AuditLine {
  findings.saw('audit_entry')
  const read = findings.json(row.entry, { ...entryAt(row), column: 'entry' })
  const detail = isBelow(read, 'detail') ? read.detail : {}
  const entry = { sequence: 0, atMs: 0, kind: '', subject: '', ...(isBelow(read) ? read : {}), detail }
  return {
    entry: entry as unknown as AuditEntry,
    previousHash: row.previous_hash,
    leafHash: row.leaf_hash,
    hash: row.hash,
  }
}

function checkColumns(row: Row, entry: AuditEntry, findings: Findings): void {
  const at = { ...entryAt(row), witness: 'content' as const }
  findings.same({ ...at, column: 'sequence', found: Number(row.sequence), expected: entry.sequence })
  findings.same({ ...at, column: 'kind', found: row.kind, expected: entry.kind })
  findings.same({ ...at, column: 'subject', found: row.subject, expected: entry.subject })
}

/** Gives the event of an entry, if it has one that can be read. */
function checkEvent(row: Row, entry: AuditEntry, findings: Findings): MigrationEvent | undefined {
  const { detail } = entry
  const logged = detail['event'] as MigrationEvent | undefined
  const sequence = Number(row.sequence)
  if (row.position === null) {
    if (entry.kind === 'event')
      findings.missing({ table: 'event', record: `${entry.subject}/${logged?.sequence ?? ''}`, sequence })
    return undefined
  }
  findings.saw('event')
  const at = { table: 'event', record: `${row.migration}/${row.event_sequence}`, sequence } as const
  if (entry.kind !== 'event') {
    findings.differs({ ...at, column: 'position', found: row.position, expected: `kind ${entry.kind}` })
    return undefined
  }
  const event = findings.json(row.event ?? '', { ...at, column: 'content' }) as MigrationEvent
  const own = { ...at, witness: 'content' as const }
  findings.same({ ...own, column: 'migration', found: row.migration, expected: event.migration })
  findings.same({ ...own, column: 'sequence', found: row.event_sequence, expected: event.sequence })
  findings.same({ ...own, column: 'type', found: row.type, expected: event.type })
  findings.same({ ...at, column: 'migration', found: event.migration, expected: entry.subject })
  checkContent(at, event, entry, findings)
  if ('run' in detail) findings.same({ ...at, column: 'run', found: row.run, expected: detail['run'] })
  else findings.earlier('event', 'run')
  return event
}

function checkContent(
  at: { readonly table: 'event'; readonly record: string; readonly sequence: number },
  event: MigrationEvent,
  { detail, actor, atMs }: AuditEntry,
  findings: Findings,
): void {
  const column = 'content'
  // Older entries have no digest and contain the whole event.
  const { event: logged, eventDigest } = detail
  const isWhole =
    eventDigest === undefined
      ? findings.same({ ...at, column, found: event, expected: logged })
      : findings.same({ ...at, column, found: jsonDigest(event), expected: eventDigest })
  if (!isWhole) return
  findings.standsFor({ ...at, column, found: event, expected: logged })
  findings.same({ ...at, column: 'content.actor', found: event.actor, expected: actor })
  findings.same({ ...at, column: 'content.atMs', found: event.atMs, expected: atMs })
}

/** Events whose entries are missing: at the end, the log was cut off before them. */
async function findOrphans(client: Queryable, findings: Findings): Promise<void> {
  const { rows } = await client.query<{ position: string; migration: string; sequence: number }>(
    `select position, migration, sequence from event e
      where not exists (select from audit_entry a where a.sequence = e.position) order by position limit 100`,
  )
  for (const { position } of rows)
    findings.missing({ table: 'audit_entry', record: position, witness: 'event', sequence: Number(position) })
}
