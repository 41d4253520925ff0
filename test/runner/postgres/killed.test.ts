import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerWriters, nowMs } from '../../../runner/rehearsal/ledger-writers.ts'
import type { GapPart } from '../../../runner/switchover/plan.ts'
import { switchOver } from '../../../runner/switchover/switch-over.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
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

beforeAll(async () => {
  pair = await startPair('killed')
  await makeApplication(pair)
  await replicate(pair)
  serving = pair.source
  waiting = pair.target
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

/** Starts a runner that kills itself as a part of the critical section begins, and waits for its end. */
async function dieAt(atPart: GapPart, guarded: boolean): Promise<void> {
  const death: Death = {
    from: serving.port,
    to: waiting.port,
    entryPort: pair.entry.port,
    databasesFile: pair.entry.databasesFile,
    atPart,
    guarded,
  }
  const main = join(__dirname, '../../support/switch-and-die.ts')
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', main, JSON.stringify(death)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}

async function startWriters(): Promise<LedgerWriters> {
  return LedgerWriters.start(
    { address: '127.0.0.1', port: pair.entry.port, database, user: appRole, password: appPassword },
    4,
    2,
  )
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

async function expectWritesOnBothSides(writers: LedgerWriters, beganAt: number): Promise<void> {
  const before = writers.acked
  for (let left = 200; left > 0 && writers.acked === before; left--) await sleep(50)
  expect(writers.acked).toBeGreaterThan(before)
  expect(writers.longestGapMs(beganAt, nowMs())).toBeLessThan(writersGoOnWithinMs)
  await writers.stop()
  for (const { port } of [pair.source, pair.target]) {
    await withServer(port, database, async (client) => {
      for (let left = 200; left > 0 && (await writers.lostOn(client)) > 0; left--) await sleep(50)
      expect(await writers.lostOn(client)).toBe(0)
    })
  }
  expect(await openSides()).toHaveLength(1)
}

describe('a runner killed in the critical section', () => {
  it.each(['fence', 'marker', 'advance', 'open', 'switch'] as const)(
    'as part "%s" begins is made good by the next run',
    async (part) => {
      const writers = await startWriters()
      const beganAt = nowMs()
      await dieAt(part, false)

      const result = await switchOver(switchPlan(pair, serving, waiting))

      expect(result.openSide).toBe(waiting.role)
      expect(result.armed).toBe(true)
      ;[serving, waiting] = [waiting, serving]
      await expectWritesOnBothSides(writers, beganAt)
    },
    60_000,
  )

  it.each(['terminate', 'open', 'switch'] as const)(
    'as part "%s" begins is made good by its guardian, before anybody comes back',
    async (part) => {
      const writers = await startWriters()
      const beganAt = nowMs()
      await dieAt(part, true)
      const before = writers.acked
      for (let left = 200; left > 0 && writers.acked === before; left--) await sleep(50)
      const open = await openSides()

      await expectWritesOnBothSides(writers, beganAt)
      // Before the commit point was due it goes back, from there on forward.
      expect(open).toEqual([part === 'terminate' ? serving.port : waiting.port])

      const result = await switchOver(switchPlan(pair, serving, waiting))
      expect(result.armed).toBe(true)
      ;[serving, waiting] = [waiting, serving]
    },
    60_000,
  )
})
