import { setTimeout as sleep } from 'node:timers/promises'
import { freshToken, openClosedSide, readState } from '../server/control.ts'
import { linkName } from '../replication/slots.ts'
import { enableSubscription } from '../replication/subscriptions.ts'
import type { DatabasePort } from '../database.ts'
import { SwitchoverBusyError } from './errors.ts'
import { type Parts, lockPair, sameTarget, targetOf } from './parts.ts'
import type { Entry } from './plan.ts'
import { noteGapEnd } from './release.ts'
import { settleSides } from './settle.ts'

export interface Guarded {
  readonly from: DatabasePort
  readonly to: DatabasePort
  readonly entry: Pick<Entry, 'name' | 'console'>
}

const lockPatienceMs = 10_000
/** An order that was on its way to the entry host when the runner died has arrived by then. */
const stragglersMs = 150

/**
 * Ends the critical section of a run that was killed in it, without access to the entry's file: where that file points
 * after a reload decides. It is replaced only once everything but the commit point is done, so pointing at the new side
 * means that the switch can go forward, and pointing at the old one that it has to be undone. Then clients go on.
 */
export async function recover(guarded: Guarded, parts: Parts): Promise<void> {
  try {
    await lockPair(parts, lockPatienceMs, new AbortController().signal)
  } catch (error) {
    // Another run has taken over already, and does the same with more at hand.
    if (error instanceof SwitchoverBusyError) return
    throw error
  }
  await sleep(stragglersMs)
  await parts.console.reload()
  const running = await parts.console.look(guarded.entry.name)
  const serves = sameTarget(running, targetOf(guarded.to))
    ? await goForward(guarded, parts)
    : (await settleSides(guarded, parts)).serves
  // With the file pointing at one side and the other one open, clients would be refused: they wait for the next run.
  const pointsAt = sameTarget(running, targetOf(guarded.to)) ? 'to' : 'from'
  if (serves !== pointsAt) return
  await parts.console.resume(guarded.entry.name)
  await noteGapEnd(parts, {
    entry: guarded.entry.name,
    serves,
    by: 'guardian',
    wasPaused: running.paused,
  })
}

async function goForward({ to }: Guarded, parts: Parts): Promise<'from' | 'to'> {
  const [left, right] = await Promise.all([
    readState(parts.from.control, parts.from.port),
    readState(parts.to.control, to),
  ])
  if (left.state === 'open') return 'from'
  if (right.state === 'open') return 'to'
  const generation = left.generation + 1
  await enableSubscription(parts.from.app, linkName(to.database, generation))
  await openClosedSide(parts.to.control, to, right.token, freshToken('open'), generation)
  return 'to'
}
