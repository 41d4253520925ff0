import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { dropDatabase } from '../copy/make-database.ts'
import { callsFunctions, whyRowsAreRefused } from '../copy/refused-rows.ts'
import { InitialCopyFailsError, InitialCopyStalledError } from '../errors.ts'
import type { Side } from '../server/connections.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { FailureCount } from './failure-count.ts'
import {
  type SubscriptionLook,
  dropSubscription,
  findSubscription,
  isFirstCopy,
  publishedTables,
  tablesNotFollowed,
  whyNotApplying,
} from './subscriptions.ts'

const lookEveryMs = 100
/** A copy that fails although its rows are taken is given this long: a server that is being restarted comes back. */
const unexplainedMs = 60_000

/** How long the first copy into a side may take, and whom it is told. */
export interface CopyPatience {
  readonly side: NamedSide
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Waits until the first copy of every table is complete. One that begins over and over ends the wait with the server's own
 * message.
 * @throws InitialCopyFailsError, InitialCopyStalledError
 */
export async function awaitInitialCopy(
  publisher: pg.Client,
  subscriber: pg.Client,
  name: string,
  { side, timeoutMs, signal, say }: CopyPatience,
): Promise<void> {
  const began = performance.now()
  const failures = new FailureCount()
  let lastSaid = ''
  for (;;) {
    signal.throwIfAborted()
    const found = await findSubscription(subscriber, name)
    const waiting = found?.notReady ?? []
    if (found !== undefined && waiting.length === 0) return
    failures.see(found?.copyErrors, waiting.length, (found?.interrupted.length ?? 0) > 0)
    const line = `${waiting.length} tables still being copied: ${waiting.slice(0, 3).join(', ')}${failures.count === 0 ? '' : `; ${failures.count} tries have failed`}`
    if (line !== lastSaid) say(line)
    lastSaid = line
    if (found !== undefined && failures.areMany)
      await assertEnds(publisher, subscriber, found, failures, side)
    if (performance.now() - began > timeoutMs) {
      const reason = await whyNotApplying(subscriber, name)
      throw new InitialCopyStalledError(sideName(side), waiting, timeoutMs, reason)
    }
    await sleep(lookEveryMs)
  }
}

/** @throws InitialCopyFailsError when the rows of a table whose copy fails are refused, or it fails for too long */
async function assertEnds(
  publisher: pg.Client,
  subscriber: pg.Client,
  { interrupted, notReady }: SubscriptionLook,
  failures: FailureCount,
  side: NamedSide,
): Promise<void> {
  if (interrupted.length === 0) return
  // A check may read a table that is still being copied: then it passes later.
  if (interrupted.length < notReady.length && (await callsFunctions(subscriber, interrupted))) return
  const refused = await whyRowsAreRefused(publisher, subscriber, interrupted)
  if (refused === undefined && failures.forMs < unexplainedMs) return
  throw new InitialCopyFailsError(
    sideName(side),
    refused?.table ?? interrupted[0] ?? '',
    failures.count,
    Math.round(failures.forMs),
    refused?.message,
  )
}

/**
 * Takes tables into an enabled subscription that were made since, with what is in them, and waits until they are there.
 * @throws InitialCopyFailsError, InitialCopyStalledError
 */
export async function followNewTables(
  publisher: pg.Client,
  subscriber: pg.Client,
  name: string,
  patience: CopyPatience,
): Promise<void> {
  const missing = await tablesNotFollowed(subscriber, name, await publishedTables(publisher))
  if (missing.length === 0) return
  patience.say(`tables made since replication began are taken along: ${missing.join(', ')}`)
  await subscriber.query(`alter subscription ${subscriber.escapeIdentifier(name)} refresh publication`)
  await awaitInitialCopy(publisher, subscriber, name, patience)
}

/**
 * Takes away what a first copy that cannot end has made: it would keep the log of the side that serves, and what is
 * corrected there may be the schema. Run again, the step begins anew. What was followed before stays.
 */
export async function abandonFirstCopy(
  { app, port }: Pick<Side, 'app' | 'port'>,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  if (!(await isFirstCopy(app, name))) return
  await dropSubscription(app, name)
  await dropDatabase(port)
  say(`what was copied into ${sideName(port)} was taken away again`)
}
