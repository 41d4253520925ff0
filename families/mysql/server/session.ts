import { connect } from 'node:net'
import type { Duplex, Readable } from 'node:stream'
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import type { ServerTls } from '../../../domain/host.ts'
import { inForeignWords, said } from '../../../domain/words/said.ts'
import { messageOf } from '../../../domain/errors.ts'
import { MysqlUnreachableError } from '../errors.ts'
import { controlDatabase } from './control-database.ts'

/** Where a login goes. */
export interface LoginPlace {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly tls?: ServerTls | undefined
}

export interface SessionOptions {
  /** Whether what is done goes into the server's log, and so to whoever follows it. Default: it does not. */
  readonly logged?: boolean
  readonly connectTimeoutMs?: number
  /** A question that has no answer by then ends the session. Without it a question waits as long as its connection stands. */
  readonly answersWithinMs?: number | undefined
}

type Row = Readonly<Record<string, unknown>>

/** A number as a server sends it: one that may be long comes as a text. */
export type Numeral = number | string

const connectTimeoutMs = 10_000
const unknownVariable = 1193
/** A statement of ours never waits longer than that for a lock of a table's definition. */
const lockWaitSeconds = 30

/** Dates that a strict mode refuses, and a zero in a counted column, are what the rows hold: they are carried as they are. */
export const ownSqlMode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION,NO_DIR_IN_CREATE'

/** A connection whose character set, SQL mode and time zone are ours, whatever the server's are. */
export class Session {
  private constructor(
    private readonly connection: Connection,
    private readonly place: LoginPlace,
    private readonly answersWithinMs: number | undefined,
  ) {}

  /** @throws MysqlUnreachableError */
  static async open(
    place: LoginPlace,
    {
      user,
      password,
      logged = false,
      connectTimeoutMs: timeoutMs,
      answersWithinMs,
    }: SessionOptions & Record<'user' | 'password', string>,
  ): Promise<Session> {
    const connection = await login(place, user, password, timeoutMs)
    const session = new Session(connection, place, answersWithinMs)
    try {
      await session.settle(`SET NAMES utf8mb4, SESSION sql_mode = '${ownSqlMode}', time_zone = '+00:00',
        foreign_key_checks = 0, unique_checks = 0, check_constraint_checks = 0, autocommit = 1,
        lock_wait_timeout = ${String(lockWaitSeconds)}, max_statement_time = 0, net_write_timeout = 3600, net_read_timeout = 3600,
        wait_timeout = 28800, group_concat_max_len = 1048576${logged ? '' : ', sql_log_bin = 0'}`)
      await session.run('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
      // Sessions of the engine are known by it, among those of its account.
      const [control] = await session.rows(
        `SELECT 1 FROM information_schema.schemata WHERE schema_name = '${controlDatabase}'`,
      )
      if (control !== undefined) await session.run(`USE ${controlDatabase}`)
      return session
    } catch (error) {
      session.destroy()
      throw error
    }
  }

  /** What is no MariaDB lacks some of the settings: it is looked at as it is, to be told for what it is. */
  private async settle(sql: string): Promise<void> {
    try {
      await this.run(sql)
    } catch (error) {
      if (errnoOf(error) !== unknownVariable) throw error
      await this.run('SET NAMES utf8mb4')
    }
  }

  static async tryLogin(place: LoginPlace, user: string, password: string): Promise<number | undefined> {
    try {
      const connection = await login(place, user, password)
      connection.destroy()
      return undefined
    } catch (error) {
      if (error instanceof MysqlUnreachableError && error.errno !== undefined) return error.errno
      throw error
    }
  }

  async rows<T = Row>(sql: string): Promise<readonly T[]> {
    const [rows] = await this.ask(sql)
    return Array.isArray(rows) ? (rows as T[]) : []
  }

  /** The one row of a question that has one. */
  async row<T = Row>(sql: string): Promise<T> {
    const [row] = await this.rows<T>(sql)
    if (row === undefined) throw new RangeError(`nothing was answered to: ${sql}`)
    return row
  }

  /** How many rows were changed. */
  async run(sql: string): Promise<number> {
    const [done] = await this.ask(sql)
    return 'affectedRows' in done ? done.affectedRows : 0
  }

  private async ask(sql: string): ReturnType<Connection['query']> {
    const { answersWithinMs: timeout } = this
    try {
      return await this.connection.query({ sql, ...(timeout !== undefined && { timeout }) })
    } catch (error) {
      if (timeout === undefined || !isLate(error)) throw withoutStatement(error)
      // The question stays under way at the server, and whatever is asked next would wait behind it without a limit.
      this.destroy()
      const reason = said('no-answer-in-time', { timeoutMs: timeout })
      throw new MysqlUnreachableError(this.place.name, reason, undefined, { cause: withoutStatement(error) })
    }
  }

  /** Rows as arrays of what the server sent, byte by byte; null where it sent NULL. */
  stream(sql: string): AsyncIterable<readonly (Buffer | null)[]> {
    const typeCast = (field: { buffer(): Buffer | null }): Buffer | null => field.buffer()
    return innerOf(this.connection)
      .query({ sql, rowsAsArray: true, typeCast })
      .stream({ highWaterMark: 256 }) as AsyncIterable<readonly (Buffer | null)[]>
  }

  async end(): Promise<void> {
    await Promise.race([
      this.connection.end().catch(() => undefined),
      new Promise<void>((resolve) => setTimeout(resolve, 1_000).unref()),
    ])
    this.destroy()
  }

  /** Ends it at once, whatever it is doing. */
  destroy(): void {
    this.connection.destroy()
    // The driver ends its half alone, and a server that is frozen never ends the other one.
    innerOf(this.connection).stream.destroy()
  }

  get of(): string {
    return this.place.name
  }
}

/** The driver's own connection: rows as they come, and its socket, are not among what its promises give. */
function innerOf(connection: Connection): {
  readonly stream: Duplex
  query(options: object): { stream(options: object): Readable }
} {
  return (connection as unknown as { readonly connection: ReturnType<typeof innerOf> }).connection
}

/** @see https://github.com/sidorares/node-mysql2/blob/master/lib/commands/query.js `_handleTimeoutError` */
function isLate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'PROTOCOL_SEQUENCE_TIMEOUT'
}

