import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { WriteGap } from '../../../domain/measurement/write-gap.ts'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { nowMs } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import type { SwitchResult } from '../../../families/postgresql/switchover/plan.ts'
import { findServed } from '../../../families/postgresql/server/control.ts'
import { switchOnRecord } from '../../../families/postgresql/switchover/on-record.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { goOn, lostOn } from '../../support/acknowledged.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { appPassword } from '../../support/postgres-servers.ts'
import type { Death } from '../../support/switch-and-die.ts'

/** What a user would not put up with; the promise of the product. */
const writersGoOnWithinMs = 10_000

let pair: Pair
let serving: Pair['source']
let waiting: Pair['source']
let writers: LedgerWriters
let beganAt: number

beforeAll(async () => {
  pair = await startPair('killed')
  await makeApplication(pair)
  await replicate(pair)
  serving = pair.source
  waiting = pair.target
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

beforeEach(async () => {
  writers = await startWriters(pair)
  beganAt = nowMs()
})

afterEach(async () => {
  await writers.stop()
})

/** Starts a runner that kills itself, and waits for its end. */
async function die(
  at: Pick<Death, 'atPart' | 'afterMs' | 'beforeStatement'>,
  guarded: boolean,
): Promise<void> {
  const death: Death = {
    from: serving.port,
    to: waiting.port,
    entryPort: pair.entry.port,
    databasesFile: pair.entry.databasesFile,
    guarded,
    ...at,
  }
  await dieInChild('switch-and-die.ts', death)
}

/** States of both sides, from their own records. */
async function openSides(): Promise<readonly number[]> {
  const open: number[] = []
  for (const { port } of [pair.source, pair.target]) {
    const { rowCount } = await withServer(port, 'qianyun_control', async (client) =>
      client.query(`select from cutover_state where database = $1 and state = 'open'`, [database]),
    )
    if (rowCount === 1) open.push(port)
  }
  return open
}

/** Whether the entry lets statements through. */
async function entryRuns(): Promise<boolean> {
  const admin = await pair.entry.admin()
  const { rows } = await admin.query<{ name: string; paused: number | string }>('SHOW DATABASES')
  await admin.end()
  return rows.some(({ name, paused }) => name === database && Number(paused) === 0)
}

/** Until the side that was being left has the end of the gap on record. */
async function ended(): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const { rowCount } = await withServer(serving.port, 'qianyun_control', async (client) =>
      client.query('select from cutover_gap where database = $1 and ended_at is null', [database]),
    )
    if (rowCount === 0) return
    await sleep(50)
  }
}

/** Until the side that was left is known to have handed over everything: it may then be filled anew. */
async function handedOver({ port, database: name }: Pair['source']): Promise<void> {
  const kept = async () => withServer(port, 'qianyun_control', async (client) => findServed(client, name))
  for (let left = 200; left > 0 && (await kept()) !== undefined; left--) await sleep(50)
  expect(await kept()).toBeUndefined()
}

async function expectWritesOnBothSides(): Promise<void> {
  expect(await goOn(writers)).toBe(true)
  expect(writers.longestGapMs(beganAt, nowMs())).toBeLessThan(writersGoOnWithinMs)
  await writers.stop()
  for (const { port } of [pair.source, pair.target]) expect(await lostOn(port, writers)).toBe(0)

  expect(await openSides()).toHaveLength(1)
}

/** What lies between a writer's own measurement and the entry's: its last answer, and its first one afterwards. */
const onTheWayMs = 400
/** Nobody comes for so long: far more than a gap, and than what is on the way. */
const nobodyComesMs = 1_000

/** The gaps a result speaks of are those the writers saw: none is left out, and none told shorter than it was. */
function expectGapsTold(result: SwitchResult): void {
  const told = [...result.undoneGaps, result].map(({ gapMs }) => gapMs ?? 0)
  expect(Math.min(...told)).toBeGreaterThan(0)
  expect(Math.max(...told)).toBeGreaterThan(writers.longestGapMs(beganAt, nowMs()) - onTheWayMs)
}

/** A gap whose both ends are on record is also told no longer than it was. */
function expectExact(gap: WriteGap | undefined): void {
  expect(gap?.gapBound).toBeUndefined()
  expect(gap?.gapMs).toBeLessThan(writers.longestGapMs(beganAt, nowMs()) + onTheWayMs)
}

/** The next run, after writers have waited for nobody to come. */
async function nextRun(): Promise<SwitchResult> {
  await sleep(nobodyComesMs)
  const result = await switchOver(switchPlan(pair, serving, waiting))
  expect(result).toMatchObject({ openSide: waiting.called, armed: true, resumed: true })
  return result
}

function swap(): void {
  ;[serving, waiting] = [waiting, serving]
}

