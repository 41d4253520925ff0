import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabasePort } from '../database.ts'
import type { GoesOn, OpenRestEntry, Pair, RestEntry, Serving } from '../entry/entry.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { sessionAges } from '../server/sessions.ts'
import { Console, type ConsoleAddress } from './admin.ts'
import { NoAnswerInTimeError } from '../server/errors.ts'
import type { PoolerAtRest } from './pooler.ts'
import { settleEntry } from './settle-entry.ts'
import { sameTarget, targetOf } from './target.ts'
import { unreachable } from './unreachable.ts'

/** Time within which a command that was on its way to the entry host when a run died has arrived. */
const stragglersMs = 150

/** An entry of pgbouncer for whoever reaches its console and not its host. */
export class PooledRestEntry implements RestEntry {
  readonly name: string

  constructor(private readonly pooler: PoolerAtRest) {
    this.name = pooler.name
  }

  async open({ withinMs }: { readonly withinMs?: number } = {}): Promise<OpenRestEntry> {
    const { pooler } = this
    const console = await openConsole(pooler.console, withinMs)
    return {
      close: async () => console.close(),
      leadsTo: async (pair) => leadsTo(pooler, console, pair),
      settle: async (serving: Serving, goesOn: GoesOn) => settleEntry(pooler, console, serving, goesOn),
      wentOnMsAgo: async (serving, limitMs) => oldestSessionMs(pooler, console, serving, limitMs),
    }
  }

  async settleUnreached(_pair: Pair, _serving: DatabasePort): Promise<void> {
    // The file lies on a host that is not reached from here.
  }
}

/** A frozen server accepts connections and does not answer. A connection that opens too late is closed. */
export async function openConsole(where: ConsoleAddress, withinMs?: number): Promise<Console> {
  const opening = Console.open(where)
  if (withinMs === undefined) return opening
  const console = await Promise.race([opening, sleep(withinMs, undefined, { ref: false })])
  if (console !== undefined) return console
  void opening.then(async (late) => late.close()).catch(() => undefined)
  throw unreachable(where, new NoAnswerInTimeError(withinMs))
}

/** After a reload the running pgbouncer shows what its file has. */
async function leadsTo({ name }: PoolerAtRest, console: Console, { to }: Pair): Promise<'from' | 'to'> {
  await sleep(stragglersMs)
  await console.reload()
  return sameTarget(await console.look(name), targetOf(to)) ? 'to' : 'from'
}

/** The entry had opened its oldest session on that side by the time its clients went on: a pause leaves none. */
export async function oldestSessionMs(
  { name }: PoolerAtRest,
  console: Console,
  { control }: ConnectedSide,
  limitMs: number,
): Promise<number> {
  const ages = await sessionAges(control, await console.serverPids(name))
  return Math.max(0, ...ages.filter((ageMs) => ageMs < limitMs))
}
