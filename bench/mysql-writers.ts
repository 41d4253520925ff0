import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection } from 'mysql2/promise'
import type { DatabaseSide, Lab } from '../lab/lab.ts'
import { lettersSecret } from '../lab/loopback/describe.ts'
import { mariadbPort } from '../lab/loopback/mariadb-server.ts'
import { appUser, connectedTo, database } from '../lab/systems/letters.ts'
import { Journal, nowMs } from '../lab/writers/journal.ts'

interface Write {
  readonly client: number
  readonly round: number
}

const sides = ['old', 'cloud'] as const
const settleMs = 60_000
/** One server applies what several writers do at another: without a pause it falls behind them, and no switch is begun. */
const pauseMs = 5

/** Writers that connect to the servers themselves: whoever is refused by the one goes to the other. */
export class MysqlWriters {
  private readonly running: Promise<void>[] = []
  private ambiguous = 0
  private stopping = false

  private constructor(
    private readonly lab: Lab,
    private readonly journal: Journal<Write>,
  ) {}

  /** Makes their table. They write from {@link begin} on. */
  static async open(lab: Lab): Promise<MysqlWriters> {
    const admin = await connectedTo(lab, 'old')
    await admin.query(
      `CREATE TABLE ${database}.bench_ledger (client INT NOT NULL, round BIGINT NOT NULL, PRIMARY KEY (client, round)) ENGINE = InnoDB`,
    )
    await admin.end()
    const path = join(lab.description.home, 'lab', 'writers', `mysql-${Date.now()}.tsv`)
    return new MysqlWriters(lab, await Journal.open(path))
  }

  begin(clients: number): void {
    for (let client = 0; client < clients; client++) this.running.push(this.write(client))
  }

  /** The longest time since `fromMs` in which nobody's write was acknowledged. */
  longestGapMs(fromMs: number): number {
    return this.journal.longestGapMs({ fromMs, toMs: nowMs() })
  }

  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(this.running)
    await this.journal.close()
  }

  /** Looks every acknowledged write up on both sides. */
  async verify(): Promise<{ ackedWrites: number; lostWrites: number; ambiguousWrites: number }> {
    const acknowledged = this.journal.keysWithin({ fromMs: 0, toMs: nowMs() })
    const lost = await Promise.all(sides.map(async (side) => this.lostOn(side, acknowledged)))
    return {
      ackedWrites: acknowledged.length,
      lostWrites: Math.max(...lost),
      ambiguousWrites: this.ambiguous,
    }
  }

  private async lostOn(side: DatabaseSide, acknowledged: readonly Write[]): Promise<number> {
    const giveUpAtMs = Date.now() + settleMs
    const admin = await connectedTo(this.lab, side)
    try {
      for (;;) {
        const [rows] = await admin.query({
          sql: `SELECT client, round FROM ${database}.bench_ledger`,
          rowsAsArray: true,
        })
        const found = new Set((rows as unknown as unknown[][]).map((row) => row.join('/')))
        const lost = acknowledged.filter(
          ({ client, round }) => !found.has(`${String(client)}/${String(round)}`),
        ).length
        if (lost === 0 || Date.now() > giveUpAtMs) return lost
        await sleep(200)
      }
    } finally {
      await admin.end()
    }
  }

  private async write(client: number): Promise<void> {
    let turn = 0
    let connection: Connection | undefined
    for (let round = 0; !this.stopping; round++) {
      try {
        connection ??= await this.connect(sides[turn % sides.length] ?? 'old')
      } catch {
        turn += 1
        await sleep(2)
        continue
      }
      try {
        await connection.query('INSERT INTO bench_ledger VALUES (?, ?)', [client, round])
        this.journal.acknowledge({ client, round }, `${String(client)}/${String(round)}`)
        await sleep(pauseMs)
      } catch (error) {
        this.ambiguous += 1
        this.journal.ambiguous(`${String(client)}/${String(round)}`, String(error))
        connection.destroy()
        connection = undefined
        turn += 1
      }
    }
    await connection?.end()
  }

  private async connect(side: DatabaseSide): Promise<Connection> {
    const { description } = this.lab
    const connection = await mysql.createConnection({
      host: description.hosts[side].address,
      port: mariadbPort(description),
      user: appUser,
      password: this.lab.secret(lettersSecret),
      database,
      connectTimeout: 2_000,
    })
    connection.on('error', () => undefined)
    return connection
  }
}
