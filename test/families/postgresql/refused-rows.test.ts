import { afterAll, beforeAll, expect, it } from '@jest/globals'
import pg from 'pg'
import { whyRowsAreRefused } from '../../../families/postgresql/copy/refused-rows.ts'
import { type TestServer, makeFolder, removeFolder, startServer } from '../../support/postgres-servers.ts'
import { adminPassword, adminUser } from '../../support/postgres-servers.ts'

let folder: string
let server: TestServer
let publisher: pg.Client
let subscriber: pg.Client
/** The most bytes that came in for one statement. */
let largest = 0

beforeAll(async () => {
  folder = await makeFolder('refused-rows')
  server = await startServer(folder, 'only', 18)
  publisher = await connect('postgres')
  await publisher.query('create database other')
  subscriber = await connect('other')
  const query = publisher.query.bind(publisher) as (...asked: unknown[]) => Promise<unknown>
  const { stream } = (publisher as unknown as { connection: { stream: { bytesRead: number } } }).connection
  publisher.query = (async (...asked: unknown[]) => {
    const before = stream.bytesRead
    const answer = await query(...asked)
    largest = Math.max(largest, stream.bytesRead - before)
    return answer
  }) as never
}, 120_000)

afterAll(async () => {
  await Promise.all([publisher.end(), subscriber.end()])
  await server.stop()
  await removeFolder(folder)
})

async function connect(database: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: server.port,
    user: adminUser,
    password: adminPassword,
    database,
  })
  await client.connect()
  return client
}

it('a row that is refused is found behind large ones, of which few are held at the same time', async () => {
  await publisher.query('create table scan (id int, page text, stamp bytea)')
  await subscriber.query(
    'create table scan (id int, page text, stamp bytea, constraint known check (id < 1000))',
  )
  await publisher.query(`
    insert into scan select n, 'small', null from generate_series(1, 300) n;
    insert into scan select n, repeat('大', 1000000), decode(repeat('ab', 500000), 'hex') from generate_series(301, 312) n;
    insert into scan select n, null, null from generate_series(313, 500) n;
    insert into scan values (998, repeat('x', 70000000), null), (999, 'behind it', ''), (1000, 'one too many', null)`)
  largest = 0
  expect(await whyRowsAreRefused(publisher, subscriber, ['public.scan'])).toEqual({
    table: 'public.scan',
    message: expect.stringContaining('"known"') as unknown,
  })
  expect(largest).toBeGreaterThan(4_000_000)
  expect(largest).toBeLessThan(9_000_000)
}, 120_000)
