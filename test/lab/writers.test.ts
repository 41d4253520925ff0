import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { type Lab, removeLab, startLab } from '../../lab/lab.ts'
import { runOn } from '../../lab/ssh.ts'
import { withSide } from '../../lab/writers/places.ts'
import { Writers, type WritersOptions } from '../../lab/writers/writers.ts'

const home = mkdtempSync(join(tmpdir(), 'qianyun-writers-'))
const heldMs = 600
let lab: Lab

beforeAll(async () => {
  lab = await startLab({ home, only: ['old', 'entry'] })
}, 180_000)

afterAll(async () => {
  await removeLab(home)
  rmSync(home, { recursive: true })
}, 30_000)

const kinds: WritersOptions[] = [
  { home, kind: 'permit-desk', clients: 4, pauseMs: 5, uploadEvery: 5 },
  { home, kind: 'postgres', clients: 8 },
]

describe.each(kinds)('$kind writers', (options) => {
  it('lose nothing while the entry holds them back, and measure for how long it did', async () => {
    const writers = await Writers.start(options)
    await untilAcknowledged(writers, 20)
    await writers.mark('held')
    await holdBack(writers)
    await writers.mark('released')
    await untilAcknowledged(writers, 20, 'released')
    await writers.mark('over')
    await writers.pause()

    const verdict = await writers.verify({ from: 'held', to: 'over', sides: ['old'] })
    expect(verdict).toMatchObject({ lostWrites: 0, ambiguousWrites: 0, lostByPlace: { entry: 0, old: 0 } })
    expect(verdict.ackedWrites).toBeGreaterThanOrEqual(20)
    expect(verdict.writeGapMs).toBeGreaterThanOrEqual(heldMs)
    await writers.stop()
  })

  it('keep every acknowledgement in a file', async () => {
    const writers = await Writers.start(options)
    await untilAcknowledged(writers, 20)
    await writers.pause()
    const { ackedWrites } = await writers.tally()
    await writers.stop()
    const folder = join(home, 'lab', 'writers')
    const newest = readdirSync(folder)
      .filter((name) => name.startsWith(options.kind))
      .toSorted()
      .at(-1)
    const lines = readFileSync(join(folder, newest ?? ''), 'utf8').split('\n')
    expect(lines.filter((line) => line.includes('\tacknowledged\t'))).toHaveLength(ackedWrites)
  })
})

describe('a lost write', () => {
  it('is found and named, be it a permit, one of its ledger rows or a file', async () => {
    const writers = await Writers.start({ home, kind: 'permit-desk', clients: 2, pauseMs: 5, uploadEvery: 1 })
    await untilAcknowledged(writers, 20)
    await writers.pause()
    expect((await writers.verify()).lostWrites).toBe(0)

    const { rows } = await withSide(lab, 'old', (client) =>
      client.query<{ id: string; key: string; sha256: string; stored_as: string }>(
        `SELECT p.id, p.idempotency_key AS key, a.sha256, a.stored_as
         FROM permit p JOIN attachment a ON a.permit_id = p.id ORDER BY p.id DESC LIMIT 2`,
      ),
    )
    const [unpaid, fileless] = rows
    await withSide(lab, 'old', (client) =>
      client.query(`DELETE FROM ledger WHERE permit_id = $1 AND action = 'fee'`, [unpaid?.id]),
    )
    await runOn(lab, 'old', `rm ${lab.description.permitDesk.uploadDir}/${fileless?.stored_as ?? ''}`)

    const { lostWrites, lostExamples } = await writers.verify()
    expect(lostWrites).toBe(2)
    expect(lostExamples.toSorted()).toEqual(
      [String(unpaid?.key), `${String(fileless?.key)}/${String(fileless?.sha256)}`].toSorted(),
    )
    await writers.stop()
  })

  it('is found on the side it is missing on, and only there', async () => {
    const writers = await Writers.start({ home, kind: 'postgres', clients: 2, pauseMs: 5 })
    await untilAcknowledged(writers, 20)
    await writers.pause()
    await withSide(lab, 'old', (client) => client.query('DELETE FROM writer_ledger WHERE round = 1'))
    const verdict = await writers.verify({ sides: ['old'], settleMs: 0 })
    expect(verdict).toMatchObject({ lostWrites: 2, lostByPlace: { entry: 2, old: 2 } })
    await writers.stop()
  })
})

describe('writers', () => {
  it('count a write whose answer never came as ambiguous, and say whether it was committed', async () => {
    const writers = await Writers.start({ home, kind: 'postgres', clients: 4 })
    await untilAcknowledged(writers, 20)
    await writers.mark('cut')
    await withSide(lab, 'old', (client) =>
      client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'permit_desk'`),
    )
    await untilAcknowledged(writers, 20, 'cut')
    await writers.pause()
    const verdict = await writers.verify({ from: 'cut' })
    expect(verdict).toMatchObject({ lostWrites: 0 })
    expect(verdict.ambiguousCommitted).toBeLessThanOrEqual(verdict.ambiguousWrites)
    await writers.stop()
  })

  it('name the marks they have when asked for another', async () => {
    const writers = await Writers.start({ home, kind: 'permit-desk', clients: 1 })
    await writers.mark('window opens')
    await expect(writers.tally({ from: 'window shuts' })).rejects.toThrow(
      'The writers have no mark "window shuts"; they have "window opens"',
    )
    await writers.stop()
  })
})

async function untilAcknowledged(writers: Writers, count: number, from?: string): Promise<void> {
  while ((await writers.tally({ from })).ackedWrites < count) await sleep(20)
}

/**
 * Pauses the database at the entry, as a switchover does, until the writers themselves have heard nothing for `heldMs`:
 * acknowledgements may still be on their way to them when it begins.
 */
async function holdBack(writers: Writers): Promise<void> {
  const { address, port, adminUser, adminSecret, database } = lab.description.entry.pgbouncer
  const config = { host: address, port, user: adminUser, password: lab.secret(adminSecret) }
  const admin = new pg.Client({ ...config, database: 'pgbouncer' })
  await admin.connect()
  await admin.query(`PAUSE ${database}`)
  while ((await writers.tally()).sinceLastAckMs < heldMs) await sleep(20)
  await admin.query(`RESUME ${database}`)
  await admin.end()
}
