import { beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { AuditLog } from '../../storage/audit.ts'
import { verifyAudit } from '../../storage/audit-verification/verify.ts'
import { emptyHead, lineProblem, nextLine, type AuditLine } from '../../storage/audit-chain.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { shortHistory } from './history.ts'

const database = useDatabase()
const log = () => new AuditLog(database.pool)
const refusal = (subject: string) => ({
  atMs: 1_000,
  kind: 'refusal' as const,
  actor: actors.vendor,
  subject,
  detail: { code: 'role-not-allowed', nothing: undefined },
})

/** Somebody with the database's own rights: the triggers are put aside. */
async function tamper(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('set session_replication_role = replica')
  await client.query(sql)
  await client.end()
}

describe('the audit log', () => {
  beforeAll(async () => {
    await log().append(refusal('/migrations'))
    await new MigrationStore(database.pool).append(shortHistory())
    await log().append(refusal('/tasks'))
  })

  it('holds events and refusals in one chain that can be recomputed', async () => {
    const lines = await log().list(0, 100)
    expect(lines.map(({ entry }) => entry.kind)).toEqual(['refusal', 'event', 'event', 'event', 'refusal'])
    expect(lines.map(({ entry }) => entry.sequence)).toEqual([1, 2, 3, 4, 5])
    const found = await verifyAudit(database.pool)
    expect(found).toMatchObject({
      verified: true,
      entries: 5,
      head: { sequence: 5, hash: lines[4]!.hash },
      faults: [],
      faultCount: 0,
    })
  })

  it('can be verified from its export alone', async () => {
    let head = emptyHead
    for await (const line of log().all()) {
      const copy = JSON.parse(JSON.stringify(line)) as AuditLine
      expect(lineProblem(head, copy)).toBeUndefined()
      head = { sequence: copy.entry.sequence, hash: copy.hash }
    }
    expect(head.sequence).toBe(5)
  })

  it('gives sequences without gaps to writers at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => log().append(refusal(`/race/${n}`))))
    const sequences = (await log().list(5, 100)).map(({ entry }) => entry.sequence)
    expect(sequences).toEqual(Array.from({ length: 20 }, (_, n) => 6 + n))
  })

  it('leaves no gap where a transaction failed', async () => {
    const before = await log().newest()
    const events = shortHistory('permit-desk-2')
    await expect(new MigrationStore(database.pool).append([events[0]!, events[2]!])).rejects.toThrow(
      'has to come first',
    )
    expect((await log().append(refusal('/after'))).entry.sequence).toBe(before + 1)
  })

  it('refuses to be changed through the product’s own connection', async () => {
    for (const sql of [
      "update audit_entry set kind = 'event'",
      'delete from audit_entry',
      'truncate audit_entry cascade',
    ]) {
      await expect(database.pool.query(sql)).rejects.toThrow(/written once/)
    }
  })

  // Each leaves the damage behind that the next one overlays: verification names the first bad entry.
  it.each([
    [
      'an event changed beside the log',
      `update event set content = replace(content::text, 'discover', 'forget')::json where sequence = 3`,
      4,
    ],
    ['an event removed', 'delete from event where sequence = 2', 3],
    ['an entry removed from the middle', 'delete from audit_entry where sequence = 2', 2],
    [
      'an entry’s content changed',
      `update audit_entry set entry = replace(entry::text, 'vendor-zhao', 'owner-li')::json where sequence = 1`,
      1,
    ],
  ])('names the first bad entry after %s', async (_, sql, sequence) => {
    await tamper(sql)
    const found = await verifyAudit(database.pool)
    expect(found.verified).toBe(false)
    expect(found.firstBad?.sequence).toBe(sequence)
  })
})

describe('a log from before free texts became digests', () => {
  const old = useDatabase()

  it('is verified as it is, and goes on with digests', async () => {
    const [launched, ...later] = shortHistory('permit-desk-1')
    const migrations = new MigrationStore(old.pool)
    await migrations.append([launched!])
    const client = new pg.Client({ connectionString: old.url })
    await client.connect()
    await client.query('set session_replication_role = replica')
    const [now] = await new AuditLog(old.pool).list(0, 1)
    const entry = { ...now!.entry, detail: { profile: 'production', event: launched } }
    const { leafHash, hash } = nextLine(emptyHead, entry)
    await client.query('update audit_entry set entry = $1, leaf_hash = $2, hash = $3', [
      JSON.stringify(entry),
      leafHash,
      hash,
    ])
    await client.query('update audit_head set hash = $1', [hash])
    await client.end()
    await migrations.append(later)
    expect(await verifyAudit(old.pool)).toMatchObject({ verified: true, entries: 3 })
    const client2 = new pg.Client({ connectionString: old.url })
    await client2.connect()
    await client2.query('set session_replication_role = replica')
    await client2.query(
      `update event set content = replace(content::text, 'permit_app', 'other_app')::json where sequence = 1`,
    )
    await client2.end()
    expect((await verifyAudit(old.pool)).firstBad?.sequence).toBe(1)
  })
})

describe('a log that was cut off', () => {
  const cut = useDatabase()

  it('is noticed by the events beyond its end', async () => {
    await new MigrationStore(cut.pool).append(shortHistory())
    const client = new pg.Client({ connectionString: cut.url })
    await client.connect()
    await client.query('set session_replication_role = replica')
    await client.query('delete from audit_entry where sequence = 3')
    await client.end()
    const found = await verifyAudit(cut.pool)
    expect(found.firstBad).toMatchObject({ sequence: 3 })
    expect(found.head.sequence).toBe(2)
  })
})
