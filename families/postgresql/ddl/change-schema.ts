import { randomUUID } from 'node:crypto'
import { sqlStatements } from '../../../domain/sql-statements.ts'
import { said } from '../../../domain/words/said.ts'
import { followNewTables } from '../replication/initial-copy.ts'
import { markerTrip } from '../replication/marker.ts'
import { linkName } from '../replication/slots.ts'
import {
  findSubscription,
  publishedTables,
  tablesNotFollowed,
  whyNotApplying,
} from '../replication/subscriptions.ts'
import {
  type ConnectedSide,
  disconnectSides,
  endClient,
  openClient,
  connectSide,
} from '../server/connections.ts'
import { readState } from '../server/control.ts'
import { sideName } from '../side-name.ts'
import { lockPair } from '../switchover/parts.ts'
import { runAlone } from './alone.ts'
import { attempted } from './attempt.ts'
import { runsAlone, unfitStatements } from './breaks.ts'
import { SchemaChangeHalfMadeError, SchemaChangeRefusedError } from './errors.ts'
import { type OpenPair, type SchemaChangePlan, areAlike, isMade, record, refusing } from './plan.ts'

export interface SchemaChangeResult {
  /** Tables that are followed from now on. */
  readonly newTables: readonly string[]
  /** How long statements on the tables it changes may have waited on the side that serves. */
  readonly heldMs: number
  /** An earlier run had made it. */
  readonly already: boolean
}

/** Longer than this nobody is made to wait for a change on the side that serves. */
const holdTimeoutMs = 10_000
const tryTimeoutMs = 120_000
const pairPatienceMs = 15_000
const firstTripMs = 10_000
const copyTimeoutMs = 600_000
/** A change that one side has is brought to its end even if the run is asked to stop. */
const untilDone = new AbortController().signal

/**
 * Makes a schema change on a pair whose new side serves and whose old side follows it: tried on the side that follows and
 * rolled back there, then made on both at once. The side that serves holds its locks, with everything written before them
 * arrived, until the side that follows has the change; that one commits first. New tables are followed afterwards.
 * @throws SchemaChangeRefusedError: nothing is changed. SchemaChangeHalfMadeError: run it again under the same name
 */
export async function changeSchema(plan: SchemaChangePlan): Promise<SchemaChangeResult> {
  const follows = await connectSide(plan.follows, 'ddl').catch(refusing(plan, plan.mayBeHalfMade))
  const serves = await connectSide(plan.serves, 'ddl').catch(async (error: unknown) => {
    await disconnectSides(follows)
    return refusing(plan, plan.mayBeHalfMade)(error)
  })
  try {
    await lockPair({ from: serves, to: follows }, pairPatienceMs, plan.signal)
    const onFollows = await isMade(follows.app, plan.id, 'follows')
    const onServes = await isMade(serves.app, plan.id, 'serves')
    const [statement, ...others] = sqlStatements(plan.sql)
    const alone =
      statement !== undefined && others.length === 0 && runsAlone(statement) ? statement : undefined
    const isResumed = onFollows || (alone !== undefined && onServes)
    const already = onServes && (alone === undefined || onFollows)
    const link = await liveLink(plan, serves, follows).catch(refusing(plan, isResumed))
    const pair = { serves, follows, link, isResumed }
    if (alone !== undefined && !already) await runAlone(plan, pair, alone)
    const heldMs = already || alone !== undefined ? 0 : await onBoth(plan, pair)
    return { newTables: await follow(plan, serves, follows, link), heldMs, already }
  } finally {
    await disconnectSides(serves, follows)
  }
}

/** The link by which one side follows the other, seen to run. */
async function liveLink(
  plan: SchemaChangePlan,
  serves: ConnectedSide,
  follows: ConnectedSide,
): Promise<string> {
  const [open, closed] = [
    await readState(serves.control, plan.serves),
    await readState(follows.control, plan.follows),
  ]
  if (open.state !== 'open' || closed.state !== 'closed')
    throw new SchemaChangeRefusedError([
      said('side-serves-elsewhere', { from: sideName(plan.serves), to: sideName(plan.follows) }),
    ])
  const link = linkName(plan.serves.database, open.generation)
  const found = await findSubscription(follows.app, link)
  if (found?.enabled !== true) {
    const reason = (await whyNotApplying(follows.app, link)) ?? said('cause-not-ready')
    throw new SchemaChangeRefusedError([
      said('replication-not-live', { database: sideName(plan.follows), subscription: link, reason }),
    ])
  }
  return link
}

/** Makes the change on both sides, or on the one that lacks it. Gives the milliseconds the serving side held its locks. */
async function onBoth(plan: SchemaChangePlan, open: OpenPair): Promise<number> {
  const { serves, follows, link, isResumed } = open
  const marker = await openClient(plan.serves, 'ddl').catch(refusing(plan, isResumed))
  const trip = async (timeoutMs: number): Promise<unknown> =>
    markerTrip({
      from: { client: marker, label: sideName(plan.serves) },
      to: { client: follows.app, label: sideName(plan.follows) },
      name: 'schema-change',
      token: randomUUID(),
      timeoutMs,
      reason: async () => whyNotApplying(follows.app, link),
      signal: isResumed ? untilDone : plan.signal,
    })
  let followsHasIt = isResumed
  try {
    const unfit = unfitStatements(sqlStatements(plan.sql))
    if (unfit.length > 0) throw new SchemaChangeRefusedError(unfit)
    if (!isResumed) {
      await trip(firstTripMs)
      await attempted(plan, follows, tryTimeoutMs)
      await follows.app.query('rollback')
    }
    plan.signal.throwIfAborted()
    const began = performance.now()
    await attempted(plan, serves, holdTimeoutMs).catch(async (error: unknown) => {
      // Somebody has finished it by hand.
      if (!isResumed || !(await areAlike(serves, follows))) throw error as Error
      await serves.app.query('begin')
    })
    await record(serves.app, plan, 'serves')
    if (!isResumed) {
      // What was written before the locks has arrived, and nothing is written under them.
      await trip(holdTimeoutMs)
      await attempted(plan, follows, holdTimeoutMs)
      await record(follows.app, plan, 'follows')
      plan.signal.throwIfAborted()
      followsHasIt = true
      await follows.app.query('commit')
    }
    await serves.app.query('commit')
    return Math.round(performance.now() - began)
  } catch (error) {
    for (const { app } of [serves, follows]) await app.query('rollback').catch(() => undefined)
    return refusing(plan, followsHasIt)(error)
  } finally {
    await endClient(marker)
  }
}

/** Takes new tables into the way back. */
async function follow(
  plan: SchemaChangePlan,
  serves: ConnectedSide,
  follows: ConnectedSide,
  link: string,
): Promise<readonly string[]> {
  const missing = await tablesNotFollowed(follows.app, link, await publishedTables(serves.app))
  try {
    await followNewTables(serves.app, follows.app, link, {
      from: plan.serves,
      side: plan.follows,
      timeoutMs: copyTimeoutMs,
      signal: plan.signal,
      say: plan.say,
    })
  } catch (error) {
    throw new SchemaChangeHalfMadeError(sideName(plan.follows), sideName(plan.serves), { cause: error })
  }
  return missing
}
