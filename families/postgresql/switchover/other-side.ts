import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { type ConnectedSide, oneRow, sqlState, withClient } from '../server/connections.ts'
import { findState } from '../server/control.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { OwnPlaceTakenError } from '../server/errors.ts'
import { lookForDatabase } from '../copy/make-database.ts'
import type { DatabasePort } from '../database.ts'
import { OtherSideAnswersError } from './errors.ts'
import { publicProbe } from './finish.ts'
import type { Entry } from '../entry/entry.ts'
import { sideName } from '../side-name.ts'
import type { Said } from '../../../domain/words/message.ts'
import { inForeignWords, said } from '../../../domain/words/said.ts'

const listensForMs = 3_000

export interface Absence {
  /** The side that is presumed gone. */
  readonly gone: DatabasePort
  readonly side: ConnectedSide
  readonly entry: Entry
  readonly lookTimeoutMs: number
}

/**
 * Makes sure that a side gives no sign of life: to the runner, to clients through the entry, or to the side that followed it. A side
 * that the runner cannot reach may still serve. A new server without the database does not count as the side that is gone.
 * @throws OtherSideAnswersError
 */
export async function assertGone({ gone, side, entry, lookTimeoutMs }: Absence): Promise<void> {
  const { now: beganAt } = await oneRow<{ now: string }>(side.app, 'select clock_timestamp()::text as now')
  const probe = publicProbe({ entry, to: gone }, 'gone')
  const heard = listen(side.app, beganAt, Math.min(lookTimeoutMs, listensForMs))
  heard.catch(() => undefined)
  const found = await heardFrom(gone, lookTimeoutMs)
  if (found !== undefined) throw new OtherSideAnswersError(sideName(gone), found)
  if ((await probe).ok)
    throw new OtherSideAnswersError(sideName(gone), said('cause-entry-leads-there', { entry: entry.name }))
  if (await heard) throw new OtherSideAnswersError(sideName(gone), said('cause-still-heard'))
}

/** The answer of a server that was presumed gone; undefined if it does not answer or lacks the database. */
export async function heardFrom(gone: DatabasePort, timeoutMs: number): Promise<Said | undefined> {
  const late = sleep(timeoutMs, undefined, { ref: false })
  return Promise.race([late, askGone(gone).catch(refusedHow)])
}

async function askGone(gone: DatabasePort): Promise<Said | undefined> {
  if (!(await lookForDatabase(gone)).exists) return undefined
  const state = await withClient(
    gone,
    'look',
    async (control) => findState(control, gone.database),
    controlDatabase,
  )
  if (state === undefined) return said('cause-server-answers')
  return said('cause-server-answers-with-state', { state: state.state, generation: state.generation })
}

/** A refusal is an answer of a live server, and so is one of ours to use what it has; every other error counts as silence. */
function refusedHow(error: unknown): Said | undefined {
  const state = error instanceof OwnPlaceTakenError ? error.code : sqlState(error)
  return state === undefined
    ? undefined
    : said('cause-server-refuses', { state, reason: inForeignWords(messageOf(error)) })
}

/** Time for a busy machine to hear. An idle side may be silent for half a minute; that long is not waited. */
async function listen(follower: pg.Client, since: string, forMs: number): Promise<boolean> {
  const deadline = performance.now() + forMs
  for (;;) {
    if (await heardSince(follower, since)) return true
    if (performance.now() > deadline) return false
    await sleep(50)
  }
}

/** A worker that only tries to connect shows the time of its own start there, and has received nothing. */
async function heardSince(follower: pg.Client, since: string): Promise<boolean> {
  const { rowCount } = await follower.query(
    `select from pg_stat_subscription w join pg_subscription s on s.oid = w.subid
      where s.subdbid = (select oid from pg_database where datname = current_database())
        and w.pid is not null and w.received_lsn is not null and w.last_msg_receipt_time > $1::timestamptz`,
    [since],
  )
  return rowCount !== 0
}
