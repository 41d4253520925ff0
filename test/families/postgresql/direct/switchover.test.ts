import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { assessDatabase } from '../../../../families/postgresql/assess.ts'
import { type LedgerWriters, nowMs } from '../../../../families/postgresql/rehearsal/ledger-writers.ts'
import {
  findSubscription,
  listSubscriptions,
} from '../../../../families/postgresql/replication/subscriptions.ts'
import type { SwitchPlan, SwitchResult } from '../../../../families/postgresql/switchover/plan.ts'
import { settlePair } from '../../../../families/postgresql/switchover/settle-pair.ts'
import { switchOver } from '../../../../families/postgresql/switchover/switch-over.ts'
import { goOn, lostOn } from '../../../support/acknowledged.ts'
import { dieInChild } from '../../../support/die-in-child.ts'
import {
  type Pair,
  appRole,
  database,
  directEntry,
  makeApplication,
  replicate,
  startDirectWriters,
  startPair,
  switchPlan,
  withServer,
} from '../../../support/postgres-pair.ts'
import { appPassword } from '../../../support/postgres-servers.ts'
import type { Death } from '../../../support/switch-and-die.ts'
import { until } from '../../../support/until.ts'

let pair: Pair
let serving: Pair['source']
let waiting: Pair['source']
let writers: LedgerWriters

