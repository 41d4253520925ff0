import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** How pgbouncer's administration console is reached. */
export interface ConsoleAddress {
  readonly address: string
  readonly port: number
  readonly user: string
  readonly password: string
}

/** What one process of pgbouncer says of an entry. */
export interface ProcessLook {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly paused: boolean
  readonly poolMode: string | null
  readonly poolSize: number
  /** The role every client of the entry works as, where its line names one. */
  readonly forcedUser: string
}

/** A session an entry has open on a database server: its process there, and the port it comes from. */
export interface ServerSession {
  readonly entry: string
  readonly pid: number
  readonly localPort: number
}

const connectTimeoutMs = 5_000
const answerTimeoutMs = 10_000
const endsWithinMs = 2_000

/** One connection to the console of one process of pgbouncer. */
export class ProcessConsole {
  private constructor(
    private readonly client: pg.Client,
    /** Tells this connection from every other one, in what its process says of its clients. */
    private readonly mark: string,
  ) {}

  static async open(where: ConsoleAddress): Promise<ProcessConsole> {
    const mark = `qianyun-${randomUUID()}`
    const client = new pg.Client({
      host: where.address,
      port: where.port,
      user: where.user,
      password: where.password,
      database: 'pgbouncer',
      application_name: mark,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    return new ProcessConsole(client, mark)
  }

  /**
   * Which of the connections lead to the process this one leads to, this one among them. Undefined when the process does not
   * even know this one again: a version that does not name its clients, behind an address that is not its own.
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

  async resume(entry: string): Promise<void> {
    try {
      await this.rows(`RESUME ${quoteEntry(entry)}`)
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('is not paused'))) throw error
    }
  }

  async reload(): Promise<void> {
    await this.rows('RELOAD')
  }

  async kill(entry: string): Promise<void> {
    await this.rows(`KILL ${quoteEntry(entry)}`)
  }

  /** Resolves when running transactions of the entry have ended, however long that takes. */
  async pause(entry: string): Promise<void> {
    await this.client.query(`PAUSE ${quoteEntry(entry)}`)
  }

  /** The sessions its entries have open on the database servers. */
  async servers(): Promise<readonly ServerSession[]> {
    const rows = await this.rows<{ database: string; remote_pid: number; local_port: number }>('SHOW SERVERS')
    return rows.map((row) => ({ entry: row.database, pid: row.remote_pid, localPort: row.local_port }))
  }

  async settings(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.rows<{ key: string; value: string | null }>('SHOW CONFIG')
    return new Map(rows.map(({ key, value }) => [key, value ?? '']))
  }

  async close(): Promise<void> {
    const ended = this.client.end().then(
      () => 'ended' as const,
      () => 'ended' as const,
    )
    // One that is frozen would be waited for.
    const late = sleep(endsWithinMs, 'late' as const, { ref: false })
    if ((await Promise.race([ended, late])) === 'late') this.cut()
  }

  /** Ends the connection without a word, so that what it waits for is given up. */
  cut(): void {
    this.stream.destroy()
  }

  private async rows<R extends pg.QueryResultRow>(text: string): Promise<readonly R[]> {
    const asked = { text, query_timeout: answerTimeoutMs }
    return (await this.client.query<R>(asked)).rows
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
