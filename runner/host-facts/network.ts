import type { ListeningPort, Peer, ProcessFacts } from '../../domain/assessment/host-facts.ts'
import { maskSecrets } from '../../domain/secret-text.ts'
import { socketAddress, type SocketAddress } from './socket-address.ts'
import type { Sections, Topic } from './topic.ts'

const script = `
echo @@processes
ps -eo pid=,user:32=,rss=,args= 2>/dev/null || ps -o pid,user,rss,args 2>/dev/null ||
  for p in /proc/[0-9]*; do printf '%s ? 0 ' "\${p#/proc/}"; tr '\\0' ' ' < "$p/cmdline" 2>/dev/null; echo; done
for table in tcp tcp6 udp udp6; do
  echo "@@$table"
  awk '$4 == "0A" || $4 == "01" || $4 == "07" { print $2, $3, $4, $10 }' "/proc/net/$table" 2>/dev/null | head -n 20000
done
echo @@sockets
ls -l /proc/[0-9]*/fd 2>/dev/null | awk '/^\\/proc/ { split($0, part, "/"); pid = part[3] }
  / socket:\\[/ { inode = $NF; gsub(/[^0-9]/, "", inode); print pid, inode }' | head -n 20000
true`

export interface NetworkFacts {
  readonly processes: readonly ProcessFacts[]
  readonly listening: readonly ListeningPort[]
  readonly peers: readonly Peer[]
}

interface Socket {
  readonly protocol: 'tcp' | 'udp'
  readonly local: SocketAddress
  readonly remote: SocketAddress
  readonly state: 'listening' | 'established'
  readonly process: string | undefined
}

/** Processes, the ports they listen on, and who they are connected to, read from /proc. */
export function networkTopic(hostAddress: string): Topic<NetworkFacts> {
  return {
    name: 'network',
    script,
    empty: { processes: [], listening: [], peers: [] },
    // An empty answer is a failed one: every host has processes, and this connection came in by a port.
    gap: (sections) =>
      sections.lines('processes').length === 0 ||
      sections.lines('tcp').length + sections.lines('tcp6').length === 0
        ? 'processes or sockets could not be listed'
        : undefined,
    read(sections) {
      const processes = sections.lines('processes').flatMap(processOf)
      const sockets = socketsOf(sections, processes).filter(
        ({ local }) => !isNeighbour(local.address, hostAddress),
      )
      return {
        processes: processes.slice(0, 500),
        listening: listeningOf(sockets),
        peers: peersOf(sockets, hostAddress),
      }
    },
  }
}

function processOf(line: string): ProcessFacts[] {
  const [, pid, user, rss, unit, args] = /^\s*(\d+)\s+(\S+)\s+(\d+)([mg]?)\s+(.*)$/.exec(line) ?? []
  // Kernel threads have their names in brackets, processes without arguments too: neither serves anybody.
  if (pid === undefined || user === undefined || args === undefined || /^\[|^$/.test(args)) return []
  // busybox shortens large sizes: 19m.
  const memoryBytes = Number(rss) * 1024 ** (unit === 'g' ? 3 : unit === 'm' ? 2 : 1)
  const command = maskSecrets(args.slice(0, 2000)).slice(0, 300)
  return [{ pid: Number(pid), user, ...(memoryBytes > 0 && { memoryBytes }), command }]
}

function socketsOf(sections: Sections, processes: readonly ProcessFacts[]): Socket[] {
  const pidOf = new Map<string, number>()
  for (const line of sections.lines('sockets')) {
    const [pid, inode] = line.split(' ')
    if (pid !== undefined && inode !== undefined) pidOf.set(inode, Number(pid))
  }
  const nameOf = new Map(processes.map(({ pid, command }) => [pid, programOf(command)]))
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((table) =>
    sections.lines(table).flatMap((line): Socket[] => {
      const [local = '', remote = '', state = '', inode = ''] = line.split(' ')
      const pid = pidOf.get(inode)
      const protocol = table.startsWith('tcp') ? 'tcp' : 'udp'
      const remoteEnd = socketAddress(remote)
      // UDP has no listening state: a socket without a peer accepts datagrams from anybody.
      const listens = protocol === 'tcp' ? state === '0A' : state === '07' && remoteEnd.port === 0
      if (!listens && state !== '01') return []
      return [
        {
          protocol,
          local: socketAddress(local),
          remote: remoteEnd,
          state: listens ? 'listening' : 'established',
          process: pid === undefined ? undefined : nameOf.get(pid),
        },
      ]
    }),
  )
}

/** Several hosts may share one machine on loopback addresses: a socket bound to another host's address is not this host's. */
function isNeighbour(address: string, hostAddress: string): boolean {
  return isLoopback(address) && !isOwnLoopback(address) && address !== hostAddress
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

function isOwnLoopback(address: string): boolean {
  return address === '127.0.0.1' || address === '::1'
}

function programOf(command: string): string {
  const [first = ''] = command.split(' ')
  return first.replace(/:$/, '').split('/').at(-1) ?? first
}

function listeningOf(sockets: readonly Socket[]): ListeningPort[] {
  const found = new Map<string, ListeningPort>()
  for (const { protocol, local, state, process } of sockets) {
    if (state !== 'listening') continue
    found.set(`${protocol} ${local.address} ${local.port}`, {
      protocol,
      ...local,
      ...(process && { process }),
    })
  }
  return [...found.values()].sort((a, b) => a.port - b.port).slice(0, 300)
}

/** Connections inside the host, over 127.0.0.1, are no dependencies; the processes of other hosts on the machine are hidden. */
function peersOf(sockets: readonly Socket[], hostAddress: string): Peer[] {
  const served = new Set(sockets.flatMap(({ state, local }) => (state === 'listening' ? [local.port] : [])))
  const found = new Map<string, Peer>()
  for (const { protocol, local, remote, state, process } of sockets) {
    const inside =
      isLoopback(local.address) &&
      local.address !== hostAddress &&
      (isOwnLoopback(remote.address) || process === undefined)
    if (protocol !== 'tcp' || state !== 'established' || inside || remote.address === local.address) continue
    const direction = served.has(local.port) ? 'in' : 'out'
    // Clients come from a new port each time: they are counted by their address.
    const port = direction === 'in' ? 0 : remote.port
    const key = `${direction} ${remote.address} ${port} ${direction === 'in' ? local.port : ''}`
    const known = found.get(key)
    found.set(key, {
      address: remote.address,
      port,
      direction,
      ...(direction === 'in' && { localPort: local.port }),
      ...((known?.process ?? process) !== undefined && { process: known?.process ?? process ?? '' }),
      connections: (known?.connections ?? 0) + 1,
    })
  }
  return [...found.values()].sort((a, b) => b.connections - a.connections).slice(0, 300)
}
