import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { opened } from '../database.ts'
import { type LoginSafety, safeClient } from '../server/client.ts'
import { endClient } from '../server/connections.ts'
import { RehearsalWritersStoppedError } from './errors.ts'
import { inForeignWords } from '../../../domain/words/said.ts'

/** Where writers write: the public path, as a role of the application would. */
export interface WriterPlace extends LoginSafety {
  readonly address: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  /** Another table like {@link ledgerTable}. */
  readonly table?: string
}

/** The writers' own table, in a schema in which nobody else puts anything: what they wrote is read as the administrator. */
export const ledgerSchema = 'qianyun_rehearsal'
export const ledgerTable = `${ledgerSchema}.ledger`
export const ledgerSql = `create table ${ledgerTable} (
  worker integer not null, number bigint not null, primary key (worker, number))`

/** How long writers may take until each has had its first write acknowledged. */
const startWithinMs = 10_000
/** What a writer whose writes fail waits until the next one; it doubles from one failure to the next. */
const retryAfterMs = { first: 20, last: 1_000 } as const
/** What a write under way may take once the writers are told to stop. */
const stopWithinMs = 2_000

interface WriterOptions {
  readonly signal?: AbortSignal
  readonly withinMs?: number
  /** Places that are tried in turn by writers that are refused. */
  readonly others?: readonly WriterPlace[]
}

interface Ack {
  readonly worker: number
  readonly number: number
  readonly atMs: number
}

/**
 * Writers that keep a log of every acknowledged write, as clients would: what the log says was written must be found
 * afterwards. Numbers that were sent and never answered are ambiguous, not lost.
 */
export class LedgerWriters {
  private readonly acks: Ack[] = []
  private readonly ambiguous: { worker: number; number: number }[] = []
  /** Numbers of this run, so that a ledger may be written by several one after another. */
  private readonly firstNumber = Date.now() * 1_000
  private readonly clients = new Set<pg.Client>()
  private readonly stopped = new AbortController()
  private running: Promise<void>[] = []
  private lastFailure: string | undefined
  errors = 0

  private constructor(
    /** Whoever is refused at one goes on to the next. */
    private readonly places: readonly [WriterPlace, ...WriterPlace[]],
    private readonly pauseMs: number,
  ) {}

  /**
   * Starts them; resolved when each has had its first write acknowledged. They end with `stop`, or when `signal` fires.
   * @throws RehearsalWritersStoppedError when not all could write in time; the signal's reason when it fired first
   */
  static async start(
    place: WriterPlace,
    count: number,
    pauseMs: number,
    { signal, withinMs = startWithinMs, others = [] }: WriterOptions = {},
  ): Promise<LedgerWriters> {
    signal?.throwIfAborted()
    const writers = new LedgerWriters([place, ...others], pauseMs)
    const giveUp = () => {
      writers.stopped.abort()
    }
    signal?.addEventListener('abort', giveUp, { once: true })
    const late = setTimeout(giveUp, withinMs)
    try {
      const first = Array.from({ length: count }, async (_, worker) => {
        await new Promise<void>((resolve) => {
          const running = writers.write(worker, resolve)
          writers.running.push(running)
          void running.then(resolve)
        })
      })
      await Promise.all(first)
      if (!writers.stopped.signal.aborted) return writers
    } finally {
      clearTimeout(late)
    }
    await writers.stop()
    signal?.throwIfAborted()
    const { lastFailure } = writers
    throw new RehearsalWritersStoppedError(
      place,
      withinMs,
      lastFailure === undefined ? undefined : inForeignWords(lastFailure),
    )
  }

  private get table(): string {
    return this.places[0].table ?? ledgerTable
  }

  get acked(): number {
    return this.acks.length
  }

  get ambiguousWrites(): number {
    return this.ambiguous.length
  }

  /** Ends them within moments: a write that is not answered by then is ambiguous. */
  async stop(): Promise<void> {
    this.stopped.abort()
    const ended = Promise.all(this.running)
    const late = sleep(stopWithinMs, 'late' as const, { ref: false })
    if ((await Promise.race([ended, late])) === 'late') await endClient(...this.clients)
    await ended
    this.running = []
  }

  /** The longest stretch without any acknowledgement within a span, milliseconds. */
  longestGapMs(fromMs: number, toMs: number): number {
    let last = fromMs
    let longest = 0
    for (const { atMs } of this.acks) {
      if (atMs < fromMs) continue
      if (atMs > toMs) break
      longest = Math.max(longest, atMs - last)
      last = atMs
    }
    return Math.round(Math.max(longest, toMs - last) * 10) / 10
  }

  /** How many acknowledged writes a side does not hold. */
  async lostOn(client: pg.Client): Promise<number> {
    const { rows } = await client.query<{ key: string }>(
      `select worker || '/' || number as key from ${this.table} where number >= ${String(this.firstNumber)}`,
    )
    const found = new Set(rows.map(({ key }) => key))
    return this.acks.filter(({ worker, number }) => !found.has(`${worker}/${number}`)).length
  }

  private async write(worker: number, begun: () => void): Promise<void> {
    const { signal } = this.stopped
    let client: pg.Client | undefined
    let failures = 0
    let at = 0
    for (let number = this.firstNumber; !signal.aborted; number++) {
      let sent = false
      try {
        client ??= await this.connect(this.places[at] ?? this.places[0])
        sent = true
        await client.query(`insert into ${this.table} (worker, number) values (${worker}, ${number})`)
        this.acks.push({ worker, number, atMs: nowMs() })
        failures = 0
        begun()
      } catch (error) {
        this.errors += 1
        this.lastFailure = messageOf(error)
        // A plain error was answered by a server that went on: nothing was committed.
        const refused = error instanceof pg.DatabaseError && error.severity === 'ERROR'
        if (sent && !refused) this.ambiguous.push({ worker, number })
        await this.disconnect(client)
        client = undefined
        at = (at + 1) % this.places.length
        await rest(Math.min(retryAfterMs.first * 2 ** failures, retryAfterMs.last), signal)
        failures += 1
      }
      if (this.pauseMs > 0) await rest(this.pauseMs, signal)
    }
    await this.disconnect(client)
  }

  private async connect({ address, weakLogin, tls, table: _, ...rest }: WriterPlace): Promise<pg.Client> {
    const client = safeClient({ ...rest, host: address, connectionTimeoutMillis: 30_000 }, { weakLogin, tls })
    this.clients.add(client)
    try {
      return await opened(client)
    } catch (error) {
      this.clients.delete(client)
      throw error
    }
  }

  private async disconnect(client: pg.Client | undefined): Promise<void> {
    if (client === undefined) return
    this.clients.delete(client)
    await endClient(client)
  }
}

/** Ends early, without an error, when the signal fires. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

/** Milliseconds since 1970 with fractions. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}
