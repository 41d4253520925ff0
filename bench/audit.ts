import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { canonicalJson } from '../domain/canonical-json.ts'
import { emptyHead, nextLine, type AuditHead } from '../storage/audit-chain.ts'
import { verifyAudit } from '../storage/audit-verification/verify.ts'
import { cloneDatabase } from '../test/support/clone-database.ts'
import { TestServers, type TestServerAnswers } from '../test/support/servers/test-servers.ts'

export interface AuditBench {
  readonly entries: number
  readonly json: boolean
}

interface Measured {
  readonly bench: 'audit'
  readonly entries: number
  readonly verifyMs: number
  /** The server's own SHA-256 over the same entries, which it reads and gives nothing back of. */
  readonly sha256Ms: number
  readonly ratio: number
  /** What the process held more at its most than before. */
  readonly heldMb: number
}

/** Verifies a long log, and has the server hash the same entries. */
export async function benchAudit({ entries, json }: AuditBench): Promise<void> {
  const say = (line: string) => {
    if (json) console.error(line)
    else console.log(line)
  }
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-bench-'))
  // PostgreSQL runs as a user of its own.
  chmodSync(folder, 0o711)
  const servers = new TestServers(folder)
  try {
    const { adminUrl, template } = (await servers.ask('template')) as TestServerAnswers['template']
    const db = await cloneDatabase(adminUrl, template)
    try {
      say(`writing a log of ${String(entries)} entries`)
      await fill(db.pool, entries)
      const measured = await measure(db.pool, entries)
      console.log(json ? JSON.stringify(measured) : sentenceOf(measured))
    } finally {
      await db.drop()
    }
  } finally {
    await servers.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const atOnce = 5_000

/** Past the triggers, which would take an entry each: the log and its end are as they would have left them. */
async function fill(pool: pg.Pool, entries: number): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('set session_replication_role = replica')
    let head = await headOf(client)
    while (head.sequence < entries) {
      const lines = Array.from({ length: Math.min(atOnce, entries - head.sequence) }, () => {
        const line = nextLine(head, refusal(head.sequence + 1))
        head = { sequence: line.entry.sequence, hash: line.hash }
        return line
      })
      await client.query(
        `insert into audit_entry (sequence, kind, subject, entry, previous_hash, leaf_hash, hash)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::text[], $7::text[])`,
        [
          lines.map(({ entry }) => entry.sequence),
          lines.map(({ entry }) => entry.kind),
          lines.map(({ entry }) => entry.subject),
          lines.map(({ entry }) => canonicalJson(entry)),
          lines.map(({ previousHash }) => previousHash),
          lines.map(({ leafHash }) => leafHash),
          lines.map(({ hash }) => hash),
        ],
      )
    }
    await client.query('update audit_head set sequence = $1, hash = $2', [head.sequence, head.hash])
    await client.query('analyze audit_entry')
  } finally {
    client.release(true)
  }
}

async function headOf(client: pg.PoolClient): Promise<AuditHead> {
  const { rows } = await client.query<{ sequence: string; hash: string }>(
    'select sequence, hash from audit_entry order by sequence desc limit 1',
  )
  const [row] = rows
  return row === undefined ? emptyHead : { sequence: Number(row.sequence), hash: row.hash }
}

const refusal = (sequence: number) => ({
  sequence,
  atMs: 1_790_000_000_000 + sequence,
  kind: 'refusal' as const,
  actor: {
    organisation: 'permit-bureau',
    account: `person-${String(sequence % 97)}`,
    role: 'owner' as const,
  },
  subject: `POST /migrations/system-${String(sequence % 1_009)}/commands/pause`,
  detail: { code: 'not-found', status: 404, requestId: `request-${String(sequence)}` },
})

async function measure(pool: pg.Pool, entries: number): Promise<Measured> {
  const sha256Ms = await timed(async () =>
    pool.query(`select count(sha256(convert_to(entry::text, 'UTF8'))) from audit_entry`),
  )
  const before = process.memoryUsage().rss
  let most = before
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50)
  let found: Awaited<ReturnType<typeof verifyAudit>> | undefined
  const verifyMs = await timed(async () => (found = await verifyAudit(pool)))
  clearInterval(look)
  if (found?.verified !== true)
    throw new Error(`the log does not verify: ${JSON.stringify(found?.faults[0])}`)
  return {
    ...{ bench: 'audit', entries, verifyMs, sha256Ms },
    ratio: Math.round((verifyMs / sha256Ms) * 10) / 10,
    heldMb: Math.round((most - before) / 2 ** 20),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round(performance.now() - began)
}

const sentenceOf = ({ entries, verifyMs, sha256Ms, ratio, heldMb }: Measured): string =>
  `\n${String(entries)} entries verified in ${String(verifyMs)} ms, ${String(heldMb)} MB held; ` +
  `the server's own SHA-256 of them takes ${String(sha256Ms)} ms: verification takes ${String(ratio)} times that`
