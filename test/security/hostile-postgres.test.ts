import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { openDoor } from '../../families/postgresql/copy/own-door.ts'
import { PostgresDatabase, tryLogin } from '../../families/postgresql/database.ts'
import { ProcessConsole } from '../../families/postgresql/pgbouncer/process-console.ts'
import { createSubscription } from '../../families/postgresql/replication/subscriptions.ts'
import { askServers } from '../support/ask-servers.ts'

const password = 'password-of-the-administrator'
let server: Server | undefined
const received: Buffer[] = []
const sockets: Socket[] = []

afterEach(() => {
  server?.close()
  // A client that a server has let in part of the way would go on with it in the next test.
  for (const socket of sockets.splice(0)) socket.destroy()
  received.length = 0
})

/** What libpq asks first: TLS, or encryption by GSSAPI. This server has neither. */
const encryptionCodes = [80_877_103, 80_877_104]

const message = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const authentication = (code: number, rest = Buffer.alloc(0)): Buffer =>
  message('R', Buffer.concat([number(code), rest]))
const ready = message('Z', Buffer.from('I'))

/** What a server may answer to the first message of a client, and to each one after it. */
const answers: Readonly<Record<string, (turn: number, sent: string) => Buffer | undefined>> = {
  'a cleartext password': () => authentication(3),
  'an md5 hash': () => authentication(5, Buffer.from([1, 2, 3, 4])),
  'something nobody knows': () => authentication(15),
  nothing: () => Buffer.concat([authentication(0), ready]),
  'nothing, by an error without an end': () => message('E', Buffer.from('SFATAL\0Mgo away')),
  'nothing, by a notice without an end': () => message('N', Buffer.from('SNOTICE\0Mhello\0')),
  'SCRAM it does not finish': (turn) => {
    if (turn === 0) return authentication(10, Buffer.from('SCRAM-SHA-256\0\0'))
    return Buffer.concat([authentication(0), ready])
  },
  'SCRAM of one iteration': (turn, sent) => {
    if (turn === 0) return authentication(10, Buffer.from('SCRAM-SHA-256\0\0'))
    const nonce = /r=([^,\0]+)/.exec(sent)?.[1] ?? ''
    return authentication(11, Buffer.from(`r=${nonce}server,s=${Buffer.from('salt').toString('base64')},i=1`))
  },
  'SCRAM whose end it cannot prove': (turn, sent) => {
    if (turn === 0) return authentication(10, Buffer.from('SCRAM-SHA-256\0\0'))
    const nonce = /r=([^,\0]+)/.exec(sent)?.[1] ?? ''
    if (turn === 1)
      return authentication(
        11,
        Buffer.from(`r=${nonce}server,s=${Buffer.from('salt').toString('base64')},i=4096`),
      )
    const proof = Buffer.from('not the signature').toString('base64')
    return Buffer.concat([authentication(12, Buffer.from(`v=${proof}`)), authentication(0), ready])
  },
}