/** What a server asks a password by that gives it away, or that trusts a key nobody checked. */
const refusedPlugin = () => () => {
  throw new RangeError('the server asks for the password in a way that gives it away')
}

/** Logs in as whoever; the caller ends the connection. @throws MysqlUnreachableError */
export async function login(
  { name, address, port, tls }: LoginPlace,
  user: string,
  password: string,
  timeoutMs = connectTimeoutMs,
  database?: string,
): Promise<Connection> {
  const options: ConnectionOptions = {
    ...(database !== undefined && { database }),
    // The name that is looked for in the certificate.
    host: tls?.serverName ?? address,
    port,
    stream: () => connect({ host: address, port, keepAlive: true }),
    user,
    password,
    connectTimeout: timeoutMs,
    charset: 'utf8mb4',
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    multipleStatements: false,
    // A server may ask for a file of whoever logs in.
    flags: ['-LOCAL_FILES'],
    // No code is made of what a server answers.
    disableEval: true,
    authPlugins: {
      mysql_clear_password: refusedPlugin,
      ...(tls === undefined && { sha256_password: refusedPlugin, caching_sha2_password: refusedPlugin }),
    },
    ...(tls !== undefined && {
      ssl: {
        rejectUnauthorized: true,
        verifyIdentity: true,
        ...(tls.ca !== undefined && { ca: tls.ca }),
      },
    }),
  }
  try {
    const connection = await mysql.createConnection(options)
    // What is lost while nothing is asked is seen by whoever asks next.
    connection.on('error', () => undefined)
    return connection
  } catch (error) {
    throw new MysqlUnreachableError(name, inForeignWords(messageOf(error)), errnoOf(error), { cause: error })
  }
}

/** An error carries its statement, and that rows of the application, or a password: it travels into logs without. */
function withoutStatement(error: unknown): unknown {
  if (error instanceof Error && 'sql' in error) delete (error as { sql?: unknown }).sql
  return error
}

/** The server's own number of an error; undefined where no server answered. */
export function errnoOf(error: unknown): number | undefined {
  const errno: unknown =
    typeof error === 'object' && error !== null && 'errno' in error ? error.errno : undefined
  return typeof errno === 'number' && errno > 0 ? errno : undefined
}
