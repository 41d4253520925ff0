import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import ssh2 from 'ssh2'
import { PostgresDatabase, tryLogin } from '../../families/postgresql/database.ts'
import { ProcessConsole } from '../../families/postgresql/pgbouncer/process-console.ts'
import { connectHost } from '../../runner/ssh/connection.ts'
import type { Dice } from '../dice.ts'
import type { Attack, Tried } from './attack.ts'

/** Logs in somewhere with a password; whatever becomes of it. */
type Login = (port: number, password: string) => Promise<unknown>

/** The product's logins at a database and at a pooler. */
export const logins: Readonly<Record<string, Login>> = {
  administrator: async (port, password) => databaseAt(port, password).connect(),
  application: async (port, password) =>
    refusedBy(
      await tryLogin({ address: '127.0.0.1', port, database: 'desk' }, 'desk', password).catch(String),
    ),
  'console of a pooler': async (port, password) =>
    ProcessConsole.open({ address: '127.0.0.1', port, user: 'pgbouncer', password }),
}

/** A login that was let in gives undefined. */
function refusedBy(state: string | undefined): void {
  if (state !== undefined) throw new Error(state)
}

function databaseAt(port: number, password: string): PostgresDatabase {
  const ref = {
    ...{ host: 'target', address: '127.0.0.1', port, database: 'desk', adminUser: 'postgres' },
    ...{ adminSecret: 'admin', appRoles: ['desk'], appSecret: 'app' },
  }
  return new PostgresDatabase('target', ref, async () => password)
}

/** Servers that speak PostgreSQL and ask for a password in every way but the one that proves who they are. */
export const hostileDatabases =
  (given: Readonly<Record<string, Login>> = logins): Attack =>
  async (_room, dice) => {
    const [name, login] = dice.one(Object.entries(given))
    const password = `password-${randomBytes(9).toString('hex')}`
    const received: Buffer[] = []
    const server = createServer((socket) => {
      answerBadly(socket, dice, received)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const isIn = await login((server.address() as AddressInfo).port, password).then(
      () => true,
      () => false,
    )
    server.close()
    const sent = Buffer.concat(received).toString('latin1')
    const asked = received.some((chunk) => chunk[0] === 'Q'.charCodeAt(0))
    const wrong = [
      ...(isIn ? ['was logged in'] : []),
      ...(sent.includes(password) ? ['got the password'] : []),
      ...(/md5[0-9a-f]{32}/.test(sent) ? ['got its MD5'] : []),
      ...(asked ? ['got a statement'] : []),
    ]
    return tried(`a server that no ${name} trusts`, wrong)
  }

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const message = (type: string, body: Buffer, length = body.length + 4): Buffer =>
  Buffer.concat([Buffer.from(type), number(length), body])
const authentication = (code: number, rest = Buffer.alloc(0)): Buffer =>
  message('R', Buffer.concat([number(code), rest]))

/** A few answers, drawn anew for each, and the end of the connection. */
function answerBadly(socket: Socket, dice: Dice, received: Buffer[]): void {
  let left = dice.between(1, 4)
  // Clients wait for the rest of what they got a half of, up to a limit of their own.
  const silent = setTimeout(() => socket.destroy(), 1_000)
  socket.on('close', () => {
    clearTimeout(silent)
  })
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    received.push(chunk)
    if (left === 0) return void socket.destroy()
    left -= 1
    socket.write(badAnswer(dice, chunk.toString('latin1')))
  })
}

function badAnswer(dice: Dice, sent: string): Buffer {
  const nonce = /r=([^,\0]+)/.exec(sent)?.[1] ?? 'nonce'
  const salt = Buffer.from('salt').toString('base64')
  return dice.one([
    () => authentication(3),
    () => authentication(5, Buffer.from([1, 2, 3, 4])),
    () => Buffer.concat([authentication(0), message('Z', Buffer.from('I'))]),
    () => authentication(10, Buffer.from('SCRAM-SHA-256\0\0')),
    () => authentication(10, Buffer.from('SCRAM-SHA-256-PLUS\0PLAIN\0\0')),
    () => authentication(11, Buffer.from(`r=${nonce}x,s=${salt},i=${dice.one(['1', '4096', '0', '-1'])}`)),
    () => authentication(12, Buffer.from(`v=${Buffer.from('not it').toString('base64')}`)),
    () => authentication(dice.between(0, 20), dice.bytes(dice.between(0, 20))),
    () => message('E', Buffer.from('SFATAL\0C28P01\0Mgo away\0\0')),
    () => message(dice.one(['N', 'S', 'K', 'D']), dice.bytes(dice.between(0, 200))),
    () => message('R', number(3), dice.between(5, 40)),
    () => dice.bytes(dice.between(1, 400)),
  ])()
}

/** Of some hundred keys that `ssh2` makes, it cannot read one itself. */
function makeKey(): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key
  }
}

/** Connects to a host whose pinned key is another one. */
type Connect = (port: number, privateKey: string, hostKey: string) => Promise<unknown>

const connectSsh: Connect = async (port, privateKey, hostKey) =>
  connectHost(
    { name: 'target', address: '127.0.0.1', port, user: 'root', hostKey, privateKey: async () => privateKey },
    { timeoutMs: 10_000 },
  )

/** SSH servers with another key than the one that is pinned, and ones that speak something else. */
export const hostileHosts =
  (connect: Connect = connectSsh): Attack =>
  async (_room, dice) => {
    const wrong: string[] = []
    const key = makeKey()
    const user = makeKey()
    const server = dice.happens(0.5)
      ? new ssh2.Server({ hostKeys: [key.private] }, (client) => {
          client.on('error', () => undefined)
          client.on('authentication', (asked) => {
            if (asked.method !== 'none') wrong.push('was given a proof of the key')
            asked.accept()
          })
        })
      : createServer((socket) => {
          socket.on('error', () => undefined)
          socket.write(
            dice.one(['SSH-2.0-x\r\n', 'SSH-1.5-old\r\n', 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(300)]),
          )
          socket.end(dice.bytes(dice.between(1, 4_000)))
        })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const pinned = `SHA256:${randomBytes(32).toString('base64').replace(/=+$/, '')}`
    const isIn = await connect(port, user.private, pinned).then(
      () => true,
      () => false,
    )
    server.close()
    return tried('a host of another key', [...(isIn ? ['was logged in to'] : []), ...wrong])
  }

const tried = (what: string, wrong: readonly string[]): Tried => ({
  attacks: 1,
  succeeded: wrong.map((one) => `${what} ${one}`),
})
