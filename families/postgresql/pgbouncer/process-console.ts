import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { unreachable } from './unreachable.ts'
import { type LoginSafety, safeClient } from '../server/client.ts'
import { type Fullness, lookAtFullness } from './fullness.ts'
import { lookAtSessionRoles } from './session-roles.ts'

/** How to reach the administration console of pgbouncer. */
export interface ConsoleAddress extends Pick<LoginSafety, 'weakLogin'> {
  readonly address: string
  readonly port: number
  readonly user: string
  readonly password: string
}

/** An entry, by one process of pgbouncer. */
export interface ProcessLook {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly paused: boolean
  readonly poolMode: string | null
  readonly poolSize: number
  /** The role of all clients of the entry, if its line names one. */
  readonly forcedUser: string
}

/** An open session of an entry on a database server: its server process, and its client port. */
export interface ServerSession {
  readonly entry: string
  readonly pid: number
  readonly localPort: number
  /** Where the pooler has found the server, its name resolved. */
  readonly place: string
}

export const connectTimeoutMs = 5_000
const answerTimeoutMs = 10_000
const endsWithinMs = 2_000
const loginRetry = 'server_login_retry'
/** In seconds: a refused or interrupted login is tried again at once. */
const atOnce = '0.001'
const atOnceForMs = 2_000
const loginsEndWithinMs = 5_000
const quietLooks = 5
const betweenLooksMs = 20

