import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import pg from 'pg'
import { Console } from '../../../../families/postgresql/pgbouncer/admin.ts'
import { OpenPooled } from '../../../../families/postgresql/pgbouncer/open-pooled.ts'
import { PooledEntry } from '../../../../families/postgresql/pgbouncer/pooled-entry.ts'
import { LocalHost } from '../../../support/local-host.ts'
import { type TestEntry, startEntry } from '../../../support/postgres-entry.ts'
import { appPassword, ownedFolder } from '../../../support/postgres-servers.ts'

const usualLoginRetry = '7'
const entry = { name: 'permit' }

let folder: string
let pooler: TestEntry
let silent: Listening
let other: Listening

/** A server that takes connections, and how many it took. */
interface Listening {
  readonly port: number
  readonly taken: () => number
  close(): void
}

async function listening(answer: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    answer(socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('a socket has a port')
  return {
    port: address.port,
    taken: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const line = (port: number) => `permit = host=127.0.0.1 port=${port} dbname=permit`

beforeAll(async () => {
  folder = ownedFolder(mkdtempSync(join(tmpdir(), 'qianyun-logins-')))
  silent = await listening(() => undefined)
  other = await listening(() => undefined)
  pooler = await startEntry(folder, [line(silent.port)], ['permit_app'], {
    settings: [`server_login_retry = ${usualLoginRetry}`],
  })
})

afterAll(async () => {
  await pooler.stop()
  silent.close()
  other.close()
  rmSync(folder, { recursive: true, force: true })
})

const place = () => ({
  address: '127.0.0.1',
  port: pooler.port,
  user: pooler.adminUser,
  password: pooler.adminPassword,
})
const open = async () => Console.open(place())
const entryOf = () =>
  new PooledEntry({
    name: entry.name,
    host: new LocalHost('entry'),
    file: pooler.databasesFile,
    console: place(),
  })

async function until(holds: () => boolean, boundMs: number): Promise<void> {
  for (let waitedMs = 0; !holds() && waitedMs < boundMs; waitedMs += 20) await sleep(20)
}

it('clients whose login a pause cut off are led to the new side as soon as they are resumed', async () => {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: pooler.port,
    user: 'permit_app',
    password: appPassword,
    database: entry.name,
  })
  client.on('error', () => undefined)
  client.connect().catch(() => undefined)
  await until(() => silent.taken() > 0, 5_000)
  expect(silent.taken()).toBe(1)
  const console = await open()
  await console.preparePause()
  await console.pause(entry.name, 2_000)
  writeFileSync(pooler.databasesFile, `[databases]\n${line(other.port)}\n`)
  await new OpenPooled(entryOf(), console).release()
  await until(() => other.taken() > 0, 5_000)
  expect(other.taken()).toBeGreaterThan(0)
  await console.close()
  const after = await open()
  expect(await after.setting('server_login_retry')).toBe(usualLoginRetry)
  await after.close()
  void client.end().catch(() => undefined)
}, 40_000)

it('two runs at once leave what the configuration says', async () => {
  const first = await open()
  await first.preparePause()
  await first.resume(entry.name)
  expect(await first.setting('server_login_retry')).not.toBe(usualLoginRetry)
  const second = await open()
  await second.preparePause()
  await second.resume(entry.name)
  await first.close()
  await second.close()
  const after = await open()
  expect(await after.setting('server_login_retry')).toBe(usualLoginRetry)
  await after.close()
}, 40_000)
