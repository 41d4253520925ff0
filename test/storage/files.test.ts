import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { EvidenceStore } from '../../storage/evidence.ts'
import { AlteredError, NotStoredError } from '../../domain/ports/errors.ts'
import type { Actor } from '../../domain/organisation.ts'
import { ReportExistsError } from '../../storage/errors.ts'
import { FactStore } from '../../storage/facts.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { ReportStore } from '../../storage/reports.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { shortHistory } from './history.ts'

const database = useDatabase()
const evidence = () => new EvidenceStore(database.pool)
const bytes = Buffer.from([0, 255, 13, 10, 0])

describe('evidence', () => {
  it('is stored once under the SHA-256 of its bytes and comes back byte by byte', async () => {
    const stored = await evidence().put(bytes, '验收记录.pdf', actors.vendor, 1)
    expect(stored.digest).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(await evidence().put(bytes, '验收记录.pdf', actors.vendor, 2)).toEqual(stored)
    const found = await evidence().get(stored.digest)
    expect(found.name).toBe('验收记录.pdf')
    expect(found.bytes.equals(bytes)).toBe(true)
    await expect(evidence().get('0'.repeat(64))).rejects.toThrow(NotStoredError)
  })

  it('can be seen by who brought it, and by those whose move it is attached in', async () => {
    const { digest, sizeBytes, name } = await evidence().put(bytes, '验收记录.pdf', actors.vendor, 1)
    expect(await evidence().isVisibleTo(digest, actors.vendor.organisation)).toBe(true)
    const attachableBy = ({ organisation }: Actor, migration: string) =>
      evidence().attachable(digest, { organisation, migration })
    const file = { sizeBytes, names: [name] }
    expect(await attachableBy(actors.vendor, 'another-1')).toEqual(file)
    expect(await attachableBy(actors.provider, 'another-1')).toBeUndefined()
    expect(await evidence().isVisibleTo(digest, actors.owner.organisation)).toBe(false)
    const history = shortHistory()
    await new MigrationStore(database.pool).append([
      ...history,
      {
        migration: 'permit-desk-1',
        sequence: history.length + 1,
        atMs: 1,
        actor: actors.vendor,
        type: 'task-completed',
        data: { task: 'adapt', note: 'done', evidence: [{ name, digest, sizeBytes }] },
      },
    ])
    expect(await evidence().isVisibleTo(digest, actors.owner.organisation)).toBe(true)
    expect(await evidence().isVisibleTo(digest, 'another-company')).toBe(false)
    // What is attached in one move is no evidence in another.
    expect(await attachableBy(actors.provider, 'another-1')).toBeUndefined()
    expect(await attachableBy(actors.provider, 'permit-desk-1')).toEqual(file)
  })
})

describe('reports', () => {
  const reports = () => new ReportStore(database.pool)

  it('are kept as the canonical text that was digested', async () => {
    const stored = await reports().put('permit-desk-1', 1, { b: 1, a: '试运行' })
    expect(stored.text).toBe('{"a":"试运行","b":1}')
    expect(stored.digest).toBe(createHash('sha256').update(stored.text).digest('hex'))
    expect(await reports().put('permit-desk-1', 1, { a: '试运行', b: 1 })).toEqual(stored)
    expect(await reports().get('permit-desk-1', stored.digest)).toEqual(stored)
  })

  it('refuse another content for a version, and belong to their move', async () => {
    await expect(reports().put('permit-desk-1', 1, { a: 2 })).rejects.toThrow(ReportExistsError)
    const { digest } = await reports().put('permit-desk-1', 2, { a: 2 })
    await expect(reports().get('permit-desk-2', digest)).rejects.toThrow(NotStoredError)
  })
})

describe('facts', () => {
  it('are named by the digest of their content, whatever characters they hold', async () => {
    const facts = new FactStore(database.pool)
    const value = { text: 'a\0b\ud800', list: [1, 2.5, null] }
    const digest = await facts.put(value)
    expect(await facts.put({ list: [1, 2.5, null], text: 'a\0b\ud800' })).toBe(digest)
    const text = await facts.text(digest)
    expect(JSON.parse(text)).toEqual(value)
    expect(createHash('sha256').update(text).digest('hex')).toBe(digest)
  })
})

describe('what was changed in the database', () => {
  it('is given out by nobody who is asked for it by its digest', async () => {
    const change = async (table: string, assignment: string, digest: string) => {
      await database.pool.query(`alter table ${table} disable trigger user`)
      await database.pool.query(`update ${table} set ${assignment} where digest = $1`, [digest])
    }
    const facts = await new FactStore(database.pool).put({ wiped: true })
    await change('fact', `content = '{"wiped":false}'`, facts)
    await expect(new FactStore(database.pool).text(facts)).rejects.toThrow(AlteredError)
    const report = await new ReportStore(database.pool).put('permit-desk-1', 7, { passed: false })
    await change('report', `content = '{"passed":true}'`, report.digest)
    await expect(new ReportStore(database.pool).get('permit-desk-1', report.digest)).rejects.toThrow(
      AlteredError,
    )
    const file = await evidence().put(Buffer.from('rejected'), 'a.txt', actors.vendor, 1)
    await change('evidence', `bytes = 'accepted'`, file.digest)
    await expect(evidence().get(file.digest)).rejects.toThrow(AlteredError)
  })
})
