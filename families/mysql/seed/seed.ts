import { QianyunError, messageOf } from '../../../domain/errors.ts'
import { inForeignWords } from '../../../domain/words/said.ts'
import { MysqlCopyFailedError } from '../errors.ts'
import { setPosition, dropChannel } from '../server/channel.ts'
import { name, text } from '../server/quote.ts'
import type { Session } from '../server/session.ts'
import { type MysqlSide, withSession } from '../side.ts'
import { copyAccounts, copyGrants } from './accounts.ts'
import { copyRows } from './rows.ts'
import { databaseOf, eventsMade, type Made, make, programsOf, sequencesOf, tablesOf } from './schema.ts'
import { openSnapshot, releaseTables } from './snapshot.ts'

export interface SeedOptions {
  readonly from: MysqlSide
  readonly to: MysqlSide
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** What was copied. Plain JSON. */
export interface Seeded {
  readonly tables: number
  readonly rows: number
  readonly accounts: number
  /** The last transaction of the source that the copy has. */
  readonly position: string
  readonly copyMs: number
}

const tellEveryMs = 5_000

/**
 * Copies a database into a server that holds nothing else, as of one transaction, while the source goes on serving. Whatever an earlier run
 * left of it is removed first, and nothing of it is written into the log of the new server, which begins anew at that transaction.
 * @throws MysqlCopyFailedError
 */
export async function seed({ from, to, signal, say }: SeedOptions): Promise<Seeded> {
  const began = Date.now()
  return withSession(from, async (snapshot) =>
    withSession(to, async (target) =>
      withSession(from, async (source) => {
        await clear(target, to)
        const position = await openSnapshot(snapshot)
        await snapshot.run('SET SESSION character_set_results = NULL')
        const accounts = await copyAccounts(source, target)
        await target.run(await databaseOf(source, from.database))
        await target.run(`USE ${name(to.database)}`)
        const tables = await tablesOf(source, from.database)
        await makeAll(to, target, [...(await sequencesOf(source, from.database)), ...tables])
        const rows = await pour({ from, to, signal, say }, snapshot, target, tables)
        // A view is made only where its definer has the rights it needs; a right at a routine only where that is.
        await copyGrants(source, target, 'as-far-as-can-be')
        await makeAll(to, target, await programsOf(source, from.database))
        await withoutScheduler(target, async () =>
          makeAll(to, target, await eventsMade(source, from.database)),
        )
        await copyGrants(source, target, 'all')
        await target.run(`SET GLOBAL gtid_binlog_state = ${text(position)}`)
        await setPosition(target, position)
        return { tables: tables.length, rows, accounts, position, copyMs: Date.now() - began }
      }),
    ),
  )
}

/** Removes what an earlier run left, and begins the log of the server anew: what stood in it is of no source. */
async function clear(target: Session, to: MysqlSide): Promise<void> {
  await dropChannel(target)
  await target.run(`DROP DATABASE IF EXISTS ${name(to.database)}`)
  await target.run('RESET MASTER')
  await setPosition(target, '')
}

/** An event that is made is on for a moment before it is turned off. */
async function withoutScheduler(target: Session, work: () => Promise<void>): Promise<void> {
  const { scheduler } = await target.row<{ scheduler: string }>(
    'SELECT @@GLOBAL.event_scheduler AS scheduler',
  )
  if (scheduler !== 'ON') return work()
  await target.run('SET GLOBAL event_scheduler = OFF')
  try {
    await work()
  } finally {
    await target.run('SET GLOBAL event_scheduler = ON')
  }
}

async function pour(
  { from, to, signal, say }: SeedOptions,
  snapshot: Session,
  target: Session,
  tables: readonly Made[],
): Promise<number> {
  let rows = 0
  let toldAtMs = Date.now()
  for (const [at, { object: table }] of tables.entries()) {
    signal.throwIfAborted()
    const onBatch = (more: number): void => {
      rows += more
      if (Date.now() - toldAtMs < tellEveryMs) return
      toldAtMs = Date.now()
      say(`${String(rows)} rows so far, table ${String(at + 1)} of ${String(tables.length)}`)
    }
    try {
      await copyRows(snapshot, target, { database: from.database, table }, { signal, onBatch })
      await releaseTables(snapshot)
    } catch (error) {
      signal.throwIfAborted()
      throw failed(to, table, error)
    }
  }
  return rows
}

/** A thing that needs one that is not there yet is tried again after the others. */
async function makeAll(to: MysqlSide, target: Session, things: readonly Made[]): Promise<void> {
  let left = things
  for (;;) {
    const later: { readonly thing: Made; readonly error: unknown }[] = []
    for (const thing of left)
      await make(target, thing).catch((error: unknown) => later.push({ thing, error }))
    const [first] = later
    if (first === undefined) return
    if (later.length === left.length) throw failed(to, first.thing.object, first.error)
    left = later.map(({ thing }) => thing)
  }
}

function failed(to: MysqlSide, object: string, error: unknown): unknown {
  if (error instanceof QianyunError) return error
  return new MysqlCopyFailedError(to.name, object, inForeignWords(messageOf(error)), { cause: error })
}
