import { EntryUnknownError, PauseTimedOutError, PoolerProcessLostError } from './errors.ts'
import type { ConsoleAddress, ProcessConsole, ProcessLook, ServerSession } from './process-console.ts'
import { findProcesses } from './processes.ts'

export type { ConsoleAddress } from './process-console.ts'

/** What the running pgbouncer says of an entry. Where its processes differ, the places are all there, one after another. */
export interface EntryLook {
  readonly host: string
  readonly port: number
  readonly database: string
  /** Whether any process holds clients back. */
  readonly paused: boolean
  readonly poolMode: string
  readonly forcedUser: string
}

/** Others go on waiting for what a process that is lost keeps back. */
const stragglersMs = 1_000

/** One process, and the connection a pause of it will wait on. */
interface Held {
  readonly main: ProcessConsole
  pausing: ProcessConsole | undefined
}

/**
 * pgbouncer's administration console: of every process that takes clients at its address, so that an order is carried out by
 * all of them.
 */
export class Console {
  private constructor(
    private readonly where: ConsoleAddress,
    private held: readonly Held[],
    private unanswered: Error | undefined,
  ) {}

  /** Opens what answers: a pooler that has lost one of its processes is still told what to do. @throws when none answers */
  static async open(where: ConsoleAddress): Promise<Console> {
    const { processes, unanswered } = await findProcesses(where, { keep: 2, stragglersMs })
    return new Console(where, heldOf(processes), unanswered)
  }

  async close(): Promise<void> {
    await Promise.all(
      this.held.flatMap(({ main, pausing }) => [main, pausing]).map(async (one) => one?.close()),
    )
  }

  /** How many processes take clients at the address. */
  get processes(): number {
    return this.held.length
  }

  /** @throws PoolerProcessLostError when a process did not answer, so that its clients would be left behind */
  async assertAllAnswer(): Promise<void> {
    if (this.unanswered !== undefined) await this.preparePause()
  }

  /** @throws EntryUnknownError */
  async look(entry: string): Promise<EntryLook> {
    const looks = await this.looks(entry)
    const [first] = looks
    if (first === undefined) throw new EntryUnknownError(entry, this.place, [])
    const other = looks.find((one) => placeOf(one) !== placeOf(first))
    return {
      host: other === undefined ? first.host : `${placeOf(first)}, ${placeOf(other)}`,
      port: first.port,
      database: first.database,
      paused: looks.some(({ paused }) => paused),
      poolMode: first.poolMode ?? (await this.setting('pool_mode')),
      forcedUser: first.forcedUser,
    }
  }

  /** What each process says of an entry. @throws EntryUnknownError */
  async looks(entry: string): Promise<readonly ProcessLook[]> {
    const found = await this.onEach(async ({ main }) => main.databases())
    return found.map((rows) => this.rowOf(rows, entry))
  }

  /** Every entry the processes know. */
  async entries(): Promise<readonly ProcessLook[]> {
    const found = (await this.onEach(async ({ main }) => main.databases())).flat()
    return [...new Map(found.map((one) => [one.name, one])).values()].filter(
      ({ name }) => name !== 'pgbouncer',
    )
  }

  /**
   * Opens the connections a pause will wait on, so that nobody waits while they are opened; a process that has come since is
   * met by it.
   * @throws PoolerProcessLostError
   */
  async preparePause(): Promise<void> {
    const { where, held } = this
    const { processes, unanswered } = await findProcesses(where, {
      known: held.map(({ main }) => main),
      keep: 2,
    })
    await Promise.all(held.map(async ({ pausing }) => pausing?.close()))
    this.held = heldOf(processes)
    this.unanswered = unanswered
    const missing = this.held.find(({ pausing }) => pausing === undefined)
    if (unanswered !== undefined || missing !== undefined)
      throw new PoolerProcessLostError(this.place, this.held.length, unanswered?.message ?? 'no answer')
  }

  /**
   * Pauses an entry in every process: new statements wait, running transactions are let finish for at most `timeoutMs`.
   * After a timeout the waiting console is killed first: a RESUME beside a pending PAUSE leaves that PAUSE hanging for
   * ever (https://github.com/pgbouncer/pgbouncer/issues/715). A pause outlives its console, pending or done.
   * @throws PauseTimedOutError
   */
  async pause(entry: string, timeoutMs: number): Promise<void> {
    if (this.held.some(({ pausing }) => pausing === undefined)) await this.preparePause()
    const waiting = this.held.flatMap(({ pausing }) => pausing ?? [])
    for (const one of this.held) one.pausing = undefined
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => {
        resolve('late')
      }, timeoutMs)
    })
    const pausing = Promise.all(waiting.map(async (one) => one.pause(entry)))
    pausing.catch(() => undefined)
    try {
      if ((await Promise.race([pausing, late])) !== 'late') return
      throw new PauseTimedOutError(entry, timeoutMs)
    } catch (error) {
      for (const one of waiting) one.cut()
      await this.resume(entry)
      throw error
    } finally {
      clearTimeout(timer)
      for (const one of waiting) void one.close()
    }
  }

  /** Pauses an entry whose server may be gone: clients that wait for an answer of it for longer are cut off. */
  async pauseOrKill(entry: string, timeoutMs: number): Promise<void> {
    try {
      await this.pause(entry, timeoutMs)
    } catch (error) {
      if (!(error instanceof PauseTimedOutError)) throw error
      await this.onEach(async ({ main }) => main.kill(entry))
    }
  }

  /** Lets an entry's clients go on; one that is not paused stays as it is. */
  async resume(entry: string): Promise<void> {
    await this.onEach(async ({ main }) => main.resume(entry))
  }

  async reload(): Promise<void> {
    await this.onEach(async ({ main }) => main.reload())
  }

  /** Processes on the database servers behind the sessions an entry has open there. */
  async serverPids(entry: string): Promise<readonly number[]> {
    return (await this.servers()).filter((one) => one.entry === entry).map(({ pid }) => pid)
  }

  /** The sessions all entries have open on the database servers. */
  async servers(): Promise<readonly ServerSession[]> {
    return (await this.onEach(async ({ main }) => main.servers())).flat()
  }

  async setting(key: string): Promise<string> {
    return (await this.settings()).get(key) ?? ''
  }

  async settings(): Promise<ReadonlyMap<string, string>> {
    return (await this.held[0]?.main.settings()) ?? new Map<string, string>()
  }

  private get place(): string {
    return `${this.where.address}:${String(this.where.port)}`
  }

  private rowOf(rows: readonly ProcessLook[], entry: string): ProcessLook {
    const row = rows.find(({ name }) => name === entry)
    if (row !== undefined) return row
    const known = rows.map(({ name }) => name).filter((name) => name !== 'pgbouncer')
    throw new EntryUnknownError(entry, this.place, known)
  }

  /** Asks every process, and waits for all of them: one that is lost keeps no order from the others. */
  private async onEach<T>(work: (held: Held) => Promise<T>): Promise<readonly T[]> {
    const works = this.held.map(work)
    await Promise.allSettled(works)
    return Promise.all(works)
  }
}

function heldOf(processes: readonly (readonly ProcessConsole[])[]): readonly Held[] {
  return processes.flatMap(([main, pausing]) => (main === undefined ? [] : [{ main, pausing }]))
}

function placeOf({ host, port, database }: Pick<ProcessLook, 'host' | 'port' | 'database'>): string {
  return `${host}:${String(port)}/${database}`
}
