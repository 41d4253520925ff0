import { setTimeout as sleep } from 'node:timers/promises'
import { addressesOf, isNoWayThere } from '../../../runner/ssh/addresses.ts'
import { NoAnswerInTimeError } from '../server/errors.ts'
import { type ConsoleAddress, ProcessConsole, connectTimeoutMs } from './process-console.ts'
import { unreachable } from './unreachable.ts'

/** The consoles of all processes behind one address. */
export interface FoundProcesses {
  /** At least one connection to each process. */
  readonly processes: readonly (readonly ProcessConsole[])[]
  /** Why a connection could not be opened, if one failed; a process may then be missing. */
  readonly unanswered: Error | undefined
}

const atOnce = 12
/** Number of connections in a row that found no new process. With two processes, the chance to miss one is 1 in 4 billion. */
const unmetBound = 32
const attemptBound = 256

/**
 * Finds all processes that take clients at one address, or at one of those that its name leads to: they share a port by `so_reuseport`, or
 * stand behind a balancer. A connection is routed like that of a client, and each process knows its own connections. So connections are
 * opened until no new process appears. Of each process up to `keep` connections are kept.
 * @throws PoolerUnreachableError, or the refusal, if no connection could be opened
 */
export async function findProcesses(
  where: ConsoleAddress,
  {
    known = [],
    keep,
    stragglersMs,
  }: {
    readonly known?: readonly ProcessConsole[]
    readonly keep: number
    /** Limit for further connections once one was answered; default: none. */
    readonly stragglersMs?: number
  },
): Promise<FoundProcesses> {
  let groups: ProcessConsole[][] = known.map((one) => [one])
  let unanswered: Error | undefined
  let sinceNew = 0
  let shares = false
  const addresses = await addressesOf(where.address)
  for (let opened = 0; opened < attemptBound; opened += atOnce) {
    const { consoles, failure } = await openSome({ ...where, addresses }, stragglersMs)
    unanswered ??= failure
    const before = groups.length
    groups = await grouped(groups, consoles)
    if (opened === 0 && groups.length === 0)
      throw unreachable(where, unanswered ?? new NoAnswerInTimeError(connectTimeoutMs))
    sinceNew = groups.length > before ? 0 : sinceNew + consoles.length
    groups = await keepOnly(groups, keep)
    if (opened === 0) shares = groups.length > 1 || (await sharesItsPort(groups))
    // Otherwise each further connection would wait again for what does not answer.
    if (unanswered !== undefined) break
    // A balancer that is only a port forward looks like one process.
    if (!shares && groups.length <= 1) break
    if (sinceNew >= unmetBound * groups.length && groups.every((one) => one.length >= keep)) break
  }
  return { processes: groups, unanswered }
}

async function openSome(
  { addresses, ...where }: ConsoleAddress & { readonly addresses: readonly string[] },
  stragglersMs: number | undefined,
): Promise<{ readonly consoles: readonly ProcessConsole[]; readonly failure: Error | undefined }> {
  const consoles: ProcessConsole[] = []
  const failures: Error[] = []
  let isOver = false
  const opening = Array.from({ length: atOnce }, async (_, n) => {
    try {
      const address = addresses[n % addresses.length] ?? where.address
      const console = await ProcessConsole.open({ ...where, address })
      if (isOver) await console.close()
      else consoles.push(console)
    } catch (error) {
      failures.push(asError(error))
    }
  })
  const all = Promise.all(opening)
  await (stragglersMs === undefined
    ? all
    : Promise.race([
        all,
        Promise.any(opening).then(async () => sleep(stragglersMs, undefined, { ref: false })),
      ]))
  isOver = true
  // Of an address that this machine has no way to nothing is known, if there are others.
  const unknown = consoles.length === 0 ? 0 : failures.filter(isNoWayThere).length
  const missing = atOnce - consoles.length - unknown
  const late = missing === 0 ? undefined : new NoAnswerInTimeError(stragglersMs ?? connectTimeoutMs)
  const failure = unknown === 0 ? failures[0] : failures.find((one) => !isNoWayThere(one))
  return { consoles, failure: failure ?? late }
}

/** Groups connections by process. One query for each process suffices, because it knows all its connections. */
async function grouped(
  groups: readonly (readonly ProcessConsole[])[],
  fresh: readonly ProcessConsole[],
): Promise<ProcessConsole[][]> {
  const result = groups.map((group) => [...group])
  let left = [...fresh]
  for (const group of result) {
    const [first] = group
    if (first === undefined) continue
    const same = await first.sameProcess([first, ...left])
    group.push(...(same ?? left).filter((one) => one !== first))
    left = left.filter((one) => !group.includes(one))
  }
  while (left.length > 0) {
    const [first] = left
    if (first === undefined) break
    const group = [...((await first.sameProcess(left)) ?? left)]
    result.push(group)
    left = left.filter((one) => !group.includes(one))
  }
  return result
}

async function keepOnly(groups: readonly ProcessConsole[][], keep: number): Promise<ProcessConsole[][]> {
  await Promise.all(groups.flatMap((group) => group.slice(keep)).map(async (one) => one.close()))
  return groups.map((group) => group.slice(0, keep))
}

async function sharesItsPort(groups: readonly (readonly ProcessConsole[])[]): Promise<boolean> {
  const settings = await groups[0]?.[0]?.settings()
  return settings?.get('so_reuseport') === '1'
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
