import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { ApplyFailsError } from './errors.ts'
import { endClient, openClient } from '../server/connections.ts'
import { sideName } from '../side-name.ts'
import { FailureCount } from './failure-count.ts'
import { findSubscription } from './subscriptions.ts'

const lookEveryMs = 500
/** Servers before 15 count no errors: a worker that ends again and again may be one whose publisher restarts. */
const uncountedMs = 60_000

/**
 * Runs `work` with a signal that fires with the caller's, and when the worker of a subscription fails at the same changes repeatedly.
 * @throws ApplyFailsError
 */
export async function whileApplying<T>(
  port: DatabasePort,
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const client = await openClient(port, 'apply-watch')
  const fails = new AbortController()
  const done = new AbortController()
  try {
    void keepLooking(client, port, name, done.signal).catch((error: unknown) => {
      if (error instanceof ApplyFailsError) fails.abort(error)
    })
    return await work(AbortSignal.any([signal, fails.signal]))
  } finally {
    done.abort()
    await endClient(client)
  }
}

async function keepLooking(
  client: pg.Client,
  port: DatabasePort,
  name: string,
  done: AbortSignal,
): Promise<void> {
  const failures = new FailureCount()
  for (;;) {
    await sleep(lookEveryMs, undefined, { signal: done })
    const found = await findSubscription(client, name)
    const errors = found?.applyErrors
    failures.see(errors, 0, found?.enabled === true && !found.applyRunning)
    if (!failures.areMany || (typeof errors !== 'number' && failures.forMs < uncountedMs)) continue
    const conflicts = await conflictsOf(client, name)
    throw new ApplyFailsError(sideName(port), failures.count, Math.round(failures.forMs), conflicts)
  }
}

/** The kinds of conflicts that servers count since PostgreSQL 18. */
async function conflictsOf(client: pg.Client, name: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ kind: string }>(
    `select substr(key, 7) as kind from pg_stat_subscription_stats s, jsonb_each_text(to_jsonb(s))
      where s.subname = $1 and key like 'confl\\_%' and value <> '0' order by 1`,
    [name],
  )
  return rows.map(({ kind }) => kind.replaceAll('_', ' '))
}
