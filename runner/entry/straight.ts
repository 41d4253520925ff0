import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { urlPort } from '../../domain/http-address.ts'
import { socketAddress } from '../host-facts/socket-address.ts'
import { addressesOfUrl } from '../http/each-address.ts'
import { addressesOf } from '../ssh/addresses.ts'
import type { HostPort } from '../steps/kind.ts'

/** An application behind an entry: the host it lies on, and where it is reached without the entry. */
export interface BehindEntry {
  readonly host: HostPort
  readonly address: string
  readonly port: number
}

export interface EntryName {
  readonly url: string
  /** The host of the proxy. */
  readonly entry: HostPort
  readonly behind: readonly BehindEntry[]
  readonly signal?: AbortSignal | undefined
}

export interface NameLeads {
  /** Addresses of the name that lead past the proxy to the host of an application. */
  readonly straight: readonly { readonly address: string; readonly host: HostPort }[]
  /** Addresses of the name at which neither the proxy's host nor one of an application was seen. */
  readonly unknown: readonly string[]
}

/** What a host shows of connections that are held open to an address, and of its own addresses. */
interface View {
  readonly own: readonly string[]
  /** The far ends it sees with one of the local ports that were asked for. */
  readonly peers: readonly { readonly address: string; readonly port: number }[]
}

/** Several, because another client may come from the same port once. */
const heldEach = 4
const connectMs = 3_000
const lookMs = 10_000

/**
 * Finds out which addresses of an entry's name lead past its proxy, as this machine resolves the name: a connection that is held open there is
 * seen on the host where it ends, also behind address translation; and a host knows its own addresses.
 * @throws the SSH error if the proxy's host cannot be looked at; of other hosts nothing is known then
 */
export async function whereNameLeads({ url, entry, behind, signal }: EntryName): Promise<NameLeads> {
  const entryPort = urlPort(new URL(url))
  const addresses = await addressesOfUrl(url)
  const held = new Map<string, readonly Socket[]>()
  try {
    await Promise.all(addresses.map(async (address) => held.set(address, await hold(address, entryPort))))
    const ports = [...held.values()].flat().flatMap(({ localPort }) => localPort ?? [])
    const hosts = [...new Set(behind.map(({ host }) => host))]
    const [front, ...views] = await Promise.all([
      viewOf(entry, ports, signal),
      ...hosts.map(async (host) => viewOf(host, ports, signal).catch(() => undefined)),
    ])
    const named = await Promise.all(
      behind.map(async (one) => ({
        ...one,
        addresses: await addressesOf(one.address.replace(/^\[(.*)\]$/, '$1')),
      })),
    )
    const straight: { address: string; host: HostPort }[] = []
    const unknown: string[] = []
    for (const address of addresses) {
      const sockets = held.get(address) ?? []
      const byPlan = named.find((one) => one.port === entryPort && one.addresses.includes(address))?.host
      const isFront = endsAt(front, sockets)
      const other = hosts.find((_, n) => endsAt(views[n], sockets) || isOnly(address, views[n], front))
      const host = byPlan ?? (isFront ? undefined : other)
      if (host !== undefined) straight.push({ address, host })
      else if (!isFront && !front.own.includes(address)) unknown.push(address)
    }
    return { straight, unknown }
  } finally {
    for (const socket of [...held.values()].flat()) socket.destroy()
  }
}

function isOnly(address: string, view: View | undefined, front: View): boolean {
  return view?.own.includes(address) === true && front.own.length > 0 && !front.own.includes(address)
}

/** Whether all the connections end there: from one address, whichever it was translated to. */
function endsAt(view: View | undefined, sockets: readonly Socket[]): boolean {
  if (view === undefined || sockets.length === 0) return false
  const from = new Set(view.peers.map((peer) => peer.address))
  return [...from].some((address) =>
    sockets.every(({ localPort }) =>
      view.peers.some((peer) => peer.address === address && peer.port === localPort),
    ),
  )
}

/** Connections to an address; none where it does not take them. */
async function hold(host: string, port: number): Promise<readonly Socket[]> {
  const all = await Promise.all(
    Array.from({ length: heldEach }, async () => {
      const socket = connect({ host, port })
      // What the far end does to it later is nobody's concern.
      socket.on('error', () => undefined)
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) })
        return [socket]
      } catch {
        socket.destroy()
        return []
      }
    }),
  )
  const sockets = all.flat()
  if (sockets.length === heldEach) return sockets
  for (const socket of sockets) socket.destroy()
  return []
}

async function viewOf(host: HostPort, ports: readonly number[], signal?: AbortSignal): Promise<View> {
  const hexes = ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0'))
  const { stdout } = await host.run(
    `{ ip -o addr show scope global 2>/dev/null || hostname -I 2>/dev/null | tr ' ' '\\n' | sed 's/^/- - - /'; } |
  awk '$4 != "" { sub("/.*", "", $4); print "own", $4 }'
awk '($4 == "01" || $4 == "03") && $3 ~ /:(${hexes.join('|')})$/ { print "peer", $3 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
true`,
    { timeoutMs: lookMs, ...(signal && { signal }) },
  )
  const words = stdout.split('\n').map((line) => line.split(' '))
  const valuesOf = (word: string) => words.flatMap(([what, value = '']) => (what === word ? [value] : []))
  return { own: valuesOf('own'), peers: valuesOf('peer').map(socketAddress) }
}
