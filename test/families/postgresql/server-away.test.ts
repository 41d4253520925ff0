import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { say } from '../../../domain/words/said.ts'
import { implementation as postgresql } from '../../../families/postgresql/index.ts'
import { openClient, connectSide, withClient } from '../../../families/postgresql/server/connections.ts'
import { recorded } from '../../../families/postgresql/replication/old-side.ts'
import { settlePair } from '../../../families/postgresql/switchover/settle-pair.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { QianyunError } from '../../../domain/errors.ts'
import {
  type Pair,
  makeApplication,
  port,
  replicate,
  startPair,
  switchPlan,
} from '../../support/postgres-pair.ts'

/** Someone at the port of a server who ends every connection, as a network does that is cut. */
let cut: Server
const open = new Set<Socket>()
let pair: Pair

beforeAll(async () => {
  pair = await startPair('server-away')
  await makeApplication(pair)
  await replicate(pair)
  cut = createServer((socket) => {
    open.add(socket)
    socket.on('data', () => socket.destroy())
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => cut.listen(0, '127.0.0.1', resolve))
}, 120_000)

afterAll(async () => {
  for (const socket of open) socket.destroy()
  cut.close()
  await pair.stop()
}, 60_000)

const cutPort = (): number => (cut.address() as { port: number }).port
const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

it.each([
  ['that ends every connection', () => port('target', cutPort())],
  ['at which nobody listens', () => port('target', 9)],
])(
  'a server %s is named, in either language, whoever asks it',
  async (_, side) => {
    const away = side()
    const place = `"target" (127.0.0.1:${String(away.port)}/permit)`
    for (const work of [
      async () => connectSide(away, 'switchover'),
      async () => withClient(away, 'census', async (client) => client.query('select 1')),
      async () => recorded(away),
      async () => postgresql.reach(away),
      async () => away.tryAppLogin('permit_app'),
      async () => switchOver(switchPlan(pair, pair.source, away)),
      async () =>
        settlePair({
          from: pair.source,
          to: away,
          signal: new AbortController().signal,
          say: () => undefined,
        }),
    ]) {
      const error = await failureOf(work())
      if (error === undefined) continue
      expect(error).toBeInstanceOf(QianyunError)
      const { message, told } = error as QianyunError
      expect(message).toContain(`127.0.0.1:${String(away.port)}/permit`)
      expect(told && say('zh', told)).toContain(`127.0.0.1:${String(away.port)}/permit`)
    }
    expect(await failureOf(connectSide(away, 'switchover'))).toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining(
        `The server of ${place} does not take the connection "qianyun-switchover to permit"`,
      ),
    })
  },
  60_000,
)

it('a server that ends a connection in use is named, and so is one that refuses a login', async () => {
  const client = await openClient(pair.target, 'census')
  await pair.new.crash()
  const where = `"target" (127.0.0.1:${String(pair.new.port)}/permit)`
  for (let time = 1; time <= 2; time++) {
    const error = await failureOf(client.query('select 1'))
    expect(String(error)).toContain(where)
  }
  await pair.new.restart({})
  const stranger = Object.create(pair.target, {
    adminPassword: { value: async () => 'not this one' },
  }) as Pair['target']
  const refused = await failureOf(openClient(stranger, 'census'))
  expect(refused).toMatchObject({ code: '28P01' })
  expect(String(refused)).toContain(where)
}, 60_000)
