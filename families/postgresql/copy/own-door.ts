import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { opened, type DatabasePort } from '../database.ts'
import { safeClient } from '../server/client.ts'
import { endClient } from '../server/connections.ts'
import { sideName } from '../side-name.ts'

/** A way to a database for PostgreSQL's own programs that asks them for no password. */
export interface OwnDoor extends AsyncDisposable {
  /** What such a program is told by its environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Why the server was not logged in to, if it was not. */
  readonly failure: () => Error | undefined
}

export interface DoorOptions {
  /** Settings of the sessions, as `-c name=value`. */
  readonly options: string
  readonly applicationName: string
}

/** Who logs in, where that is not the administrator. */
export interface Login {
  readonly name: string
  readonly password: string
}

/** What `pg` keeps of a login; its types hide it. */
interface LoggedIn {
  readonly connection: {
    readonly stream: Socket
    on(event: 'parameterStatus', listener: (status: ParameterStatus) => void): void
  }
  readonly processID: number
  readonly secretKey: number
}

interface ParameterStatus {
  readonly parameterName: string
  readonly parameterValue: string
}

/** Names of sockets are short on every system; folders for temporary files may not be. */
const longestFolder = 60

/**
 * Opens a socket in a folder of this user alone. Whoever connects there speaks to the server over a connection that our own client has made:
 * what logs in, over TLS or not, is the same for every program and every version of libpq, and none of them is given the password.
 */
export async function openDoor(port: DatabasePort, wanted: DoorOptions, as?: Login): Promise<OwnDoor> {
  const user = as?.name ?? port.adminUser
  const base = tmpdir().length > longestFolder ? '/tmp' : tmpdir()
  const folder = await mkdtemp(join(base, 'qianyun-door-'))
  const sockets = new Set<Socket>()
  let failure: Error | undefined
  let isShut = false
  const server = createServer({ pauseOnConnect: true }, (program) => {
    sockets.add(program)
    program.on('error', () => undefined)
    login(port, wanted, as).then(
      ({ greeting, stream }) => {
        // The program may have been ended while our client logged in for it.
        if (isShut || program.destroyed) {
          stream.destroy()
          return
        }
        sockets.add(stream)
        joinBoth(program, stream, greeting)
      },
      (error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(messageOf(error))
        program.end(refusal(messageOf(error)))
      },
    )
  })
  server.listen(join(folder, `.s.PGSQL.${String(port.port)}`))
  await once(server, 'listening')
  return {
    environment: {
      PGHOST: folder,
      PGPORT: String(port.port),
      PGUSER: user,
      PGDATABASE: port.database,
      // Nobody's file of passwords is read.
      PGPASSFILE: join(folder, 'none'),
    },
    failure: () => failure,
    [Symbol.asyncDispose]: async () => {
      isShut = true
      for (const socket of sockets) socket.destroy()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function login(port: DatabasePort, { options, applicationName }: DoorOptions, as?: Login) {
  const client = safeClient(
    {
      host: port.address,
      port: port.port,
      database: port.database,
      user: as?.name ?? port.adminUser,
      password: as?.password ?? (await port.adminPassword()),
      application_name: applicationName,
      connectionTimeoutMillis: 10_000,
      options,
    },
    port,
  )
  const { connection } = client as unknown as LoggedIn
  const said = new Map<string, string>()
  connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
    said.set(parameterName, parameterValue)
  })
  await opened(client, { server: sideName(port), connection: `${applicationName} to ${port.database}` })
  // Our client asks for UTF-8; these programs expect what the database has, and bytes of SQL_ASCII as they are.
  try {
    await client.query(`select set_config('client_encoding', current_setting('server_encoding'), false)`)
  } catch (error) {
    await endClient(client)
    throw error
  }
  return { greeting: greetingOf(client, said), stream: handedOver(connection.stream) }
}

/** From here on nobody but the program reads what the server says. */
function handedOver(stream: Socket): Socket {
  stream.removeAllListeners('data')
  stream.on('error', () => undefined)
  return stream
}

/** What a server says to whoever it has let in. */
function greetingOf(client: pg.Client, said: ReadonlyMap<string, string>): Buffer {
  const { processID, secretKey } = client as unknown as LoggedIn
  return Buffer.concat([
    message('R', int32(0)),
    ...[...said].map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`))),
    message('K', Buffer.concat([int32(processID), int32(secretKey)])),
    message('Z', Buffer.from('I')),
  ])
}

/** The first message of a program says who it wants to be: it is who it is told to be. */
function joinBoth(program: Socket, stream: Socket, greeting: Buffer): void {
  let hello = Buffer.alloc(0)
  const greet = (chunk: Buffer): void => {
    hello = Buffer.concat([hello, chunk])
    if (hello.length < 4 || hello.length < hello.readUInt32BE(0)) return
    program.off('data', greet)
    program.pause()
    program.write(greeting)
    stream.write(hello.subarray(hello.readUInt32BE(0)))
    program.pipe(stream)
    stream.pipe(program)
  }
  program.on('data', greet)
  program.resume()
  program.on('close', () => stream.destroy())
  stream.on('close', () => program.end())
}

const refusal = (text: string): Buffer => message('E', Buffer.from(`SFATAL\0VFATAL\0C08001\0M${text}\0\0`))

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
