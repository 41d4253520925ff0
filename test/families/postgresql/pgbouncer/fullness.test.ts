import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import pg from 'pg'
import { assessDatabase } from '../../../../families/postgresql/assess.ts'
import { type TestEntry, startEntry } from '../../../support/postgres-entry.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  startPair,
  switchPlan,
} from '../../../support/postgres-pair.ts'
import { appPassword } from '../../../support/postgres-servers.ts'

let pair: Pair
let entry: TestEntry
let ending: (() => Promise<void>)[] = []

beforeAll(async () => {
  pair = await startPair('fullness')
  await makeApplication(pair)
  const line = `${database} = host=127.0.0.1 port=${String(pair.old.port)} dbname=${database} pool_size=2`
  entry = await startEntry(pair.folder, [line], [appRole], {
    name: 'narrow',
    settings: ['max_client_conn = 60', 'stats_period = 1'],
  })
}, 120_000)

afterEach(async () => {
  await Promise.all(ending.map(async (end) => end()))
  ending = []
})

afterAll(async () => {
  await entry.stop()
  await pair.stop()
}, 30_000)

async function client(): Promise<pg.Client> {
  const { port } = entry
  const one = new pg.Client({ host: '127.0.0.1', port, database, user: appRole, password: appPassword })
  one.on('error', () => undefined)
  await one.connect()
  return one
}

async function found(): Promise<readonly string[]> {
  const entries = [switchPlan({ entry }, pair.source, pair.target).entry.toLookAt()]
  const { findings } = await assessDatabase(pair.source, { target: pair.target, waivers: [], entries })
  return findings.map(({ code }) => code).filter((code) => /^entry-(fills-up|pool-too-small)$/.test(code))
}

it('clients that stay and have room are no finding', async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, client))
  ending = clients.map((one) => async () => one.end())
  await Promise.all(clients.map(async (one) => one.query('select 1')))
  expect(await found()).toEqual([])
}, 60_000)

it('clients that leave after a long time are not taken for those that write', async () => {
  let over = false
  const busy = await Promise.all(Array.from({ length: 4 }, client))
  const idle = await Promise.all(Array.from({ length: 40 }, client))
  const loops = busy.map(async (one) => {
    while (!over) await one.query('select 1')
  })
  // Older than what passes for a client of one transaction, and seen by the statistics of the pooler.
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  const leaving = (async () => {
    for (const one of idle) {
      await one.end()
      await new Promise((resolve) => setTimeout(resolve, 700))
    }
  })()
  ending = [
    async () => {
      over = true
      await Promise.all([...loops, leaving])
      await Promise.all(busy.map(async (one) => one.end()))
    },
  ]
  expect(await found()).toEqual([])
}, 60_000)

it('clients that connect for each statement would fill the pooler up while a switch has them wait', async () => {
  let over = false
  const loops = Array.from({ length: 8 }, async () => {
    while (!over) {
      const one = await client().catch(() => undefined)
      await one?.query('select pg_sleep(0.05)').catch(() => undefined)
      await one?.end().catch(() => undefined)
    }
  })
  ending = [
    async () => {
      over = true
      await Promise.all(loops)
    },
  ]
  expect(await found()).toEqual(['entry-fills-up'])
}, 60_000)

it('clients that wait for a place in the pool even now are found', async () => {
  const holders = await Promise.all([client(), client()])
  for (const one of holders) await one.query('begin; select 1')
  const waiting = await client()
  const answer = waiting.query('select 1').catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const looking = found()
  ending = [waiting, ...holders].map((one) => async () => one.end())
  // The look itself logs in at the entry, and gets no place either.
  const codes = await looking
  for (const one of holders) await one.query('commit')
  await answer
  expect(codes).toEqual(['entry-pool-too-small'])
}, 60_000)
