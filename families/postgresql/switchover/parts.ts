import { setTimeout as sleep } from 'node:timers/promises'
import type { Entry, OpenEntry } from '../entry/entry.ts'
import { place } from '../place.ts'
import {
  type ConnectedSide,
  disconnectSides,
  oneRow,
  connectSide,
  ownApplicationName,
} from '../server/connections.ts'
import { serverMajor } from '../replication/subscriptions.ts'
import type { DatabasePort } from '../database.ts'
import { SwitchoverBusyError } from './errors.ts'
import type { SwitchPlan } from './plan.ts'
import { sideName } from '../side-name.ts'

/** How long a run waits for another one's lock: longer than the guardian of a killed run needs. */
export const lockPatienceMs = 15_000

/** All connections of a switch, opened before any client waits. */
export interface Parts {
  readonly from: ConnectedSide
  readonly to: ConnectedSide
  readonly entry: OpenEntry
  readonly originNone: boolean
  /** The server processes of the connections, by side. */
  readonly processes: { readonly from: readonly number[]; readonly to: readonly number[] }
}

export async function openParts(
  plan: Pick<SwitchPlan, 'from' | 'to'> & { readonly entry: Pick<Entry, 'open'> },
): Promise<Parts> {
  const opened = await Promise.allSettled([
    connectSide(plan.from, 'switchover'),
    connectSide(plan.to, 'switchover'),
    plan.entry.open(),
  ])
  const [from, to, entry] = opened
  if (from.status === 'fulfilled' && to.status === 'fulfilled' && entry.status === 'fulfilled') {
    const [one, other] = await Promise.all([serverMajor(from.value.app), serverMajor(to.value.app)])
    return {
      from: from.value,
      to: to.value,
      entry: entry.value,
      originNone: one >= 16 && other >= 16,
      processes: { from: await processesOf(from.value), to: await processesOf(to.value) },
    }
  }
  await disconnectSides(
    from.status === 'fulfilled' ? from.value : undefined,
    to.status === 'fulfilled' ? to.value : undefined,
  )
  if (entry.status === 'fulfilled') await entry.value.close()
  const failed = opened.find((one) => one.status === 'rejected')
  throw failed?.reason as Error
}

async function processesOf({ app, control }: ConnectedSide): Promise<readonly number[]> {
  const found = await Promise.all(
    [app, control].map(async (client) => oneRow<{ pid: number }>(client, 'select pg_backend_pid() as pid')),
  )
  return found.map(({ pid }) => pid)
}

/** Ends the connections of another set on the servers and waits, so that none of their statements runs later. */
export async function endOnServers(
  parts: { readonly from?: ConnectedSide; readonly to?: ConnectedSide },
  others: Parts['processes'],
): Promise<void> {
  for (const side of ['from', 'to'] as const) {
    const control = parts[side]?.control
    if (control === undefined) continue
    for (let left = 500; left > 0; left--) {
      const { rowCount } = await control.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where pid = any ($1) and application_name like '${ownApplicationName}%'`,
        [[...others[side]]],
      )
      if (rowCount === 0) break
      await sleep(5)
    }
  }
}

export async function closeParts(parts: Parts): Promise<void> {
  await Promise.all([disconnectSides(parts.from, parts.to), parts.entry.close()])
}

/**
 * Takes the lock of the pair's critical section on both servers, so that a second run meets one of the locks in either direction. The
 * locks end with the connection: a killed run leaves none, and keep-alives notice a vanished host within seconds.
 * @throws SwitchoverBusyError after `patienceMs`.
 */
export async function lockPair(
  { from, to }: Pick<Parts, 'from' | 'to'>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  const sides = [from, to].toSorted((a, b) => (place(a.port) < place(b.port) ? -1 : 1))
  for (const side of sides) await lockSide(side, deadline, signal)
}

/** Runs `work` under the pair's lock, and releases the lock before the connections close. @throws SwitchoverBusyError */
export async function withPairLock<T>(
  sides: Pick<Parts, 'from' | 'to'>,
  patienceMs: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await lockPair(sides, patienceMs, signal)
  try {
    return await work()
  } finally {
    for (const { control, port } of [sides.from, sides.to])
      await control.query('select pg_advisory_unlock(hashtext($1)::bigint)', [lockName(port)])
  }
}

const lockName = ({ database }: Pick<DatabasePort, 'database'>): string => `switchover ${database}`

/** Takes the lock on one side. @throws SwitchoverBusyError once `performance.now()` has reached `deadline` */
export async function lockSide(
  { control, port }: ConnectedSide,
  deadline: number,
  signal: AbortSignal,
): Promise<void> {
  await control.query(
    'set tcp_keepalives_idle = 3; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3',
  )
  for (;;) {
    const { got } = await oneRow<{ got: boolean }>(
      control,
      'select pg_try_advisory_lock(hashtext($1)::bigint) as got',
      [lockName(port)],
    )
    if (got) return
    signal.throwIfAborted()
    if (performance.now() > deadline) throw new SwitchoverBusyError(sideName(port))
    await sleep(50)
  }
}
