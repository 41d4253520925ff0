import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { dropDatabase } from '../copy/make-database.ts'
import { callsFunctions, whyRowsAreRefused } from '../copy/refused-rows.ts'
import { InitialCopyFailsError, InitialCopyStalledError, TablesNotPublishedError } from './errors.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { giveApplyRights } from './apply-role.ts'
import { FailureCount } from './failure-count.ts'
import { noteTables } from './known-tables.ts'
import { publishNewTables } from './publication.ts'
import {
  type SubscriptionLook,
  dropSubscription,
  findSubscription,
  isFirstCopy,
  publishedTables,
  tablesNotFollowed,
  whyNotApplying,
} from './subscriptions.ts'
import { inForeignWords } from '../../../domain/words/said.ts'

const lookEveryMs = 100
/** Limit for a copy that fails although its rows are accepted: a server that restarts comes back within it. */
const unexplainedMs = 60_000

/** Limit of the first copy from one side into another (`side`), and where its progress is reported. */
export interface CopyPatience {
  readonly from: NamedSide
  readonly side: NamedSide
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Waits until the first copy of every table is complete. A copy that fails repeatedly ends the wait with the server's message.
 * @throws InitialCopyFailsError, InitialCopyStalledError
 */
export async function awaitInitialCopy(
  publisher: pg.Client,
  subscriber: pg.Client,
  name: string,
  patience: CopyPatience,
): Promise<void> {
  const { side, timeoutMs, signal, say } = patience
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
      await assertEnds(publisher, subscriber, found, failures, patience)
    if (performance.now() - began > timeoutMs) {
      const reason = await whyNotApplying(subscriber, name)
      throw new InitialCopyStalledError(sideName(side), waiting, timeoutMs, reason)
    }
    await sleep(lookEveryMs)
  }
}

/** @throws InitialCopyFailsError if rows of the failing table are refused, or if the copy fails for too long */
async function assertEnds(
  publisher: pg.Client,
  subscriber: pg.Client,
  { interrupted, notReady }: SubscriptionLook,
  failures: FailureCount,
  { from, side }: Pick<CopyPatience, 'from' | 'side'>,
): Promise<void> {
  if (interrupted.length === 0) return
  // A check constraint may read a table that is still being copied, and pass later.
  if (interrupted.length < notReady.length && (await callsFunctions(subscriber, interrupted))) return
  const refused = await whyRowsAreRefused(publisher, subscriber, interrupted)
  if (refused === undefined && failures.forMs < unexplainedMs) return
  throw new InitialCopyFailsError(
    sideName(from),
    sideName(side),
    refused?.table ?? interrupted[0] ?? '',
    failures.count,
    Math.round(failures.forMs),
    refused && inForeignWords(refused.message),
  )
}

/**
 * Adds new tables with their rows to an enabled subscription, and waits until they are copied.
 * @throws InitialCopyFailsError, InitialCopyStalledError, TablesNotPublishedError
 */
export async function followNewTables(
  publisher: pg.Client,
  subscriber: pg.Client,
  name: string,
  patience: CopyPatience,
): Promise<void> {
  await publishNewTables(publisher)
  const missing = await tablesNotFollowed(subscriber, name, await publishedTables(publisher))
  await noteTables(publisher, { anew: false })
  if (missing.length === 0) return
  patience.say(`tables made since replication began are taken along: ${missing.join(', ')}`)
  await giveApplyRights(subscriber)
  await subscriber.query(`alter subscription ${subscriber.escapeIdentifier(name)} refresh publication`)
  await awaitInitialCopy(publisher, subscriber, name, patience)
  const left = await tablesNotFollowed(subscriber, name, await publishedTables(publisher))
  if (left.length > 0) throw new TablesNotPublishedError(left, sideName(patience.from))
}

/**
 * Removes what a failed first copy has made: it would keep WAL on the side that serves, and the correction may change the schema. A
 * repeated step then begins afresh. A subscription that had completed its first copy stays.
 */
export async function abandonFirstCopy(
  { app, port }: Pick<ConnectedSide, 'app' | 'port'>,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  if (!(await isFirstCopy(app, name))) return
  await dropSubscription(app, name)
  await dropDatabase(port)
  say(`what was copied into ${sideName(port)} was taken away again`)
}
