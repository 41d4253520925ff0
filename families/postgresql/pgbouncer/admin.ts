import pg from 'pg'
import { EntryUnknownError, PauseTimedOutError } from './errors.ts'

/** How pgbouncer's administration console is reached. */
export interface ConsoleAddress {
  readonly address: string
  readonly port: number
  readonly user: string
  readonly password: string
}

/** What the running pgbouncer says of an entry. */
export interface EntryLook {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly paused: boolean
  readonly poolMode: string
}

/** pgbouncer's administration console, one connection. */
export class Console {
  private pausing: Console | undefined

  private constructor(
    private readonly client: pg.Client,
    private readonly where: ConsoleAddress,
  ) {}

  static async open(where: ConsoleAddress): Promise<Console> {
    const client = new pg.Client({
      host: where.address,
      port: where.port,
      user: where.user,
      password: where.password,
      database: 'pgbouncer',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    client.on('error', () => undefined)
    await client.connect()
    return new Console(client, where)
  }

  async close(): Promise<void> {
    await this.pausing?.close()
    await this.client.end().catch(() => undefined)
  }

  /** @throws EntryUnknownError */
  async look(entry: string): Promise<EntryLook> {
    const { rows } = await this.client.query<{
      name: string
      host: string | null
      port: number
      database: string
      paused: number | boolean
      pool_mode: string | null
    }>('SHOW DATABASES')
    const row = rows.find(({ name }) => name === entry)
    if (row === undefined) {
      const known = rows.map(({ name }) => name).filter((name) => name !== 'pgbouncer')
      throw new EntryUnknownError(entry, `${this.where.address}:${String(this.where.port)}`, known)
    }
    return {
      host: row.host ?? '',
      port: row.port,
      database: row.database,
      paused: Number(row.paused) === 1,
      poolMode: row.pool_mode ?? (await this.setting('pool_mode')),
    }
  }

  /** Opens the connection a pause will wait on, so that nobody waits while it is opened. */
  async preparePause(): Promise<void> {
    this.pausing ??= await Console.open(this.where)
  }

  /**
   * Pauses an entry: new statements wait, running transactions are let finish for at most `timeoutMs`.
   * After a timeout the waiting console is killed first: a RESUME beside a pending PAUSE leaves that PAUSE hanging for
   * ever (https://github.com/pgbouncer/pgbouncer/issues/715). A pause outlives its console, pending or done.
   * @throws PauseTimedOutError
   */
  async pause(entry: string, timeoutMs: number): Promise<void> {
    const waiting = this.pausing ?? (await Console.open(this.where))
    this.pausing = undefined
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => {
        resolve('late')
      }, timeoutMs)
    })
    const pausing = waiting.client.query(`PAUSE ${quoteEntry(entry)}`)
    pausing.catch(() => undefined)
    try {
      if ((await Promise.race([pausing, late])) !== 'late') return
      waiting.destroy()
      await this.resume(entry)
      throw new PauseTimedOutError(entry, timeoutMs)
    } finally {
      clearTimeout(timer)
      void waiting.close()
    }
  }

  /** Pauses an entry whose server may be gone: clients that wait for an answer of it for longer are cut off. */
  async pauseOrKill(entry: string, timeoutMs: number): Promise<void> {
    try {
      await this.pause(entry, timeoutMs)
    } catch (error) {
      if (!(error instanceof PauseTimedOutError)) throw error
      await this.client.query(`KILL ${quoteEntry(entry)}`)
    }
  }

  /** Lets an entry's clients go on; one that is not paused stays as it is. */
  async resume(entry: string): Promise<void> {
    try {
      await this.client.query(`RESUME ${quoteEntry(entry)}`)
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('is not paused'))) throw error
    }
  }

  async reload(): Promise<void> {
    await this.client.query('RELOAD')
  }

  /** Processes on the database servers behind the sessions an entry has open there. */
  async serverPids(entry: string): Promise<readonly number[]> {
    const { rows } = await this.client.query<{ database: string; remote_pid: number }>('SHOW SERVERS')
    return rows.filter(({ database }) => database === entry).map(({ remote_pid: pid }) => pid)
  }

  async setting(key: string): Promise<string> {
    const { rows } = await this.client.query<{ key: string; value: string }>('SHOW CONFIG')
    return rows.find((row) => row.key === key)?.value ?? ''
  }

  private destroy(): void {
    const { connection } = this.client as pg.Client & { connection: { stream: { destroy(): void } } }
    connection.stream.destroy()
  }
}

function quoteEntry(entry: string): string {
  return `"${entry.replaceAll('"', '""')}"`
}
