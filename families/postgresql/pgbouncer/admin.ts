import { PauseTimedOutError } from '../entry/errors.ts'
import { EntryUnknownError, PoolerProcessLostError } from './errors.ts'
import type { Fullness } from './fullness.ts'
import type { ConsoleAddress, ProcessConsole, ProcessLook, ServerSession } from './process-console.ts'
import { findProcesses } from './processes.ts'
import { said } from '../../../domain/words/said.ts'
import { saidBy } from '../../../domain/errors.ts'

export type { ConsoleAddress } from './process-console.ts'

/** An entry by the running pgbouncer. If its processes differ, the targets of all of them are listed one after another. */
export interface EntryLook {
  readonly host: string
  readonly port: number
  readonly database: string
  /** Whether any process holds clients back. */
  readonly paused: boolean
  readonly poolMode: string
  readonly forcedUser: string
}

/** Limit for an answer: a lost process must not make the others wait. */
const stragglersMs = 1_000

/** One process, and the connection on which a pause of it will wait. */
interface Held {
  readonly main: ProcessConsole
  pausing: ProcessConsole | undefined
}

/**
 * The administration console of pgbouncer, over all processes that take clients at its address, so that each of them carries out a
 * command.
 */
export class Console {
  private constructor(
    private readonly where: ConsoleAddress,
    private held: readonly Held[],
    private unanswered: Error | undefined,
  ) {}

  /** Opens the consoles of all processes that answer, so that a pooler that has lost a process can still be used. @throws if none answers */
  static async open(where: ConsoleAddress): Promise<Console> {
    const { processes, unanswered } = await findProcesses(where, { keep: 2, stragglersMs })
    return new Console(where, heldOf(processes), unanswered)
  }

  async close(): Promise<void> {
    await Promise.all(
      this.held.flatMap(({ main, pausing }) => [main, pausing]).map(async (one) => one?.close()),
    )
  }

  /** The number of processes that take clients at the address. */
  get processes(): number {
    return this.held.length
  }

  /** @throws PoolerProcessLostError if a process did not answer, whose clients would not follow a switch */
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

  /** An entry by each process. @throws EntryUnknownError */
  async looks(entry: string): Promise<readonly ProcessLook[]> {
    const found = await this.onEach(async ({ main }) => main.databases())
    return found.map((rows) => this.rowOf(rows, entry))
  }

  /** All entries that the processes know. */
  async entries(): Promise<readonly ProcessLook[]> {
    const found = (await this.onEach(async ({ main }) => main.databases())).flat()
    return [...new Map(found.map((one) => [one.name, one])).values()].filter(
      ({ name }) => name !== 'pgbouncer',
    )
  }

  /**
   * Opens the connections on which a pause will wait, so that no client waits while they are opened. This also finds processes that
   * started since.
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
    await Promise.all(this.held.map(async ({ main }) => main.prepareResume().catch(() => undefined)))
    const missing = this.held.find(({ pausing }) => pausing === undefined)
    if (unanswered !== undefined || missing !== undefined)
      throw new PoolerProcessLostError(
        this.place,
        this.held.length,
        unanswered === undefined ? said('cause-no-answer') : saidBy(unanswered),
      )
  }

  /**
   * Pauses an entry in every process: new statements wait, and running transactions may finish within `timeoutMs`.
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

  /** Pauses an entry whose server may be gone: clients that wait longer than the limit for its answer are cut off. */
  async pauseOrKill(entry: string, timeoutMs: number): Promise<void> {
    try {
      await this.pause(entry, timeoutMs)
    } catch (error) {
      if (!(error instanceof PauseTimedOutError)) throw error
      await this.onEach(async ({ main }) => main.kill(entry))
    }
  }

  /** Resumes the clients of an entry; an entry that is not paused stays. */
  async resume(entry: string): Promise<void> {
    await this.onEach(async ({ main }) => main.resume(entry))
  }

  /** Has the processes read their files at once, where clients wait for it. */
  async reload(): Promise<void> {
    await this.onEach(async ({ main }) => main.reload())
  }

  /** Has the processes read their files while clients go on, in a moment in which that takes no connection from them. */
  async reloadBesideClients(): Promise<void> {
    await this.onEach(async ({ main }) => main.reloadBesideClients())
  }

  /** The server processes of an entry's open sessions on the database servers. */
  async serverPids(entry: string): Promise<readonly number[]> {
    return (await this.servers()).filter((one) => one.entry === entry).map(({ pid }) => pid)
  }

  /** The open sessions of all entries on the database servers. */
  async servers(): Promise<readonly ServerSession[]> {
    return (await this.onEach(async ({ main }) => main.servers())).flat()
  }

  /** How full each process is. */
  async fullness(entry: string): Promise<readonly Fullness[]> {
    return this.onEach(async ({ main }) => main.fullness(entry))
  }

  /** The roles that a process pools by session at an entry, among these and those that have a pool there. */
  async sessionRoles(entry: string, roles: readonly string[]): Promise<readonly string[]> {
    return [...new Set((await this.onEach(async ({ main }) => main.sessionRoles(entry, roles))).flat())]
  }

  /** The addresses that the processes have found for a host's name. */
  async addressesOf(hostname: string): Promise<readonly string[]> {
    return [...new Set((await this.onEach(async ({ main }) => main.addressesOf(hostname))).flat())]
  }

  async setting(key: string): Promise<string> {
    return (await this.settings()).get(key) ?? ''
  }

  async settings(): Promise<ReadonlyMap<string, string>> {
    return (await this.held[0]?.main.settings()) ?? new Map<string, string>()
  }

  /** What the pooler calls itself: `PgBouncer 1.18.0`. */
  async version(): Promise<string> {
    return (await this.held[0]?.main.version()) ?? 'pgbouncer'
  }

  /** Keeps the settings of each process, to put back what changes meanwhile, which is then named. */
  async keptSettings(): Promise<{ putBack(): Promise<readonly string[]> }> {
    const before = new Map(await this.onEach(async ({ main }) => [main, await main.settings()] as const))
    return {
      putBack: async () => {
        const changed = await this.onEach(async ({ main }) => main.putBack(before.get(main) ?? new Map()))
        return [...new Set(changed.flat())].toSorted()
      },
    }
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

  /** Asks every process and waits for all of them, so that a lost one does not keep a command from the others. */
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
