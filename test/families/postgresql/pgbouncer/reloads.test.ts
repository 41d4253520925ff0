import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import pg from 'pg'
import { Console } from '../../../../families/postgresql/pgbouncer/admin.ts'
import { assertReloads } from '../../../../families/postgresql/pgbouncer/reload-check.ts'
import { type TestEntry, startEntry } from '../../../support/postgres-entry.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  startPair,
  switchPlan,
  pooled,
} from '../../../support/postgres-pair.ts'
import { appPassword } from '../../../support/postgres-servers.ts'

const other = 'other'
let pair: Pair
let entry: TestEntry

beforeAll(async () => {
  pair = await startPair('reloads')
  await makeApplication(pair)
  // Logins that take a while, as they do to a server that is busy or far away.
  const lineOf = (name: string) =>
    `${name} = host=127.0.0.1 port=${String(pair.old.port)} dbname=${database} pool_size=3 connect_query='select pg_sleep(0.2)'`
  entry = await startEntry(pair.folder, [lineOf(database), lineOf(other)], [appRole], {
    name: 'over-tls',
    settings: ['server_tls_sslmode = prefer', 'server_login_retry = 3600'],
  })
}, 120_000)

afterAll(async () => {
  await entry.stop()
  await pair.stop()
}, 30_000)

it('takes no connection from clients, where a pooler logs in anew at each reload', async () => {
  const place = pooled(switchPlan({ entry }, pair.source, pair.target))
  const errors: string[] = []
  let over = false
  let answers = 0
  const clients = Array.from({ length: 6 }, async () => {
    const one = client()
    await one.connect()
    while (!over && errors.length === 0) {
      await one.query('select 1').then(
        () => (answers += 1),
        (error: unknown) => errors.push(String(error)),
      )
    }
    await one.end().catch(() => undefined)
  })
  const console = await Console.open(place.console)
  try {
    for (let time = 1; time <= 4; time++) await assertReloads(place.host, place.file, console, place.name)
  } finally {
    over = true
    await Promise.all(clients)
    await console.close()
  }
  expect(errors).toEqual([])
  expect(answers).toBeGreaterThan(0)
}, 120_000)

it('looks at two entries of one file at the same time, and leaves the file as it was', async () => {
  const place = pooled(switchPlan({ entry }, pair.source, pair.target))
  const before = readFileSync(place.file, 'utf8')
  const look = async (name: string) => {
    const console = await Console.open(place.console)
    try {
      for (let time = 1; time <= 4; time++) await assertReloads(place.host, place.file, console, name)
    } finally {
      await console.close()
    }
  }
  await Promise.all([database, other].map(look))
  expect(readFileSync(place.file, 'utf8')).toBe(before)
}, 60_000)

it('lets clients in again after a login was cut, long before the pooler would by itself', async () => {
  const console = await Console.open(pooled(switchPlan({ entry }, pair.source, pair.target)).console)
  const answerOf = async () => {
    const one = client()
    try {
      await one.connect()
      await one.query('select 1')
      return 'answered'
    } catch (error) {
      return String(error)
    } finally {
      await one.end().catch(() => undefined)
    }
  }
  try {
    await answerOf()
    // Clients ask meanwhile: each reload closes the connections, and the next one cuts the logins in their place.
    const asked = Array.from({ length: 6 }, answerOf)
    for (let time = 1; time <= 5; time++) {
      await console.reload()
      await sleep(60)
    }
    await Promise.all(asked)
    let answer = ''
    while (answer !== 'answered') answer = await answerOf()
    expect(answer).toBe('answered')
  } finally {
    await console.close()
  }
}, 60_000)

it('is named where it does not answer any more, and where it does not at all', async () => {
  const { console: where, name } = pooled(switchPlan({ entry }, pair.source, pair.target))
  const console = await Console.open(where)
  const named = { code: 'pooler-unreachable', where: `${where.address}:${String(where.port)}` }
  try {
    entry.kill()
    await expect(console.look(name)).rejects.toMatchObject(named)
    await expect(console.pause(name, 1_000)).rejects.toMatchObject(named)
    await expect(Console.open(where)).rejects.toMatchObject(named)
  } finally {
    await console.close()
  }
}, 60_000)

function client(): pg.Client {
  const { port } = entry
  const one = new pg.Client({ host: '127.0.0.1', port, database, user: appRole, password: appPassword })
  one.on('error', () => undefined)
  return one
}
