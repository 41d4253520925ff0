import { socketAddress, type SocketAddress } from '../host-facts/socket-address.ts'
import { quote } from '../ssh/quote.ts'
import { asRootIfAllowed } from '../ssh/root.ts'
import type { HostPort } from '../steps/kind.ts'
import { mainProcessScript } from './service-process.ts'

/** A process that takes connections on ports of a proxy. */
export interface Listener {
  /** Absent where nobody may see whose the socket is. */
  readonly process?: {
    readonly pid: number
    readonly user: string
    readonly command: string
    /** By the clock of the host. */
    readonly startedAtMs: number
  }
  readonly address: string
  readonly port: number
}

export interface ProxyListeners {
  /** Of the proxy's own service, but for its first process, which only hands sockets on. */
  readonly workers: readonly Listener[]
  /** Processes that are not of the service, and take connections that are meant for it. */
  readonly strangers: readonly Listener[]
  /** When the configuration was put in place, by the clock of the host. */
  readonly configuredAtMs: number
}

export interface Proxy {
  readonly service: string
  readonly configFile: string
}

const lookMs = 20_000
const ticksPerSecond = 100

/**
 * Looks who takes connections on the ports of a proxy; undefined where the processes of its service cannot be looked at.
 * @throws the SSH error if the host cannot be reached
 */
export async function listenersOf(
  host: HostPort,
  proxy: Proxy,
  signal?: AbortSignal,
): Promise<ProxyListeners | undefined> {
  const { stdout } = await host.run(script(host, proxy), { timeoutMs: lookMs, ...(signal && { signal }) })
  const lines = stdout.split('\n').map((line) => line.split(' '))
  const rowsOf = (what: string) => lines.filter(([word]) => word === what).map(([, ...row]) => row)
  const [[now = '', uptime = '', configured = '', main = ''] = []] = rowsOf('at')
  const tree = new Set(rowsOf('tree').map(([pid = '']) => pid))
  const sockets = rowsOf('listen').map(([local = '', inode = '']) => ({ inode, ...socketAddress(local) }))
  const holders = rowsOf('holds').map(([pid = '', inode = '']) => ({ pid, inode }))
  const processes = new Map(rowsOf('process').map(([pid = '', ...row]) => [pid, row]))
  const ofService = (inode: string) => holders.some((one) => one.inode === inode && tree.has(one.pid))
  const own = sockets.filter(({ inode }) => ofService(inode))
  if (own.length === 0) return undefined
  const listener = (socket: SocketAddress, pid?: string): Listener => {
    const { address, port } = socket
    const [user = '', comm, started = '', ...command] =
      (pid === undefined ? undefined : processes.get(pid)) ?? []
    if (pid === undefined || comm === undefined) return { address, port }
    const startedAtMs = (Number(now) - Number(uptime) + Number(started) / ticksPerSecond) * 1000
    return { address, port, process: { pid: Number(pid), user, command: command.join(' '), startedAtMs } }
  }
  const nameOf = (pid: string) => processes.get(pid)?.[1]
  const foreign = sockets
    .filter(({ inode, ...socket }) => !ofService(inode) && takesFrom(socket, own))
    .map((socket) => listener(socket, holders.find(({ inode }) => inode === socket.inode)?.pid))
  // A socket that was handed on: by a process of before, which may still take connections, or by what starts services, which does not.
  const shared = own.flatMap((socket) =>
    holders
      .filter(({ inode, pid }) => inode === socket.inode && !tree.has(pid) && nameOf(pid) === nameOf(main))
      .map(({ pid }) => listener(socket, pid)),
  )
  const workers = own.flatMap((socket) =>
    holders
      .filter(({ inode, pid }) => inode === socket.inode && tree.has(pid) && pid !== main)
      .map(({ pid }) => listener(socket, pid)),
  )
  return { workers, strangers: [...foreign, ...shared], configuredAtMs: Number(configured) * 1000 }
}

/** Whether connections that are meant for the proxy may come to this socket: on its port, at one of its addresses. */
function takesFrom({ address, port }: SocketAddress, own: readonly SocketAddress[]): boolean {
  const same = own.filter((one) => one.port === port)
  if (same.some((one) => one.address === address)) return true
  if (isAny(address)) return same.some((one) => !isLoopback(one.address))
  return !isLoopback(address) && same.some((one) => isAny(one.address))
}

const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::'
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

/** Root sees whose every socket is; another user sees that of his own processes. */
function script(host: HostPort, { service, configFile }: Proxy): string {
  const look = `${mainProcessScript({ service, serviceDir: host.serviceDir, withoutRoot: true })}
[ -n "$main" ] && [ -r "/proc/$main/stat" ] || exit 0
echo at $(date +%s.%N) $(cut -d ' ' -f 1 /proc/uptime) $(stat -L -c %.9Y -- ${quote(configFile)} || echo 0) "$main"
cat /proc/[0-9]*/stat 2>/dev/null | sed -n 's/^\\([0-9]*\\) (.*) [A-Zt] \\([0-9]*\\) .*/\\1 \\2/p' |
  awk -v main="$main" '{ of[$1] = $2 } END { for (pid in of) { up = pid; n = 0
    while (up != main && (up in of) && n++ < 64) up = of[up]
    if (up == main) print "tree", pid } }'
listening=$(awk '$4 == "0A" { print "listen", $2, $10 }' "/proc/$main/net/tcp" "/proc/$main/net/tcp6" 2>/dev/null)
echo "$listening"
holds=$(ls -l /proc/[0-9]*/fd 2>/dev/null | awk -v listening="$listening" '
  BEGIN { n = split(listening, word, /[ \\n]/); for (i = 3; i <= n; i += 3) is[word[i]] = 1 }
  /^\\/proc/ { split($0, part, "/"); pid = part[3] }
  / socket:\\[/ { inode = $NF; gsub(/[^0-9]/, "", inode); if (inode in is) print "holds", pid, inode }' | sort -u)
echo "$holds"
# A command line may hold stars.
set -f
for pid in $(echo "$holds" | cut -d ' ' -f 2 | sort -u); do
  started=$(sed -n 's/^.*) [A-Zt] //p' "/proc/$pid/stat" 2>/dev/null | cut -d ' ' -f 19)
  echo process "$pid" $(stat -c %U "/proc/$pid" 2>/dev/null || echo '?') $(tr ' ' '_' <"/proc/$pid/comm" 2>/dev/null || echo '?') "\${started:-0}" $(tr '\\0\\n' '  ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c 1-200)
done
true`
  return asRootIfAllowed(look)
}