describe('a runner killed before the commit point', () => {
  it.each(['pause', 'fence', 'marker', 'advance', 'open'] as const)(
    'as part "%s" begins is undone by the next run, which tells both gaps',
    async (atPart) => {
      await die({ atPart }, false)
      await sleep(nobodyComesMs)

      const result = await switchOver(switchPlan(pair, serving, waiting))

      expect(result).toMatchObject({ openSide: waiting.called, armed: true, resumed: false })
      expect(result.resumedBy).toBe('runner')
      expectGapsTold(result)
      expect(result.undoneGaps).toHaveLength(1)
      if (atPart !== 'pause') expectExact(result.undoneGaps[0])
      swap()
      await expectWritesOnBothSides()
    },
    120_000,
  )

  it('while the entry waits for a running transaction leaves nobody waiting', async () => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: pair.entry.port,
      database,
      user: appRole,
      password: appPassword,
    })
    client.on('error', () => undefined)
    await client.connect()
    await client.query('begin; select 1')
    await die({ atPart: 'pause', afterMs: 200 }, true)
    for (let left = 200; left > 0 && !(await entryRuns()); left--) await sleep(50)
    await client.query('commit')
    await client.end()

    const result = await switchOver(switchPlan(pair, serving, waiting))

    expect(result.undoneGaps).toHaveLength(1)
    expectGapsTold(result)
    swap()
    await expectWritesOnBothSides()
  }, 120_000)
})

describe('a runner killed after the commit point', () => {
  it('before the release is made good by the next run, whose figure is the whole gap', async () => {
    await die({ atPart: 'switch' }, false)

    const result = await nextRun()

    expect(result.resumedBy).toBe('next-run')
    expectGapsTold(result)
    expectExact(result)
    swap()
    await expectWritesOnBothSides()
  }, 120_000)

  it('between the release and its record leaves a figure that is told as a bound', async () => {
    await die({ beforeStatement: 'cutover_gap set ended_at' }, false)
    const diedAt = nowMs()

    const result = await nextRun()

    expect(result).toMatchObject({ gapBound: 'at-most', resumedBy: 'next-run' })
    expectGapsTold(result)
    // The entry's own sessions say that writers went on long before anybody came.
    expect(result.gapMs).toBeLessThan(diedAt - beganAt + nobodyComesMs)
    swap()
    await expectWritesOnBothSides()
  }, 120_000)

  it('before its result is kept leaves the figure on record, and who, when and up to where', async () => {
    await die({ beforeStatement: 'last_switch =' }, false)
    const { gapMs, generation } = await switchOnRecord(serving, waiting)

    const result = await nextRun()

    expect(result).toMatchObject({ gapMs, generation, resumedBy: 'runner' })
    expect(result.markerLsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
    const { beganAt: from = '', openedAt, endedAt: until = '' } = result.moments
    expect([from, openedAt, until].map((at) => Date.parse(at)).every((ms) => ms > beganAt - 1_000)).toBe(true)
    expectGapsTold(result)
    expectExact(result)
    const again = await switchOver(switchPlan(pair, serving, waiting))
    expect(again).toEqual({ ...result, resumed: true })
    swap()
    await expectWritesOnBothSides()
  }, 120_000)
})

describe('the guardian of a killed runner', () => {
  it.each([
    { killed: 'as part "terminate" begins', at: { atPart: 'terminate' }, forward: false, bound: undefined },
    { killed: 'as part "open" begins', at: { atPart: 'open' }, forward: true, bound: undefined },
    { killed: 'as part "switch" begins', at: { atPart: 'switch' }, forward: true, bound: undefined },
    {
      killed: 'before the release is on record',
      at: { beforeStatement: 'cutover_gap set ended_at' },
      forward: true,
      bound: 'at-most',
    },
  ] as const)(
    'lets the writers go on before anybody comes back, and has on record that it did: $killed',
    async ({ at, forward, bound }) => {
      await die(at, true)
      const before = writers.acked
      for (let left = 200; left > 0 && writers.acked === before; left--) await sleep(50)
      await ended()
      const open = await openSides()
      // Before the commit point was due it goes back, from there on forward.
      expect(open).toEqual([forward ? waiting.port : serving.port])
      if (forward) await handedOver(serving)

      const result = await switchOver(switchPlan(pair, serving, waiting))

      expect(result).toMatchObject({ armed: true, resumed: forward })
      expect(result.resumedBy).toBe(forward ? 'guardian' : 'runner')
      expectGapsTold(result)
      const [its] = forward ? [result] : result.undoneGaps
      expect(its?.gapBound).toBe(bound)
      swap()
      await expectWritesOnBothSides()
    },
    120_000,
  )
})
