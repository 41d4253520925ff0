import type { OpenRestEntry, RestEntry } from '../entry/entry.ts'
import { place } from '../place.ts'
import { type ConnectedSide, disconnectSides, connectSideWithin } from '../server/connections.ts'
import type { DatabasePort } from '../database.ts'
import { lockSide } from './parts.ts'

/** The connections for bringing a pair to rest: each part that answers, and why the others do not. */
export interface Reached {
  readonly from?: ConnectedSide
  readonly to?: ConnectedSide
  readonly entry?: OpenRestEntry
  readonly failures: Partial<Record<'from' | 'to' | 'entry', Error>>
}

/** Opens connections to what answers in time. `statementMs` limits statements on the servers too, so that no lock stops them. */
export async function reach(
  pair: { readonly from: DatabasePort; readonly to: DatabasePort; readonly entry?: RestEntry },
  { withinMs, statementMs }: { readonly withinMs: number; readonly statementMs: number },
): Promise<Reached> {
  const side = async (port: DatabasePort): Promise<ConnectedSide> => {
    const opened = await connectSideWithin(port, 'settle', withinMs)
    const bounds = `set statement_timeout = ${statementMs}; set lock_timeout = ${statementMs}`
    await Promise.all([opened.app.query(bounds), opened.control.query(bounds)])
    return opened
  }
  const [from, to, entry] = await Promise.allSettled([
    side(pair.from),
    side(pair.to),
    Promise.resolve(pair.entry?.open({ withinMs })),
  ])
  return {
    ...(from.status === 'fulfilled' && { from: from.value }),
    ...(to.status === 'fulfilled' && { to: to.value }),
    ...(entry.status === 'fulfilled' && entry.value && { entry: entry.value }),
    failures: {
      ...(from.status === 'rejected' && { from: from.reason as Error }),
      ...(to.status === 'rejected' && { to: to.reason as Error }),
      ...(entry.status === 'rejected' && { entry: entry.reason as Error }),
    },
  }
}

export async function letGo({ from, to, entry }: Reached): Promise<void> {
  await Promise.all([disconnectSides(from, to), entry?.close()])
}

/** Takes the locks of the sides that answer, in the order that every run uses. @throws SwitchoverBusyError */
export async function lockReached(
  { from, to }: Reached,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  const sides = [from, to].filter((side) => side !== undefined)
  for (const side of sides.toSorted((a, b) => (place(a.port) < place(b.port) ? -1 : 1)))
    await lockSide(side, deadline, signal)
}