/** One connection to the console of one process of pgbouncer. */
export class ProcessConsole {
  /** What its configuration says of `server_login_retry`; undefined while that is not to be seen. */
  private usualLoginRetry: string | undefined
  private calming: NodeJS.Timeout | undefined
  /** A connection takes one command at a time. */
  private answered: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly where: ConsoleAddress,
    private readonly client: pg.Client,
    /** Identifies this connection in its process's list of clients. */
    private readonly mark: string,
  ) {}

  static async open(where: ConsoleAddress): Promise<ProcessConsole> {
    const mark = `qianyun-${randomUUID()}`
    const client = safeClient(
      {
        host: where.address,
        port: where.port,
        user: where.user,
        password: where.password,
        database: 'pgbouncer',
        application_name: mark,
        connectionTimeoutMillis: connectTimeoutMs,
        keepAlive: true,
      },
      where,
    )
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    return new ProcessConsole(where, client, mark)
  }

  /**
   * The connections, this one included, that lead to the same process. Undefined if the process does not recognise even this one: its
   * version does not name clients, and its address is not its own.
   */
  async sameProcess(others: readonly ProcessConsole[]): Promise<readonly ProcessConsole[] | undefined> {
    const rows = await this.rows<{ application_name?: string; port: number }>('SHOW CLIENTS')
    const marks = new Set(rows.map((row) => row.application_name))
    const ports = new Set(rows.map(({ port }) => port))
    const isSeen = (one: ProcessConsole): boolean =>
      rows[0]?.application_name === undefined ? ports.has(one.localPort) : marks.has(one.mark)
    return isSeen(this) ? others.filter((one) => one === this || isSeen(one)) : undefined
  }

  async databases(): Promise<readonly ProcessLook[]> {
    const rows = await this.rows<{
      name: string
      host: string | null
      port: number
      database: string
      force_user: string | null
      paused: number | boolean
      pool_mode: string | null
      pool_size: number
    }>('SHOW DATABASES')
    return rows.map((row) => ({
      name: row.name,
      host: row.host ?? '',
      port: row.port,
      database: row.database,
      paused: Number(row.paused) === 1,
      poolMode: row.pool_mode,
      poolSize: row.pool_size,
      forcedUser: row.force_user ?? '',
    }))
  }

  /** Reads what a resume needs to know, so that no client waits for it. */
  async prepareResume(): Promise<void> {
    if (this.usualLoginRetry !== undefined) return
    const found = (await this.settings()).get(loginRetry) ?? ''
    // Another run has it hurry just now and takes that back, or was killed and leaves it to the next RELOAD.
    if (Number(found) !== Number(atOnce)) this.usualLoginRetry = found
  }

  /**
   * Resumes the clients of an entry. A pause that cuts a login off marks its pool as failed, and a resumed client would wait until
   * `server_login_retry` is over, which is 15 s by default. So logins are tried again at once for a moment.
   */
  async resume(entry: string): Promise<void> {
    await this.prepareResume().catch(() => undefined)
    const hurried = this.hurryLogins()
    try {
      await this.rows(`RESUME ${quoteEntry(entry)}`)
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('is not paused'))) throw error
    } finally {
      await hurried
    }
  }

  /**
   * Has it read its files. A pooler that speaks TLS to its servers, or would (`server_tls_sslmode = prefer`, the default from 1.20 on), closes its
   * connections to them at each reload and cuts logins that are under way; a pool of which one is cut refuses all clients until `server_login_retry`
   * is over. So logins are tried again at once for a moment.
   * https://github.com/pgbouncer/pgbouncer/blob/pgbouncer_1_22_0/src/sbuf.c (sbuf_tls_setup), src/objects.c (tag_pool_dirty)
   */
  async reload(): Promise<void> {
    // What is sent at the same time as a reload comes after it: nothing is waited for where a pause has prepared its end.
    if (this.usualLoginRetry === undefined) await this.prepareResume().catch(() => undefined)
    // The reload takes the setting from the file, so it is set after that.
    await Promise.all([this.rows('RELOAD'), this.hurryLogins()])
  }

  /** The same while clients go on: it waits for a moment in which no login is under way, for some seconds. */
  async reloadBesideClients(): Promise<void> {
    const giveUpAtMs = performance.now() + loginsEndWithinMs
    // A pool that grows logs in once more as soon as it has: a single look may fall between two logins.
    for (let quiet = 0; quiet < quietLooks && performance.now() < giveUpAtMs;) {
      quiet = (await this.logsIn()) ? 0 : quiet + 1
      await sleep(betweenLooksMs)
    }
    await this.reload()
  }

  /** Whether it logs in to a server, or is about to because connections are to be replaced. */
  private async logsIn(): Promise<boolean> {
    const [servers, pools] = await Promise.all([
      this.rows<{ close_needed: number }>('SHOW SERVERS'),
      this.rows<{ sv_login: number }>('SHOW POOLS'),
    ])
    return (
      servers.some(({ close_needed: needed }) => needed > 0) || pools.some(({ sv_login: count }) => count > 0)
    )
  }

  async kill(entry: string): Promise<void> {
    await this.rows(`KILL ${quoteEntry(entry)}`)
  }

  /** Pauses the entry. Resolves once its running transactions have ended, without a limit. */
  async pause(entry: string): Promise<void> {
    await this.client.query(`PAUSE ${quoteEntry(entry)}`).catch((error: unknown) => {
      throw unreachable(this.where, error)
    })
  }

  /** The open sessions of its entries on the database servers. */
  async servers(): Promise<readonly ServerSession[]> {
    const rows = await this.rows<{
      database: string
      remote_pid: number
      local_port: number
      addr: string
      port: number
    }>('SHOW SERVERS')
    return rows.map((row) => ({
      entry: row.database,
      pid: row.remote_pid,
      localPort: row.local_port,
      place: `${row.addr}:${String(row.port)}`,
    }))
  }

  /** The addresses that it has found for a host's name; none for a name it has not looked up, and for an address. */
  async addressesOf(hostname: string): Promise<readonly string[]> {
    const rows = await this.rows<{ hostname: string; addrs: string | null }>('SHOW DNS_HOSTS')
    return rows
      .filter((row) => row.hostname === hostname)
      .flatMap(({ addrs }) => (addrs ?? '').split(','))
      .map((address) => address.trim().replace(/^\[?(.*?)\]?(?::\d+)?$/, '$1'))
      .filter((address) => address !== '')
  }

  async fullness(entry: string): Promise<Fullness> {
    return lookAtFullness(async (command) => this.rows(command), entry)
  }

  async sessionRoles(entry: string, roles: readonly string[]): Promise<readonly string[]> {
    return lookAtSessionRoles(async (command) => this.rows(command), entry, roles)
  }

  async settings(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.rows<{ key: string; value: string | null }>('SHOW CONFIG')
    return new Map(rows.map(({ key, value }) => [key, value ?? '']))
  }

  /** Undefined of a version that gives it as a notice. */
  async version(): Promise<string | undefined> {
    return (await this.rows<{ version: string }>('SHOW VERSION'))[0]?.version
  }

  /** Sets what is no longer as it was before. Returns what had changed, each as `name: before → now`. */
  async putBack(before: ReadonlyMap<string, string>): Promise<readonly string[]> {
    const now = await this.settings()
    const changed = [...before].filter(
      ([key, value]) =>
        now.has(key) &&
        now.get(key) !== value &&
        !(key === loginRetry && [value, now.get(key)].some((one) => Number(one) === Number(atOnce))),
    )
    for (const [key, value] of changed)
      await this.rows(`SET ${key} = '${value.replaceAll("'", "''")}'`).catch(() => undefined)
    return changed.map(([key, value]) => `${key}: ${value} → ${now.get(key) ?? ''}`)
  }

  async close(): Promise<void> {
    const ended = this.calmLogins()
      .then(async () => this.client.end())
      .then(
        () => 'ended' as const,
        () => 'ended' as const,
      )
    // A close would wait for a frozen process.
    const late = sleep(endsWithinMs, 'late' as const, { ref: false })
    if ((await Promise.race([ended, late])) === 'late') this.cut()
  }

  /** Ends the connection at once, which aborts what it waits for. */
  cut(): void {
    this.stream.destroy()
  }

  /** A pooler that does not take the setting resumes its clients all the same. */
  private async hurryLogins(): Promise<void> {
    if (this.usualLoginRetry === undefined || this.usualLoginRetry === '') return
    clearTimeout(this.calming)
    this.calming = setTimeout(() => {
      void this.calmLogins()
    }, atOnceForMs).unref()
    await this.rows(`SET ${loginRetry} = '${atOnce}'`).catch(() => undefined)
  }

  private async calmLogins(): Promise<void> {
    if (this.calming === undefined) return
    clearTimeout(this.calming)
    this.calming = undefined
    await this.rows(`SET ${loginRetry} = '${this.usualLoginRetry ?? ''}'`).catch(() => undefined)
  }

  private async rows<R extends pg.QueryResultRow>(text: string): Promise<readonly R[]> {
    const asked = { text, query_timeout: answerTimeoutMs }
    const answer = this.answered.then(async () => this.client.query<R>(asked))
    this.answered = answer.catch(() => undefined)
    const { rows } = await answer.catch((error: unknown) => {
      throw unreachable(this.where, error)
    })
    return rows
  }

  private get localPort(): number {
    return this.stream.localPort ?? 0
  }

  private get stream(): { destroy(): void; localPort?: number } {
    const { connection } = this.client as pg.Client & {
      connection: { stream: { destroy(): void; localPort?: number } }
    }
    return connection.stream
  }
}

function quoteEntry(entry: string): string {
  return `"${entry.replaceAll('"', '""')}"`
}
