import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Lab } from '../lab.ts'
import { Journal } from './journal.ts'
import type { ParsedVerify } from './messages.ts'
import { untilSettled, withServing, withSide } from './places.ts'
import { Writer } from './writer.ts'

/** Client × 2^32 + round: one number per write, because there are millions. */
type Key = number
const keyOf = (client: number, round: number): Key => client * 2 ** 32 + round
const clientOf = (key: Key) => Math.floor(key / 2 ** 32)
const roundOf = (key: Key) => key % 2 ** 32

const accountsPerClient = 64

/** Writes straight to the serving database through pgbouncer: each transaction inserts a ledger row and moves an account. */
export class PostgresWriter extends Writer<Key> {
  private readonly connections = new Map<number, pg.Client>()

  private constructor(
    journal: Journal<Key>,
    private readonly lab: Lab,
    private readonly run: number,
  ) {
    super(journal)
  }

  /** Makes the writers' tables where they are missing; `clients` is how many will write. */
  static async open(lab: Lab, journalPath: string, clients: number): Promise<PostgresWriter> {
    await withServing(lab, (client) => client.query(tables(clients)))
    return new PostgresWriter(await Journal.open(journalPath), lab, Math.floor(Date.now() / 1000))
  }

  protected override async write(client: number, round: number): Promise<void> {
    const key = keyOf(client, round)
    let sent = false
    try {
      const connection = await this.connectionOf(client)
      sent = true
      // Two statements in one message are one transaction, and its answer is the commit's.
      await connection.query(
        `INSERT INTO writer_ledger (run, client, round) VALUES (${this.run}, ${client}, ${round}); ` +
          `UPDATE writer_account SET balance = balance + 1 WHERE id = ${client * accountsPerClient + (round % accountsPerClient)}`,
      )
      this.journal.acknowledge(key, this.describeKey(key))
    } catch (error) {
      this.note(key, sent && !isRefusal(error) ? 'ambiguous' : 'refused', String(error))
      await this.forget(client)
      await sleep(20)
    }
  }

  protected override async findMissing(
    wanted: readonly Key[],
    { sides, settleMs }: ParsedVerify,
  ): Promise<ReadonlyMap<string, Key[]>> {
    const places = new Map<string, Key[]>()
    places.set('entry', await withServing(this.lab, (client) => this.missingIn(client, wanted)))
    for (const side of sides) {
      const missing = await untilSettled(settleMs, wanted, (rest) =>
        withSide(this.lab, side, (client) => this.missingIn(client, rest)),
      )
      places.set(side, missing)
    }
    return places
  }

  protected override describeKey(key: Key): string {
    return `${this.run}/${clientOf(key)}/${roundOf(key)}`
  }

  protected override async release(): Promise<void> {
    await Promise.all([...this.connections.keys()].map((client) => this.forget(client)))
  }

  private async missingIn(client: pg.Client, wanted: readonly Key[]): Promise<Key[]> {
    const missing: Key[] = []
    for (const writer of new Set(wanted.map(clientOf))) {
      const { rows } = await client.query<[string]>({
        text: 'SELECT round FROM writer_ledger WHERE run = $1 AND client = $2',
        values: [this.run, writer],
        rowMode: 'array',
      })
      const found = new Set(rows.map(([round]) => keyOf(writer, Number(round))))
      for (const key of wanted) if (clientOf(key) === writer && !found.has(key)) missing.push(key)
    }
    return missing
  }

  private async connectionOf(client: number): Promise<pg.Client> {
    const open = this.connections.get(client)
    if (open !== undefined) return open
    const { entry, databases } = this.lab.description
    const connection = new pg.Client({
      host: entry.pgbouncer.address,
      port: entry.pgbouncer.port,
      database: entry.pgbouncer.database,
      user: databases.old.appUser,
      password: this.lab.secret(databases.old.appSecret),
      connectionTimeoutMillis: 30_000,
    })
    connection.on('error', () => undefined)
    await connection.connect()
    this.connections.set(client, connection)
    return connection
  }

  private async forget(client: number): Promise<void> {
    const connection = this.connections.get(client)
    this.connections.delete(client)
    await connection?.end().catch(() => undefined)
  }
}

/** An error the server answered with, and went on: nothing was committed. A FATAL one may have hit behind the commit. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR'
}

const tables = (clients: number) => `
CREATE TABLE IF NOT EXISTS writer_ledger (
  run integer NOT NULL, client integer NOT NULL, round bigint NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (run, client, round));
CREATE TABLE IF NOT EXISTS writer_account (id integer PRIMARY KEY, balance bigint NOT NULL DEFAULT 0);
INSERT INTO writer_account (id) SELECT generate_series(0, ${clients * accountsPerClient - 1}) ON CONFLICT DO NOTHING;
`
