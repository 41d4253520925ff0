import { setTimeout as sleep } from 'node:timers/promises'
import { Console, type ConsoleAddress } from '../pgbouncer/admin.ts'
import { NoAnswerInTimeError } from '../pgbouncer/errors.ts'
import { unreachable } from '../pgbouncer/unreachable.ts'
import { type ConnectedSide, disconnectSides, connectSideWithin } from '../server/connections.ts'
import type { DatabasePort } from '../database.ts'
import { lockSide, place } from './parts.ts'
import type { Entry } from './plan.ts'

/** The connections for bringing a pair to rest: each part that answers, and why the others do not. */
export interface Reached {
  readonly from?: ConnectedSide
  readonly to?: ConnectedSide
  readonly console?: Console
  readonly failures: Partial<Record<'from' | 'to' | 'console', Error>>
}

/** Opens connections to what answers in time. `statementMs` limits statements on the servers too, so that no lock stops them. */
export async function reach(
  pair: { readonly from: DatabasePort; readonly to: DatabasePort; readonly entry?: Pick<Entry, 'console'> },
  { withinMs, statementMs }: { readonly withinMs: number; readonly statementMs: number },
): Promise<Reached> {
  const side = async (port: DatabasePort): Promise<ConnectedSide> => {
    const opened = await connectSideWithin(port, 'settle', withinMs)
    const bounds = `set statement_timeout = ${statementMs}; set lock_timeout = ${statementMs}`
    await Promise.all([opened.app.query(bounds), opened.control.query(bounds)])
    return opened
  }
  const [from, to, console] = await Promise.allSettled([
    side(pair.from),
    side(pair.to),
    pair.entry === undefined ? Promise.resolve(undefined) : consoleWithin(pair.entry.console, withinMs),
  ])
  return {
    ...(from.status === 'fulfilled' && { from: from.value }),
    ...(to.status === 'fulfilled' && { to: to.value }),
    ...(console.status === 'fulfilled' && console.value && { console: console.value }),
    failures: {
      ...(from.status === 'rejected' && { from: from.reason as Error }),
      ...(to.status === 'rejected' && { to: to.reason as Error }),
      ...(console.status === 'rejected' && { console: console.reason as Error }),
    },
  }
}

/** A frozen server accepts connections and does not answer. A connection that opens too late is closed. */
async function consoleWithin(where: ConsoleAddress, withinMs: number): Promise<Console> {
  const opening = Console.open(where)
  const console = await Promise.race([opening, sleep(withinMs, undefined, { ref: false })])
  if (console !== undefined) return console
  void opening.then(async (late) => late.close()).catch(() => undefined)
  throw unreachable(where, new NoAnswerInTimeError(withinMs))
}

export async function letGo({ from, to, console }: Reached): Promise<void> {
  await Promise.all([disconnectSides(from, to), console?.close()])
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
