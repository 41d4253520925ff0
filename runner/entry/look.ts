import { QianyunError } from '../../domain/errors.ts'
import { type Waivers, waiverFor } from '../../domain/plan/waiving.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import { type EntryName, whereNameLeads } from './straight.ts'

/** Thrown when a switch at an entry would leave users with the side that is left, or with nobody. */
export class EntryNotReadyError extends QianyunError {
  override name = 'EntryNotReadyError'
  readonly code = 'entry-not-ready'

  constructor(
    readonly entry: string,
    readonly problems: readonly Said[],
  ) {
    super(said('entry-not-ready', { name: entry, problems }))
  }
}

export interface EntryLook {
  /** Addresses of the entry's name of which nobody can say where they lead. */
  readonly unknownAddresses: readonly string[]
}

/**
 * Looks whether the entry of an application is the only way to it.
 * @throws EntryNotReadyError with everything that no waiver covers
 */
export async function assertEntryReady(entry: EntryName, waivers: Waivers): Promise<EntryLook> {
  const waiving = waiverFor(waivers)
  const { hostname } = new URL(entry.url)
  const { straight, unknown } = await whereNameLeads(entry)
  const problems = straight
    .filter(({ address }) => waiving('entry-bypassed', address) === undefined)
    .map(({ address, host }) =>
      said('entry-bypassed', { name: hostname, address, host: host.name, entry: entry.entry.name }),
    )
  if (problems.length > 0) throw new EntryNotReadyError(hostname, problems)
  return { unknownAddresses: unknown }
}
