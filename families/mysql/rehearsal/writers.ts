import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { messageOf } from '../../../domain/errors.ts'
import { inForeignWords } from '../../../domain/words/said.ts'
import { MysqlWritersStoppedError } from '../errors.ts'
import { name } from '../server/quote.ts'
import { errnoOf, login, type Session } from '../server/session.ts'
import type { MysqlSide } from '../side.ts'

/** The writers' own table, in the database that is written to. */
export const writersTable = 'qianyun_rehearsal'

interface Ack {
  readonly worker: number
  readonly number: number
  readonly atMs: number
}

export interface WritersOptions {
  /** Tried in turn by writers that are refused. */
  readonly sides: readonly [MysqlSide, ...MysqlSide[]]
  readonly user: string
  readonly count: number
  readonly pauseMs: number
}

const startWithinMs = 10_000
const retryAfterMs = 5

/**
 * Writers that keep a log of every acknowledged write, as clients of the application's would: what the log says was written must be found
 * afterwards. Numbers that were sent and never answered are ambiguous, not lost.
 */
export class MysqlWriters {
  private readonly acks: Ack[] = []
  private stopping = false
  private running: readonly Promise<void>[] = []
  private lastFailure: unknown
  /** Of this run, so that a table may be written by several one after another. */
  private readonly firstNumber = Date.now() * 1_000
  ambiguousWrites = 0

  private constructor(private readonly options: WritersOptions) {}

  /** Resolved when one has had its first write acknowledged. @throws MysqlWritersStoppedError */
  static async start(options: WritersOptions): Promise<MysqlWriters> {
    const writers = new MysqlWriters(options)
    writers.running = Array.from({ length: options.count }, async (_, worker) => writers.write(worker))
    const giveUpAtMs = Date.now() + startWithinMs
    while (writers.acked === 0) {
      if (Date.now() > giveUpAtMs) {
        await writers.stop()
        throw new MysqlWritersStoppedError(
          options.sides[0].name,
          options.user,
          inForeignWords(messageOf(writers.lastFailure)),
        )
      }
      await sleep(20)
    }
    return writers
  }

  get acked(): number {
    return this.acks.length
  }

  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(this.running)
  }

  /** The longest stretch without any acknowledgement within a span of `performance.now()`, milliseconds. */
  longestGapMs(fromMs: number, toMs: number): number {
    const within = this.acks
      .map(({ atMs }) => atMs)
      .filter((atMs) => atMs >= fromMs && atMs <= toMs)
      .toSorted((one, other) => one - other)
    const at = [fromMs, ...within, toMs]
    const gaps = at.map((one, index) => one - (at[index - 1] ?? one))
    return Math.round(Math.max(...gaps) * 10) / 10
  }

  /** How many acknowledged writes a side does not hold. */
  async lostOn(session: Session, { database }: MysqlSide): Promise<number> {
    const rows = await session.rows<{ written: string }>(
      `SELECT CONCAT(worker, '/', number) AS written FROM ${name(database)}.${writersTable}`,
    )
    const found = new Set(rows.map(({ written }) => written))
    return this.acks.filter(({ worker, number }) => !found.has(`${String(worker)}/${String(number)}`)).length
  }

  private async write(worker: number): Promise<void> {
    const { sides, user, pauseMs } = this.options
    let connection: Connection | undefined
    let [at, number] = [0, this.firstNumber]
    while (!this.stopping) {
      let isSent = false
      try {
        connection ??= await this.connect(sides[at % sides.length] ?? sides[0], user)
        number += 1
        isSent = true
        await connection.query(`INSERT INTO ${writersTable} VALUES (${String(worker)}, ${String(number)})`)
        this.acks.push({ worker, number, atMs: performance.now() })
        await sleep(pauseMs)
      } catch (error) {
        this.lastFailure = error
        // What a server answered with an error was not committed.
        if (isSent && errnoOf(error) === undefined) this.ambiguousWrites += 1
        connection?.destroy()
        connection = undefined
        at += 1
        await sleep(retryAfterMs)
      }
    }
    connection?.destroy()
  }

  private async connect(side: MysqlSide, user: string): Promise<Connection> {
    return login(side, user, await side.appPassword(), undefined, side.database)
  }
}
