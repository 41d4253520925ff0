import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { saidBy } from '../../../domain/errors.ts'
import { excerptOf, type SqlStatement } from '../../../domain/sql-statements.ts'
import { said } from '../../../domain/words/said.ts'
import { markerTrip } from '../replication/marker.ts'
import { whyNotApplying } from '../replication/subscriptions.ts'
import { type ConnectedSide, endClient, openClient, sqlState } from '../server/connections.ts'
import { sideName } from '../side-name.ts'
import { ownerOf, schemasOf } from './as-owner.ts'
import { attempted } from './attempt.ts'
import { isUniqueIndex } from './breaks.ts'
import { SchemaChangeHalfMadeError, SchemaChangeRefusedError } from './errors.ts'
import { whoHoldsLocks } from './lock-holders.ts'
import { type OpenPair, type SchemaChangePlan, type Which, areAlike, isMade, record } from './plan.ts'
import { dropLeftIndexes, indexesNow, beginsWith } from './left-indexes.ts'

/** It holds up no reader and no writer while it waits, and the transactions it waits for are named afterwards. */
const lockTimeoutMs = 30_000
/** Longer than this no index is built. */
const statementTimeoutMs = 12 * 3_600_000
const tryTimeoutMs = 30_000
const tripMs = 60_000

/**
 * Runs the one statement of a file that needs several transactions, on one side and then on the other: the side that follows first, so
 * that it never lacks what arrives. A unique index is built where the writers are first: until it is there they may write what
 * it would refuse on the side that follows. An invalid index that a try leaves behind is dropped, or named.
 * @throws SchemaChangeRefusedError: nothing is changed. SchemaChangeHalfMadeError: run it again under the same name
 */
export async function runAlone(
  plan: SchemaChangePlan,
  pair: OpenPair,
  statement: SqlStatement,
): Promise<void> {
  const isUnique = isUniqueIndex(statement)
  const [first, second] = isUnique ? (['serves', 'follows'] as const) : (['follows', 'serves'] as const)
  if (!(await isMade(pair[first].app, plan.id, first))) await runOn(plan, pair[first], first, statement)
  try {
    if (isUnique) await everythingArrives(plan, pair)
    if (!(await isMade(pair[second].app, plan.id, second))) await runOn(plan, pair[second], second, statement)
  } catch (error) {
    if (pair.isResumed && (await areAlike(pair.serves, pair.follows))) {
      await record(pair[second].app, plan, second)
      return
    }
    throw new SchemaChangeHalfMadeError(sideName(pair[first].port), sideName(pair[second].port), {
      cause: error,
    })
  }
}

/** A statement that drops an index is tried as one transaction first: rows may be found by that index. */
async function triedWithout(
  plan: SchemaChangePlan,
  side: ConnectedSide,
  { text, words }: SqlStatement,
): Promise<void> {
  if (words[0] !== 'drop') return
  const [all, beginning] = /^(drop\s+index)\s+concurrently\b/i.exec(text) ?? []
  if (all === undefined || beginning === undefined)
    throw new SchemaChangeRefusedError([said('ddl-own-file', { statement: excerptOf({ text, words }) })])
  await attempted({ ...plan, sql: `${beginning}${text.slice(all.length)}` }, side, tryTimeoutMs)
  await side.app.query('rollback')
}

async function runOn(
  plan: SchemaChangePlan,
  side: ConnectedSide,
  which: Which,
  statement: SqlStatement,
): Promise<void> {
  const { app } = side
  const { before, hadBegun } = await beginsWith(app, `${plan.id}/${which}/begun`)
  try {
    if (hadBegun) await dropLeftIndexes(app, before)
    else await triedWithout(plan, side, statement)
    await runAsOwner(plan, side, statement.text)
  } catch (error) {
    const left = await dropLeftIndexes(app, before)
    const now = await indexesNow(app)
    const isNew = Object.keys(now).some((id) => now[id]?.isValid === true && before[id] === undefined)
    const isGone = Object.keys(before).some((id) => now[id] === undefined)
    // 42P07: it is there, 42704: it is gone, as a run that was cut off left it.
    const isMadeEarlier =
      hadBegun && ((sqlState(error) === '42P07' && isNew) || (sqlState(error) === '42704' && isGone))
    if (!isMadeEarlier) {
      // What could not be dropped is dropped by the next run of the same name.
      if (left.length === 0)
        await app.query('delete from qianyun.ddl where id = $1', [`${plan.id}/${which}/begun`])
      if (error instanceof SchemaChangeRefusedError) throw error
      throw await refusedBy(side, error, [
        ...left,
        ...(sqlState(error) === '42P07'
          ? Object.values(now).flatMap(({ name, isValid }) => (isValid ? [] : [name]))
          : []),
      ])
    }
  }
  await record(app, plan, which)
}

async function refusedBy(
  side: ConnectedSide,
  error: unknown,
  invalid: readonly string[],
): Promise<SchemaChangeRefusedError> {
  const on = sideName(side.port)
  const names = [...new Set(invalid)].map((index) => said('ddl-invalid-index', { side: on, index }))
  if (sqlState(error) !== '55P03')
    return new SchemaChangeRefusedError([said('ddl-fails', { side: on, because: saidBy(error) }), ...names])
  const holders = await whoHoldsLocks(side.control, side.port)
  return new SchemaChangeRefusedError([said('ddl-locked', { side: on, attempts: 1, holders }), ...names])
}

/** With the rights of the owner, as one statement by the protocol; whoever asks the run to stop has it cancelled. */
async function runAsOwner(plan: SchemaChangePlan, side: ConnectedSide, text: string): Promise<void> {
  const client = await openClient(side.port, 'ddl')
  let cancel: (() => void) | undefined
  try {
    plan.signal.throwIfAborted()
    const owner = await ownerOf(client, side.port, plan.role)
    const schemas = await schemasOf(client, owner)
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    cancel = () => {
      void side.control.query('select pg_cancel_backend($1)', [rows[0]?.pid]).catch(() => undefined)
    }
    plan.signal.addEventListener('abort', cancel)
    await client.query(`set lock_timeout = ${String(lockTimeoutMs)}`)
    await client.query(`set statement_timeout = ${String(statementTimeoutMs)}`)
    await client.query(`set search_path = ${schemas}`)
    await client.query(`set role ${client.escapeIdentifier(owner)}`)
    await client.query(oneStatement(text))
  } finally {
    if (cancel !== undefined) plan.signal.removeEventListener('abort', cancel)
    await endClient(client)
  }
}

/** The extended protocol takes one statement: nothing behind a semicolon could leave the owner's role. */
function oneStatement(text: string): pg.QueryConfig {
  const asked: pg.QueryConfig & { readonly queryMode: 'extended' } = { text, queryMode: 'extended' }
  return asked
}

async function everythingArrives(plan: SchemaChangePlan, { serves, follows, link }: OpenPair): Promise<void> {
  await markerTrip({
    from: { client: serves.app, label: sideName(plan.serves) },
    to: { client: follows.app, label: sideName(plan.follows) },
    name: 'schema-change',
    token: randomUUID(),
    timeoutMs: tripMs,
    reason: async () => whyNotApplying(follows.app, link),
    signal: plan.signal,
  })
}
