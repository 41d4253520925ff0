import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { MysqlRecordChangedError } from '../errors.ts'
import { controlDatabase } from '../server/control-database.ts'
import { text } from '../server/quote.ts'
import type { Numeral, Session, SessionOptions } from '../server/session.ts'
import { type MysqlSide, withSession } from '../side.ts'

const AccountRecord = z.object({ user: z.string(), host: z.string() })

/** What a fence has taken, so that whoever opens the side again gives back just that. */
const Fence = z.object({
  accounts: z.array(AccountRecord),
  /** Events that ran here, by name. */
  events: z.array(z.string()),
})
export type Fence = z.infer<typeof Fence>

const Detail = z.object({
  fence: Fence.optional(),
  /** The state of its log as it was closed: what it makes by itself later is errant. */
  logState: z.string().default(''),
  /** The last transaction of the side as it was closed: the other one has everything up to it. */
  last: z.string().optional(),
  /** A copy that was not brought to its end. */
  unfinished: z.literal(true).optional(),
  /** A copy that follows no more and lets people in, for tests. */
  opened: z.literal(true).optional(),
  /** What the switch away from it had come to as it was decided. */
  switched: z.record(z.string(), z.unknown()).optional(),
  /** Until when a switch away from it may go on, an instant. */
  goesOnUntil: z.string().optional(),
})
type Detail = z.infer<typeof Detail>

/** What a side has on record of itself, on its own server: what a switch that was cut off goes on from. */
export interface SideRecord {
  /** `copy`: it was made of another side, and serves nobody. */
  readonly state: 'open' | 'closed' | 'copy'
  /** Counts the switches of the pair. */
  readonly generation: number
  /** Of a side that is closed: the other one serves. Changing it to this is the commit point of a switch. */
  readonly decided: boolean
  /** When it was opened or closed, an instant (ISO 8601). */
  readonly since: string
  readonly detail: Detail
}

/** A record as it was read, with what a change of it is held against. */
export interface ReadRecord extends SideRecord {
  readonly token: string
}

const table = `${controlDatabase}.side`

/** Makes the control database of a server, past its log. Harmless when repeated. */
export async function ensureControl(side: MysqlSide): Promise<void> {
  await withSession(side, async (session) => {
    await session.run(
      `CREATE DATABASE IF NOT EXISTS ${controlDatabase} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    )
    await session.run(
      `CREATE TABLE IF NOT EXISTS ${table} (
        dataset VARCHAR(64) NOT NULL PRIMARY KEY, state ENUM('open', 'closed', 'copy') NOT NULL, generation INT UNSIGNED NOT NULL,
        decided BOOLEAN NOT NULL, since VARCHAR(32) NOT NULL, token CHAR(32) NOT NULL, detail LONGTEXT NOT NULL) ENGINE = InnoDB`,
    )
    await session.run(
      `CREATE TABLE IF NOT EXISTS ${controlDatabase}.marker (
        dataset VARCHAR(64) NOT NULL PRIMARY KEY, token CHAR(32) NOT NULL) ENGINE = InnoDB`,
    )
  })
}

async function hasControl(session: Session): Promise<boolean> {
  const found = await session.rows(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = '${controlDatabase}' AND table_name = 'side'`,
  )
  return found.length > 0
}

/** What is on record of a side; undefined when nothing is. */
export async function readRecord(session: Session, { database }: MysqlSide): Promise<ReadRecord | undefined> {
  if (!(await hasControl(session))) return undefined
  const [found] = await session.rows<
    Omit<ReadRecord, 'detail' | 'decided'> & { decided: Numeral; detail: string }
  >(`SELECT state, generation, decided, since, token, detail FROM ${table} WHERE dataset = ${text(database)}`)
  if (found === undefined) return undefined
  return { ...found, decided: Number(found.decided) === 1, detail: Detail.parse(JSON.parse(found.detail)) }
}

/** What is on record, by a connection of its own. */
export async function recordOf(side: MysqlSide, options?: SessionOptions): Promise<ReadRecord | undefined> {
  return withSession(side, async (session) => readRecord(session, side), options)
}

export type NewRecord = Omit<SideRecord, 'since' | 'decided'> & {
  readonly decided?: boolean
  readonly since?: string
}

/**
 * Replaces what was read, on disk when this resolves. Of two runs that read the same, one fails.
 * @throws MysqlRecordChangedError
 */
export async function writeRecord(
  session: Session,
  side: MysqlSide,
  read: ReadRecord | undefined,
  record: NewRecord,
): Promise<ReadRecord> {
  const written: ReadRecord = {
    decided: false,
    since: new Date().toISOString(),
    ...record,
    token: randomBytes(16).toString('hex'),
  }
  const { state, generation, decided, since, token, detail } = written
  const values = {
    state: text(state),
    generation: String(generation),
    decided: decided ? '1' : '0',
    since: text(since),
    token: text(token),
    detail: text(JSON.stringify(detail)),
  }
  const set = Object.entries(values).map(([column, value]) => `${column} = ${value}`)
  const changed =
    read === undefined
      ? await session.run(
          `INSERT IGNORE INTO ${table} SET dataset = ${text(side.database)}, ${set.join(', ')}`,
        )
      : await session.run(
          `UPDATE ${table} SET ${set.join(', ')} WHERE dataset = ${text(side.database)} AND token = ${text(read.token)}`,
        )
  if (changed !== 1) throw new MysqlRecordChangedError(side.name)
  // A server need not flush what it commits (innodb_flush_log_at_trx_commit).
  await session.run('FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS')
  return written
}

/** Writes a last transaction into the log of a side, and gives its position: who has that has everything. */
export async function writeMarker(logged: Session, { database }: MysqlSide): Promise<string> {
  const token = text(randomBytes(16).toString('hex'))
  await logged.run(
    `INSERT INTO ${controlDatabase}.marker SET dataset = ${text(database)}, token = ${token} ON DUPLICATE KEY UPDATE token = ${token}`,
  )
  const { position } = await logged.row<{ position: string }>('SELECT @@GLOBAL.gtid_binlog_pos AS position')
  return position
}

/** Notes that a rehearsal has a server for its own, or that it has it no more. */
export async function noteRehearsal(session: Session, { database }: MysqlSide, isOn: boolean): Promise<void> {
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${controlDatabase}.rehearsal (dataset VARCHAR(64) NOT NULL PRIMARY KEY) ENGINE = InnoDB`,
  )
  await session.run(
    isOn
      ? `INSERT IGNORE INTO ${controlDatabase}.rehearsal SET dataset = ${text(database)}`
      : `DELETE FROM ${controlDatabase}.rehearsal WHERE dataset = ${text(database)}`,
  )
}

/** Whether a rehearsal has this server for its own, or one that was cut off had. */
export async function isRehearsing(session: Session, { database }: MysqlSide): Promise<boolean> {
  const tables = await session.rows(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = '${controlDatabase}' AND table_name = 'rehearsal'`,
  )
  if (tables.length === 0) return false
  const found = await session.rows(
    `SELECT 1 FROM ${controlDatabase}.rehearsal WHERE dataset = ${text(database)}`,
  )
  return found.length > 0
}

/** Forgets a side, with all there is of it. */
export async function dropControl(session: Session): Promise<void> {
  await session.run(`DROP DATABASE IF EXISTS ${controlDatabase}`)
}
