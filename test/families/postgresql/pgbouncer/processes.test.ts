import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import type { LedgerWriters } from '../../../../families/postgresql/rehearsal/ledger-writers.ts'
import { switchOver } from '../../../../families/postgresql/switchover/switch-over.ts'
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
} from '../../../support/postgres-pair.ts'
import { appPassword } from '../../../support/postgres-servers.ts'

let pair: Pair
let writers: LedgerWriters
let serving: Pair['source']
let waiting: Pair['source']

beforeAll(async () => {
  pair = await startPair('processes', { processes: 2, layout: 'one-file' })
  await makeApplication(pair)
  await withServer(pair.old.port, 'postgres', async (client) =>
    client.query(`create database other owner ${appRole}`),
  )
  await replicate(pair)
  serving = pair.source
  waiting = pair.target
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

beforeEach(async () => {
  writers = await startWriters(pair)
})

afterEach(async () => {
  await writers.stop()
})

const plan = () => switchPlan(pair, serving, waiting)

async function switched() {
  const result = await switchOver(plan())
  ;[serving, waiting] = [waiting, serving]
  return result
}

/** The port of the server a new client of the entry comes to. */
async function serverOfNewClient(): Promise<number> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: pair.entry.port,
    database,
    user: appRole,
    password: appPassword,
    connectionTimeoutMillis: 15_000,
    query_timeout: 15_000,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ port: number }>('select inet_server_port() as port')
    return rows[0]?.port ?? 0
  } finally {
    await client.end()
  }
}

async function expectNothingLost(): Promise<void> {
  await writers.stop()
  expect(writers.acked).toBeGreaterThan(0)
  await withServer(serving.port, database, async (client) => {
    expect(await writers.lostOn(client)).toBe(0)
  })
}

describe('an entry of two processes that share a port and one packaged file', () => {
  it.each(['there', 'back'])(
    'is switched in both of them (%s)',
    async () => {
      const { armed, probe } = await switched()

      expect({ armed, probe: probe.ok }).toEqual({ armed: true, probe: true })
      const ports = await Promise.all(Array.from({ length: 24 }, serverOfNewClient))
      expect(new Set(ports)).toEqual(new Set([serving.port]))
      await expectNothingLost()
    },
    60_000,
  )

  it('leads a process that starts while clients are paused, with the old line, to the side that serves', async () => {
    const before = pair.entry.pids.length
    let end = async (): Promise<void> => undefined
    const result = await switchOver({
      ...plan(),
      onPart: (part) => {
        if (part !== 'fence') return
        end = pair.entry.startAnother()
        // The gap stands still until the process has read the line that leads to the side that is left.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
      },
    })
    ;[serving, waiting] = [waiting, serving]
    expect(pair.entry.pids).toHaveLength(before + 1)
    expect(result.armed).toBe(true)
    const ports = await Promise.all(Array.from({ length: 40 }, serverOfNewClient))
    expect(new Set(ports)).toEqual(new Set([serving.port]))
    // As many consoles as come to each of the three in all likelihood.
    for (let time = 1; time <= 30; time++) {
      const admin = await pair.entry.admin()
      const { rows } = await admin.query<{ name: string; port: string }>('show databases')
      expect(Number(rows.find(({ name }) => name === database)?.port)).toBe(serving.port)
      await admin.end()
    }
    await end()
    await switched()
    await expectNothingLost()
  }, 60_000)

  it('is not switched while one of them is frozen, and nobody is stopped for it', async () => {
    const [, frozen = 0] = pair.entry.pids
    process.kill(frozen, 'SIGSTOP')
    try {
      await expect(switchOver(plan())).rejects.toMatchObject({ code: 'pooler-process-lost' })
    } finally {
      process.kill(frozen, 'SIGCONT')
    }
    await expectNothingLost()
  }, 120_000)
})

describe('the line of an entry', () => {
  const expectRefused = async (change: (text: string) => string, code: string) => {
    const { databasesFile: file } = pair.entry
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, change(before))
    try {
      await expect(switchOver(plan())).rejects.toMatchObject({ code })
      expect(readFileSync(file, 'utf8')).toBe(change(before))
    } finally {
      writeFileSync(file, before)
    }
    await expectNothingLost()
  }

  it('that a later one replaces is noticed before anybody is stopped', async () => {
    const later = join(dirname(pair.entry.databasesFile), 'later.ini')
    writeFileSync(
      later,
      `[databases]\n${database} = host=127.0.0.1 port=${serving.port} dbname=${database}\n`,
    )
    await expectRefused((text) => `${text}%include ${later}\n`, 'reload-ignored')
  }, 120_000)

  it('is asked for where the line for all names leads its clients on', async () => {
    await expectRefused(
      (text) => text.replace(/^permit = .*$/m, `* = host=127.0.0.1 port=${serving.port}`),
      'entry-caught-by-all',
    )
  }, 120_000)

  it('is looked for in the files that its file includes', async () => {
    const included = join(dirname(pair.entry.databasesFile), 'included.ini')
    const line = /^permit = .*$/m
    writeFileSync(included, `${line.exec(readFileSync(pair.entry.databasesFile, 'utf8'))?.[0] ?? ''}\n`)
    await expectRefused((text) => text.replace(line, `%include ${included}`), 'entry-in-included-file')
  }, 120_000)
})

describe('a role that works in another database of the server', () => {
  it('keeps its login there while the fence keeps it out of the one that is left', async () => {
    await switched()

    expect(await waiting.tryAppLogin(appRole)).toBe('42501')
    const elsewhere = { address: '127.0.0.1', port: pair.old.port, database: 'other' }
    expect(await waiting.tryAppLogin(appRole, elsewhere)).toBeUndefined()

    await switched()
    expect(await serving.tryAppLogin(appRole)).toBeUndefined()
    await expectNothingLost()
  }, 120_000)
})
