import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { opened } from '../database.ts'

/** Where writers write: the public path, as a role of the application would. */
export interface WriterPlace {
  readonly address: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}

/** The writers' own table. */
export const ledgerTable = 'public.qianyun_rehearsal_ledger'
export const ledgerSql = `create table if not exists ${ledgerTable} (
  worker integer not null, number bigint not null, primary key (worker, number))`

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
  private stopping = false
  private running: Promise<void>[] = []
  errors = 0

  private constructor(
    private readonly place: WriterPlace,
    private readonly pauseMs: number,
  ) {}

  /** Starts them; resolved when each has had its first write acknowledged. */
  static async start(place: WriterPlace, count: number, pauseMs: number): Promise<LedgerWriters> {
    const writers = new LedgerWriters(place, pauseMs)
    const first = Array.from({ length: count }, (_, worker) => {
      let begun: () => void = () => undefined
      const ready = new Promise<void>((resolve) => {
        begun = resolve
      })
      const running = writers.write(worker, begun)
      writers.running.push(running)
      return Promise.race([ready, running])
    })
    await Promise.all(first)
    return writers
  }

  get acked(): number {
    return this.acks.length
  }

  get ambiguousWrites(): number {
    return this.ambiguous.length
  }

  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(this.running)
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
      `select worker || '/' || number as key from ${ledgerTable}`,
    )
    const found = new Set(rows.map(({ key }) => key))
    return this.acks.filter(({ worker, number }) => !found.has(`${worker}/${number}`)).length
  }

  private async write(worker: number, begun: () => void): Promise<void> {
    let client: pg.Client | undefined
    for (let number = this.firstNumber; !this.stopping; number++) {
      let sent = false
      try {
        client ??= await this.connect()
        sent = true
        await client.query(`insert into ${ledgerTable} (worker, number) values (${worker}, ${number})`)
        this.acks.push({ worker, number, atMs: nowMs() })
        begun()
      } catch (error) {
        this.errors += 1
        // A plain error was answered by a server that went on: nothing was committed.
        const refused = error instanceof pg.DatabaseError && error.severity === 'ERROR'
        if (sent && !refused) this.ambiguous.push({ worker, number })
        await client?.end().catch(() => undefined)
        client = undefined
        await sleep(20)
      }
      if (this.pauseMs > 0) await sleep(this.pauseMs)
    }
    await client?.end().catch(() => undefined)
  }

  private async connect(): Promise<pg.Client> {
    const { address, ...rest } = this.place
    return opened(new pg.Client({ ...rest, host: address, connectionTimeoutMillis: 30_000 }))
  }
}

/** Milliseconds since 1970 with fractions. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}
