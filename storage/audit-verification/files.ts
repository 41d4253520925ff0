import { canonicalJson } from '../../domain/canonical-json.ts'
import { sha256Hex } from '../digest.ts'
import type { Queryable } from '../pool.ts'
import { attachmentKey, reportKey, uploadKey, type Expected } from './expected.ts'
import { isBelow, standsFor, type Findings } from './findings.ts'
import { rowsOf } from './rows.ts'

/** Computes the digests of all that is stored under its digest, and looks whether what events and entries name is there. */
export async function verifyFiles(client: Queryable, expected: Expected, findings: Findings): Promise<void> {
  await verifyEvidence(client, expected, findings)
  await verifyUploads(client, expected, findings)
  await verifyAttachments(client, expected, findings)
  await verifyReports(client, expected, findings)
  await verifyFacts(client, expected, findings)
  const files = 'select digest, content from playbook_file'
  for await (const row of rowsOf<{ digest: string; content: string }>(client, files, 50)) {
    findings.saw('playbook_file')
    checkDigest('playbook_file', row, findings)
  }
}

function checkDigest(
  table: 'playbook_file' | 'report' | 'fact',
  { digest, content }: { readonly digest: string; readonly content: string },
  findings: Findings,
): void {
  const at = { table, record: digest, column: 'content', witness: 'content' } as const
  findings.same({ ...at, found: sha256Hex(content), expected: digest })
}

async function verifyEvidence(
  client: Queryable,
  { uploads, attachments }: Expected,
  findings: Findings,
): Promise<void> {
  const seen = new Set<string>()
  const sql = 'select digest, size_bytes, bytes from evidence'
  // A file may have tens of megabytes.
  for await (const row of rowsOf<{ digest: string; size_bytes: string; bytes: Buffer }>(client, sql, 1)) {
    findings.saw('evidence')
    seen.add(row.digest)
    const at = { table: 'evidence', record: row.digest, witness: 'content' } as const
    findings.same({ ...at, column: 'bytes', found: sha256Hex(row.bytes), expected: row.digest })
    findings.same({
      ...at,
      column: 'size_bytes',
      found: Number(row.size_bytes),
      expected: row.bytes.byteLength,
    })
  }
  const named = new Map<string, number>()
  for (const [key, [entry]] of uploads) named.set(key.split(' ')[0] ?? '', entry?.sequence ?? 0)
  for (const [key, sequence] of attachments) named.set(key.split(' ')[0] ?? '', sequence)
  for (const [digest, sequence] of named)
    if (!seen.has(digest)) findings.missing({ table: 'evidence', record: digest, sequence })
}

interface UploadRow {
  digest: string
  organisation: string
  account: string
  name: string
  at_ms: string
}

async function verifyUploads(client: Queryable, { uploads }: Expected, findings: Findings): Promise<void> {
  const left = new Map([...uploads].map(([key, entries]) => [key, [...entries]]))
  for await (const row of rowsOf<UploadRow>(client, 'select * from evidence_upload')) {
    findings.saw('evidence_upload')
    const entries = left.get(uploadKey(row.digest, row.account)) ?? []
    const entry = entries.find(({ detail }) => standsFor(detail['name'], row.name))
    const at = { table: 'evidence_upload', record: `${row.digest} ${row.account} ${row.name}` } as const
    if (entry === undefined) {
      findings.unrecorded(at)
      continue
    }
    entries.splice(entries.indexOf(entry), 1)
    const { sequence, actor, atMs } = entry
    findings.same({
      ...at,
      sequence,
      column: 'organisation',
      found: row.organisation,
      expected: actor?.organisation,
    })
    findings.same({ ...at, sequence, column: 'at_ms', found: Number(row.at_ms), expected: atMs })
  }
  for (const [key, entries] of left)
    for (const { sequence } of entries) findings.missing({ table: 'evidence_upload', record: key, sequence })
}

async function verifyAttachments(
  client: Queryable,
  { attachments }: Expected,
  findings: Findings,
): Promise<void> {
  const seen = new Set<string>()
  const sql = 'select digest, migration from evidence_use'
  for await (const { digest, migration } of rowsOf<{ digest: string; migration: string }>(client, sql)) {
    findings.saw('evidence_use')
    const record = attachmentKey(digest, migration)
    seen.add(record)
    if (!attachments.has(record)) findings.unrecorded({ table: 'evidence_use', record })
  }
  for (const [record, sequence] of attachments)
    if (!seen.has(record)) findings.missing({ table: 'evidence_use', record, witness: 'event', sequence })
}

interface ReportRow {
  digest: string
  migration: string
  version: number
  content: string
}

async function verifyReports(client: Queryable, { reports }: Expected, findings: Findings): Promise<void> {
  const seen = new Set<string>()
  const sql = 'select digest, migration, version, content from report'
  for await (const row of rowsOf<ReportRow>(client, sql, 20)) {
    findings.saw('report')
    seen.add(row.digest)
    checkDigest('report', row, findings)
    const at = { table: 'report', record: row.digest } as const
    const content = findings.json(row.content, { ...at, column: 'content' })
    if (isBelow(content)) {
      const own = { ...at, witness: 'content' } as const
      findings.same({ ...own, column: 'content', found: row.content, expected: canonicalJson(content) })
      findings.same({ ...own, column: 'migration', found: row.migration, expected: content['migration'] })
      findings.same({ ...own, column: 'version', found: row.version, expected: content['version'] })
    }
    const issued = reports.get(row.digest)
    if (issued === undefined) continue
    const found = reportKey(row.migration, row.version)
    const { report, sequence } = issued
    findings.same({
      ...at,
      sequence,
      column: 'migration, version',
      found,
      expected: report,
      witness: 'event',
    })
  }
  for (const [record, { sequence }] of reports)
    if (!seen.has(record)) findings.missing({ table: 'report', record, witness: 'event', sequence })
}

async function verifyFacts(client: Queryable, { facts }: Expected, findings: Findings): Promise<void> {
  const seen = new Set<string>()
  for await (const row of rowsOf<{ digest: string; content: string }>(client, 'select * from fact', 20)) {
    findings.saw('fact')
    seen.add(row.digest)
    checkDigest('fact', row, findings)
  }
  for (const [record, sequence] of facts)
    if (!seen.has(record)) findings.missing({ table: 'fact', record, witness: 'event', sequence })
}