/** A server that asks for a password in its own way. */
async function hostile(asks: string): Promise<number> {
  const answer = answers[asks]
  if (answer === undefined) throw new Error(`There is no server that asks for ${asks}`)
  server = createServer((socket: Socket) => {
    let turn = 0
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      if (chunk.length === 8 && encryptionCodes.includes(chunk.readInt32BE(4))) {
        socket.write('N')
        return
      }
      received.push(chunk)
      const said = answer(turn, chunk.toString('latin1'))
      turn += 1
      if (said !== undefined) socket.write(said)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const ref = (port: number) => ({
  host: 'target',
  address: '127.0.0.1',
  port,
  database: 'desk',
  adminUser: 'postgres',
  adminSecret: 'admin',
  appRoles: ['desk'],
  appSecret: 'app',
})
const database = (port: number, more: object = {}) =>
  new PostgresDatabase('target', { ...ref(port), ...more }, async () => password)

const sent = (): string => Buffer.concat(received).toString('latin1')
const queries = (): number => received.filter((chunk) => chunk[0] === 'Q'.charCodeAt(0)).length

describe('a server that asks for', () => {
  it.each([
    ['a cleartext password', /"password"/],
    ['an md5 hash', /"md5"/],
    ['something nobody knows', /Unknown authenticationOk message type 15/],
    ['nothing', /"trust"/],
    ['nothing, by an error without an end', /has no end/],
    ['nothing, by a notice without an end', /has no end/],
    ['SCRAM it does not finish', /"trust"/],
    ['SCRAM of one iteration', /"few-iterations"/],
    ['SCRAM whose end it cannot prove', /signature/],
  ])('%s gets no login of the administrator', async (asks, says) => {
    const port = await hostile(asks)
    await expect(database(port).connect()).rejects.toThrow(says)
    expect(sent()).not.toContain(password)
    expect(sent()).not.toMatch(/md5[0-9a-f]{32}/)
    expect(queries()).toBe(0)
  })

  it.each(['a cleartext password', 'an md5 hash', 'SCRAM of one iteration'])(
    '%s gets no login of an application, nor of a pooler’s console',
    async (asks) => {
      const port = await hostile(asks)
      const place = { address: '127.0.0.1', port, database: 'desk' }
      await expect(tryLogin(place, 'desk', password)).rejects.toMatchObject({ code: 'weak-login' })
      const console = { address: '127.0.0.1', port, user: 'pgbouncer', password }
      await expect(ProcessConsole.open(console)).rejects.toMatchObject({ code: 'weak-login' })
      expect(sent()).not.toContain(password)
    },
  )

  it('an md5 hash gets it where the plan says why, and nothing weaker', async () => {
    const weakLogin = { method: 'md5', reason: 'PostgreSQL 9.6 knows no SCRAM; it goes with the move.' }
    const login = database(await hostile('an md5 hash'), { weakLogin }).connect()
    login.catch(() => undefined)
    for (let tries = 0; tries < 100 && !/md5[0-9a-f]{32}/.test(sent()); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent()).toMatch(/md5[0-9a-f]{32}/)
    server?.close()
    await expect(
      database(await hostile('a cleartext password'), { weakLogin }).connect(),
    ).rejects.toMatchObject({ code: 'weak-login' })
    expect(sent()).not.toContain(password)
  })

  it('no TLS where the plan wants it gets nothing', async () => {
    const port = await hostile('a cleartext password')
    await expect(database(port, { tls: {} }).connect()).rejects.toThrow(/SSL|TLS/)
    expect(sent()).not.toContain(password)
  })
})

/** pg_dump of this machine, whatever its version knows. */
async function dumpThrough(door: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  const environment = { PATH: process.env['PATH'], ...door }
  const child = spawn('pg_dump', ['--no-password', '--schema-only'], { env: environment })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, said }
}

describe("PostgreSQL's own programs", () => {
  const session = { options: '-c statement_timeout=0', applicationName: 'qianyun-copy' }

  it.each([
    ['a cleartext password', 'password'],
    ['an md5 hash', 'md5'],
    ['nothing', 'trust'],
    ['SCRAM of one iteration', 'few-iterations'],
    ['SCRAM it does not finish', 'trust'],
  ])('give nothing to a server that asks for %s, and are told why', async (asks, method) => {
    await using door = await openDoor(database(await hostile(asks)), session)
    const { code, said } = await dumpThrough(door.environment)
    expect(code).not.toBe(0)
    expect(door.failure()).toMatchObject({ code: 'weak-login', method })
    expect(said).toContain(`"${method}"`)
    expect(sent()).not.toContain(password)
    expect(sent()).not.toMatch(/md5[0-9a-f]{32}/)
    expect(queries()).toBe(0)
  })

  it('are not told the password, and reach a server through a folder of their user alone', async () => {
    const { adminUrl } = await askServers('postgres')
    const { hostname, port, username, password: real } = new URL(adminUrl)
    const place = { ...ref(Number(port)), address: hostname, adminUser: username, database: 'postgres' }
    const known = new PostgresDatabase('target', place, async () => decodeURIComponent(real))
    await using door = await openDoor(known, session)
    expect(JSON.stringify(door.environment)).not.toContain(real)
    expect(statSync(door.environment['PGHOST'] ?? '').mode & 0o777).toBe(0o700)
    const psql = spawn(
      'psql',
      ['-X', '-At', '-c', 'select current_user, current_setting($$client_encoding$$)'],
      {
        env: { PATH: process.env['PATH'], ...door.environment },
      },
    )
    let said = ''
    psql.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    psql.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    expect(await once(psql, 'close')).toEqual([0, null])
    expect(said.trim()).toMatch(new RegExp(`^${username}\\|\\w+$`))
  })
})

describe('a server that follows another one', () => {
  it.each(['a cleartext password', 'an md5 hash', 'nothing'])(
    'gives nothing to one that asks for %s, from PostgreSQL 16 on',
    async (asks) => {
      const { adminUrl } = await askServers('postgres')
      const client = new pg.Client({ connectionString: adminUrl })
      await client.connect()
      try {
        const made = createSubscription(client, {
          ...{ name: 'hostile', publisher: database(await hostile(asks)), copyData: false },
          ...{ createSlot: true, enabled: true, originNone: true },
        })
        await expect(made).rejects.toThrow(/auth/)
        expect(sent()).not.toContain(password)
        expect(sent()).not.toMatch(/md5[0-9a-f]{32}/)
        expect(queries()).toBe(0)
      } finally {
        await client.end()
      }
    },
  )
})
