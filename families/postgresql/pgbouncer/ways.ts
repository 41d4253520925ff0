import { messageOf } from '../../../domain/errors.ts'
import type { DatabasePort } from '../database.ts'
import { place } from '../place.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { leadsTo } from '../server/same-server.ts'
import { sideName } from '../side-name.ts'
import type { Console } from './admin.ts'
import { strayServer } from './doors.ts'
import { EntryReachesElsewhereError } from './errors.ts'
import type { Pooler } from './pooler.ts'

interface Way {
  readonly entry: Pick<Pooler, 'name' | 'host'>
  readonly console: Console
  readonly say: (line: string) => void
}

/**
 * Checks that the address of a side leads to that side's server from the entry's host: the address as that host understands it, and every
 * one that a process of the pooler has found for it. Those in `asked` are known already. Returns all that are known then.
 * @throws EntryReachesElsewhereError
 */
export async function checkWay(
  { entry, console, say }: Way,
  port: DatabasePort,
  asked: ReadonlySet<string> = new Set(),
): Promise<ReadonlySet<string>> {
  const known = await console.addressesOf(port.address).catch(() => [])
  const addresses = new Set([port.address, ...known])
  for (const address of addresses) {
    if (asked.has(address)) continue
    const found = await leadsTo(entry.host, address, port)
    if (found === 'another')
      throw new EntryReachesElsewhereError(entry.name, place(port), `${address}:${String(port.port)}`)
    if (found === 'unknown')
      say(
        `whether the host of the entry reaches ${sideName(port)} could not be found out: it has no bash, nc or socat, or nothing answered in time`,
      )
  }
  return new Set([...asked, ...addresses])
}

/** The server that clients of the entry have come to after the switch, where it is not the one that serves. */
export async function comesElsewhere(
  { entry, console, say }: Way,
  serving: ConnectedSide,
): Promise<string | undefined> {
  try {
    return await strayServer(serving.app, entry.name, console)
  } catch (error) {
    say(`not all clients of the entry could be looked at: ${messageOf(error)}`)
    return undefined
  }
}