beforeAll(async () => {
  pair = await startPair('direct')
  // Nobody comes through it: whatever a switch did with it would fail.
  pair.entry.kill()
  await makeApplication(pair)
  await replicate(pair)
  serving = pair.source
  waiting = pair.target
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

beforeEach(async () => {
  writers = await startDirectWriters(pair)
})

afterEach(async () => {
  await writers.stop()
})

const plan = (changed: Partial<SwitchPlan> = {}) =>
  switchPlan(pair, serving, waiting, { entry: directEntry(), ...changed })

async function switched(changed: Partial<SwitchPlan> = {}): Promise<SwitchResult> {
  const result = await switchOver(plan(changed))
  swap()
  return result
}

function swap(): void {
  ;[serving, waiting] = [waiting, serving]
}

/** The sides that are open, by their own records. */
async function openSides(): Promise<readonly string[]> {
  const found = await Promise.all(
    [pair.source, pair.target].map(async ({ port, called }) =>
      withServer(port, 'qianyun_control', async (client) => {
        const { rowCount } = await client.query(
          `select from cutover_state where database = $1 and state = 'open'`,
          [database],
        )
        return rowCount === 1 ? [called] : []
      }),
    ),
  )
  return found.flat()
}

/** Writers go on, each write they know of is on both sides, and only one of these is open. */
async function expectNothingLost(): Promise<void> {
  expect(await goOn(writers)).toBe(true)
  await writers.stop()
  for (const { port } of [pair.source, pair.target]) expect(await lostOn(port, writers)).toBe(0)
  expect(await openSides()).toEqual([serving.called])
}

/** Starts a runner that kills itself in a switch, and waits for its end. */
async function die(at: Pick<Death, 'atPart' | 'beforeStatement'>, guarded: boolean): Promise<void> {
  await dieInChild('switch-and-die.ts', { from: serving.port, to: waiting.port, guarded, ...at })
}

/** A session of the application on the side that serves, from an address of the test's. */
async function sessionFrom(localAddress: string, application: string): Promise<pg.Client> {
  const stream = () => {
    const socket = new Socket()
    const connect = socket.connect.bind(socket) as (options: object) => Socket
    socket.connect = ((port: number, host: string) => connect({ port, host, localAddress })) as never
    return socket
  }
  const client = new pg.Client({
    ...{ host: serving.address, port: serving.port, database, user: appRole, password: appPassword },
    ...{ application_name: application, stream },
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

describe('clients that connect to the servers themselves', () => {
  it('go over and back, and what was acknowledged is on both sides', async () => {
    const beganAt = nowMs()
    const there = await switched()
    expect(await goOn(writers)).toBe(true)
    const back = await switched()

    for (const result of [there, back]) {
      expect(result).toMatchObject({ armed: true, probe: { ok: true } })
      expect(result.sessionsEnded).toBeGreaterThan(0)
      expect(result.strangersEnded).toBeUndefined()
    }
    expect([there.openSide, back.openSide]).toEqual(['target', 'source'])
    await expectNothingLost()
    // Who is cut off in a write is not told what became of it; there are no more of those than writers in each switch.
    expect(writers.ambiguousWrites).toBeLessThanOrEqual(8)
    expect(writers.longestGapMs(beganAt, nowMs())).toBeGreaterThan(0)
  }, 120_000)

  it('are refused on the side that was left, and by no other way than before', async () => {
    await switched()
    expect(await waiting.tryAppLogin(appRole)).toMatch(/^(28000|42501)$/)
    expect(await serving.tryAppLogin(appRole)).toBeUndefined()
    await switched()
    await expectNothingLost()
  }, 120_000)

  it('are named where their host is none of the plan, and cut off where that is waived', async () => {
    const stranger = await sessionFrom('127.0.0.2', 'nightly report')
    const { findings } = await assessDatabase(serving, { waivers: [], entries: [directEntry().toLookAt()] })
    const found = findings.find(({ code }) => code === 'client-unknown')
    expect(found).toMatchObject({
      subject: `${appRole}@127.0.0.2`,
      values: { application: 'nightly report' },
    })
    await expect(switchOver(plan())).rejects.toMatchObject({
      problems: [{ code: 'client-unknown', object: `${appRole}@127.0.0.2` }],
    })
    expect(await openSides()).toEqual([serving.called])

    const result = await switched({ waivers: { [`${appRole}@127.0.0.2`]: 'its owner knows' } })

    expect(result.strangersEnded).toEqual([expect.stringContaining('nightly report')])
    await expect(stranger.query('select 1')).rejects.toThrow()
    await stranger.end().catch(() => undefined)
    await expectNothingLost()
  }, 120_000)

  it('keep the side they are on while the other one does not let the hosts of the application in', async () => {
    const file = join(pair.folder, waiting.port === pair.new.port ? 'new' : 'old', 'pg_hba.conf')
    const before = readFileSync(file, 'utf8')
    const reload = async () =>
      withServer(waiting.port, 'postgres', async (client) => client.query('select pg_reload_conf()'))
    writeFileSync(
      file,
      before.replace('host all all', `host ${database} ${appRole} 127.0.0.0/8 reject\nhost all all`),
    )
    await reload()
    try {
      await expect(switchOver(plan())).rejects.toMatchObject({ code: 'target-role-unfit' })
    } finally {
      writeFileSync(file, before)
      await reload()
    }
    await expectNothingLost()
  }, 60_000)

  it('may be let in from a host that the plan does not know: the assessment names the line', async () => {
    const file = join(pair.folder, serving.port === pair.new.port ? 'new' : 'old', 'pg_hba.conf')
    const before = readFileSync(file, 'utf8')
    const lines = ['10.1.2.3/32', '10.1.0.0/16', '127.0.0.1/32'].map(
      (address) => `host ${database} ${appRole} ${address} scram-sha-256\n`,
    )
    writeFileSync(file, `${lines.join('')}host ${database} clerk 10.1.2.4/32 scram-sha-256\n${before}`)
    try {
      const { findings } = await assessDatabase(serving, {
        waivers: [],
        entries: [directEntry().toLookAt()],
      })
      const found = findings.filter(({ code }) => code === 'client-admitted')
      expect(found.map(({ subject }) => subject)).toEqual(['10.1.2.3'])
    } finally {
      writeFileSync(file, before)
    }
    await expectNothingLost()
  }, 60_000)
})

describe('a runner killed while clients are refused', () => {
  it.each(['fence', 'marker', 'open'] as const)(
    'as part "%s" begins is undone by the next run, which tells both gaps',
    async (atPart) => {
      await die({ atPart }, false)

      const result = await switched()

      expect(result).toMatchObject({ armed: true, resumed: false })
      expect(result.undoneGaps).toHaveLength(1)
      expect(result.undoneGaps[0]?.gapMs).toBeGreaterThan(0)
      await expectNothingLost()
    },
    120_000,
  )

  it.each(['terminate', 'advance', 'open'] as const)(
    'as part "%s" begins is undone by its guardian before anybody comes, and replication runs again',
    async (atPart) => {
      await die({ atPart }, true)

      expect(await goOn(writers)).toBe(true)
      await until(async () => (await openSides()).length === 1 && (await replicates()))
      await expectNothingLost()
      writers = await startDirectWriters(pair)
      expect(await switched()).toMatchObject({ armed: true, resumed: false })
      await expectNothingLost()
    },
    120_000,
  )

  it('after the commit leaves clients that go on by themselves, and the next run knows when they did', async () => {
    await die({ atPart: 'switch' }, false)
    expect(await goOn(writers)).toBe(true)
    await sleep(1_000)

    const result = await switched()

    expect(result).toMatchObject({ armed: true, resumed: true, gapBound: 'at-most', resumedBy: 'next-run' })
    // The side was open long before anybody came.
    expect(result.gapMs).toBeLessThan(1_000)
    await expectNothingLost()
  }, 120_000)
})

/** Whether the side that waits follows the one that serves, and only one link is there. */
async function replicates(): Promise<boolean> {
  return withServer(waiting.port, database, async (client) => {
    const names = (await listSubscriptions(client)).map(({ name }) => name)
    const found = names[0] === undefined ? undefined : await findSubscription(client, names[0])
    return names.length === 1 && found?.enabled === true
  })
}

describe('a new server that is lost before the commit', () => {
  it.each(['marker', 'open'] as const)(
    'as part "%s" begins leaves clients on the side they were on',
    async (lost) => {
      const server = waiting.port === pair.new.port ? pair.new : pair.old
      let restarted: Promise<void> | undefined
      const failing = plan({
        guarded: true,
        deadlineMs: 2_000,
        recoverForMs: 30_000,
        onPart: (part) => {
          if (part !== lost || restarted !== undefined) return
          server.kill()
          restarted = sleep(500).then(async () => server.restart({}))
        },
      })
      await expect(switchOver(failing)).rejects.toMatchObject({ code: 'switchover-aborted' })
      await restarted
      expect(await goOn(writers)).toBe(true)
      await settlePair({ ...plan(), signal: new AbortController().signal, say: () => undefined })
      await until(replicates)
      await expectNothingLost()
      writers = await startDirectWriters(pair)
      expect(await switched()).toMatchObject({ armed: true })
      await expectNothingLost()
    },
    120_000,
  )
})
