import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { saidBy } from '../../../domain/errors.ts'
import { sqlStatements } from '../../../domain/sql-statements.ts'
import { said } from '../../../domain/words/said.ts'
import type { DatabasePort } from '../database.ts'
import { changeOnBothSides } from '../replication/ddl-freeze.ts'
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
  type Side,
  closeSideConnections,
  endClient,
  openClient,
  openSide,
  sqlState,
} from '../server/connections.ts'
import { readState } from '../server/control.ts'
import { sideName } from '../side-name.ts'
import { lockPair } from '../switchover/parts.ts'
import { differencesOf } from '../differences/alike.ts'
import { actAsOwner, ownerOf } from './as-owner.ts'
import { breaksOf, unfitStatements } from './breaks.ts'
import { SchemaChangeHalfMadeError, SchemaChangeRefusedError } from './errors.ts'
import { whoHoldsLocks } from './lock-holders.ts'
import { lookAtSchema } from './schema-look.ts'

export interface SchemaChangePlan {
  /** The side that serves. */
  readonly serves: DatabasePort
  /** The side that follows it. */
  readonly follows: DatabasePort
  /** The same change again under the same name goes on where it stopped, and is made once. */
  readonly id: string
  readonly sql: string
  /** The role it is made as, where the tables have several owners. */
  readonly role?: string
  /** An earlier run was cut off, and one side may have it. */
  readonly mayBeHalfMade: boolean
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export interface SchemaChangeResult {
  /** Tables that are followed from now on. */
  readonly newTables: readonly string[]
  /** How long statements on the tables it changes may have waited on the side that serves. */
  readonly heldMs: number
  /** An earlier run had made it. */
  readonly already: boolean
}

/** Others queue behind a lock that is waited for: it is given up soon, and tried again. */
const lockTimeoutMs = 1_500
const lockAttempts = 4
const lockPauseMs = 700
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
  const follows = await openSide(plan.follows, 'ddl').catch(refusing(plan, plan.mayBeHalfMade))
  const serves = await openSide(plan.serves, 'ddl').catch(async (error: unknown) => {
    await closeSideConnections(follows)
    return refusing(plan, plan.mayBeHalfMade)(error)
  })
  try {
    await lockPair({ from: serves, to: follows }, pairPatienceMs, plan.signal)
    const isResumed = await isMade(follows.app, plan.id, 'follows')
    const already = await isMade(serves.app, plan.id, 'serves')
    const link = await liveLink(plan, serves, follows).catch(refusing(plan, isResumed))
    const heldMs = already ? 0 : await onBoth(plan, { serves, follows, link, isResumed })
    return { newTables: await follow(plan, serves, follows, link), heldMs, already }
  } finally {
    await closeSideConnections(serves, follows)
  }
}

/** What an error comes to where nothing can have been changed, and where one side may have the change. */
const refusing =
  ({ follows, serves }: SchemaChangePlan, mayBeHalfMade: boolean) =>
  (error: unknown): never => {
    if (mayBeHalfMade)
      throw new SchemaChangeHalfMadeError(sideName(follows), sideName(serves), { cause: error })
    if (error instanceof SchemaChangeRefusedError) throw error
    throw new SchemaChangeRefusedError([saidBy(error)], { cause: error })
  }

/** The link by which one side follows the other, seen to run. */
async function liveLink(plan: SchemaChangePlan, serves: Side, follows: Side): Promise<string> {
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
    const reason = (await whyNotApplying(follows.app, link)) ?? ''
    throw new SchemaChangeRefusedError([
      said('replication-not-live', { database: sideName(plan.follows), subscription: link, reason }),
    ])
  }
  return link
}

/** What sides may differ in and still have one and the same change: replication goes by the names of columns. */
const beside =
  /^(?:order of columns|owner of|privileges of|default privileges|setting|database|role|password of|memberships of|settings of) /

async function areAlike(serves: Side, follows: Side): Promise<boolean> {
  const { unwaived } = await differencesOf({
    from: follows,
    to: serves,
    given: { waivers: {} },
    moment: 'precheck',
  })
  return unwaived.every((name) => beside.test(name))
}

type Which = 'follows' | 'serves'

async function isMade(client: pg.Client, id: string, which: Which): Promise<boolean> {
  const { rowCount } = await client.query('select from qianyun.ddl where id = $1', [`${id}/${which}`])
  return rowCount !== 0
}

/** Recorded with the change itself. The row of the side that serves arrives on the other one under a name of its own. */
async function record(client: pg.Client, { id }: SchemaChangePlan, which: Which): Promise<void> {
  await client.query(
    `insert into qianyun.ddl (id, command, object, by_role) values ($1, '${changeOnBothSides}', $2, session_user)`,
    [`${id}/${which}`, id],
  )
}

interface Open {
  readonly serves: Side
  readonly follows: Side
  readonly link: string
  /** The side that follows has it from a run that ended before the other one had. */
  readonly isResumed: boolean
}

/** Makes the change on both sides, or on the one that lacks it. Gives the milliseconds the serving side held its locks. */
async function onBoth(plan: SchemaChangePlan, open: Open): Promise<number> {
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

/**
 * Runs the statements in a transaction that stays open. What could not be followed, and what the server refuses, rolls it back.
 * @throws SchemaChangeRefusedError
 */
async function attempted(plan: SchemaChangePlan, side: Side, timeoutMs: number): Promise<void> {
  const { app } = side
  for (let attempt = 1; ; attempt += 1) {
    try {
      await app.query(
        `begin; set local lock_timeout = ${String(lockTimeoutMs)}; set local statement_timeout = ${String(timeoutMs)};
         set local track_counts = on`,
      )
      const owner = await actAsOwner(app, await ownerOf(app, side.port, plan.role))
      const before = await lookAtSchema(app)
      await owner.run(plan.sql)
      const after = await lookAtSchema(app)
      await owner.drop()
      const breaks = breaksOf(before, after)
      if (breaks.length > 0) throw new SchemaChangeRefusedError(breaks)
      return
    } catch (error) {
      await app.query('rollback').catch(() => undefined)
      if (error instanceof SchemaChangeRefusedError) throw error
      const isLocked = sqlState(error) === '55P03'
      const on = sideName(side.port)
      if (!isLocked)
        throw new SchemaChangeRefusedError([said('ddl-fails', { side: on, because: saidBy(error) })])
      if (attempt >= lockAttempts) {
        const holders = await whoHoldsLocks(side.control, side.port)
        throw new SchemaChangeRefusedError([said('ddl-locked', { side: on, attempts: attempt, holders })])
      }
      plan.say(`locks were not to be had on ${on}; trying again`)
      await sleep(lockPauseMs, undefined, { signal: plan.signal })
    }
  }
}

/** Takes new tables into the way back. */
async function follow(
  plan: SchemaChangePlan,
  serves: Side,
  follows: Side,
  link: string,
): Promise<readonly string[]> {
  const missing = await tablesNotFollowed(follows.app, link, await publishedTables(serves.app))
  try {
    await followNewTables(serves.app, follows.app, link, {
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
