import { QianyunError } from '../../domain/errors.ts'
import { type Waivers, waiverFor } from '../../domain/plan/waiving.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import { addressMovers } from '../ssh/address-movers.ts'
import { type Listener, listenersOf, type Proxy } from './listeners.ts'
import { type KeptIn, keptInBySelinux, type ProxyPorts } from './selinux.ts'
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

export interface EntryToLookAt extends EntryName {
  /** The host of the proxy, by its name in the plan. */
  readonly entryName: string
  readonly proxy: Proxy
  /** The ports of the application on the two sides of the switch. */
  readonly ports: ProxyPorts
}

export interface EntryLook {
  /** Addresses of the entry's name of which nobody can say where they lead. */
  readonly unknownAddresses: readonly string[]
  /** Whether it could be seen which processes take connections on the ports of the proxy. */
  readonly processes: 'seen' | 'unseen'
}

/**
 * Looks whether the proxy that is switched is the only way to an application.
 * @throws EntryNotReadyError with everything that no waiver covers
 */
export async function assertEntryReady(entry: EntryToLookAt, waivers: Waivers): Promise<EntryLook> {
  const waiving = waiverFor(waivers)
  const { hostname } = new URL(entry.url)
  const [leads, listeners, kept, movers] = await Promise.all([
    whereNameLeads(entry),
    listenersOf(entry.entry, entry.proxy, entry.signal),
    keptInBySelinux(entry.entry, entry.proxy.service, entry.ports, entry.signal),
    addressMovers(entry.entry, entry.signal),
  ])
  const bypasses = leads.straight
    .filter(({ address }) => waiving('name-leads-past-entry', address) === undefined)
    .map(({ address, host }) =>
      said('name-leads-past-entry', { name: hostname, address, host: host.name, entry: entry.entry.name }),
    )
  const strangers = waiving('entry-port-shared', entry.entryName) === undefined ? listeners?.strangers : []
  const shared = eachProcess(strangers ?? []).map((one) =>
    said('entry-port-shared', {
      entry: entry.entry.name,
      service: entry.proxy.service,
      at: placeOf(one),
      process: processOf(one),
      object: entry.entryName,
    }),
  )
  const mayBeKeptIn = waiving('entry-kept-in', entry.entryName) !== undefined
  const mayFloat = movers.length === 0 || waiving('entry-floats', entry.entryName) !== undefined
  const floats = said('entry-floats', {
    entry: entry.entry.name,
    programs: movers,
    object: entry.entryName,
  })
  const problems = [
    ...bypasses,
    ...shared,
    ...(mayBeKeptIn ? [] : kept.map((one) => keptInSaid(entry, one))),
    ...(mayFloat ? [] : [floats]),
  ]
  if (problems.length > 0) throw new EntryNotReadyError(hostname, problems)
  return { unknownAddresses: leads.unknown, processes: listeners === undefined ? 'unseen' : 'seen' }
}

function keptInSaid({ entry, entryName, proxy }: EntryToLookAt, { label, wasDenied, ...kept }: KeptIn): Said {
  return said('entry-kept-in', {
    entry: entry.name,
    service: proxy.service,
    ...kept,
    label: label ?? said('setting-not-told'),
    ...(wasDenied && { denied: said('entry-was-denied') }),
    object: entryName,
  })
}

/** One for each process: it may take connections at several addresses. */
export function eachProcess(listeners: readonly Listener[]): readonly Listener[] {
  return [...new Map(listeners.map((one) => [one.process?.pid ?? placeOf(one), one])).values()]
}

export function placeOf({ address, port }: Listener): string {
  return address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`
}

export function processOf({ process }: Listener): Said {
  if (process === undefined) return said('process-unseen')
  const { pid, user, command, startedAtMs } = process
  // Some date(1) does not know fractions of a second, and says something else.
  const since = Number.isFinite(startedAtMs) ? new Date(startedAtMs).toISOString() : said('setting-not-told')
  return said('process-seen', { pid, user, command, since })
}
