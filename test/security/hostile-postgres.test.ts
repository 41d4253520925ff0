import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { PostgresDatabase, tryLogin } from '../../families/postgresql/database.ts'
import { ProcessConsole } from '../../families/postgresql/pgbouncer/process-console.ts'

const password = 'password-of-the-administrator'
let server: Server | undefined
const received: Buffer[] = []

afterEach(() => {
  server?.close()
  received.length = 0
})

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
  nothing: () => Buffer.concat([authentication(0), ready]),
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
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
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
    ['nothing', /"trust"/],
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
