import { asRootIfAllowed } from '../ssh/root.ts'
import type { HostPort } from '../steps/kind.ts'
import { mainProcessScript } from './service-process.ts'

/** What SELinux keeps a proxy from: connections to ports that its domain has no right to. */
export interface KeptIn {
  readonly domain: string
  /** The boolean that would let it connect anywhere; it is off. */
  readonly boolean: string
  readonly port: number
  /** Unknown where the host does not tell the labels of ports. */
  readonly label?: string
  /** A denial of this connection that stands in the audit log. */
  readonly wasDenied: boolean
}

export interface ProxyPorts {
  /** Those that the proxy connects to at present. */
  readonly present: readonly number[]
  /** Those that it is to connect to. */
  readonly next: readonly number[]
}

/** Domains that are kept in, and the boolean that lets each connect to every port. Others are unconfined, or have a policy of their own. */
const booleans: Readonly<Record<string, string>> = {
  httpd_t: 'httpd_can_network_connect',
  haproxy_t: 'haproxy_connect_any',
}

const lookMs = 20_000

/**
 * Looks whether SELinux lets a proxy connect to other ports than it does at present. Addresses make no difference to it.
 * @throws the SSH error if the host cannot be reached
 */
export async function keptInBySelinux(
  host: HostPort,
  service: string,
  ports: ProxyPorts,
  signal?: AbortSignal,
): Promise<readonly KeptIn[]> {
  // Most hosts have none, and most switches keep the port.
  if (ports.next.every((port) => ports.present.includes(port))) return []
  const look = selinuxScript(mainProcessScript({ service, serviceDir: host.serviceDir, withoutRoot: true }))
  const { stdout } = await host.run(asRootIfAllowed(look), {
    timeoutMs: lookMs,
    ...(signal && { signal }),
  })
  return keptIn(stdout, ports)
}

export const selinuxScript = (
  mainProcess: string,
): string => `mode=$(getenforce 2>/dev/null || cat /sys/fs/selinux/enforce 2>/dev/null)
case $mode in Enforcing|1) ;; *) exit 0 ;; esac
${mainProcess}
[ -n "$main" ] && echo "domain $(tr -d '\\0' <"/proc/$main/attr/current" 2>/dev/null)"
for name in ${Object.values(booleans).join(' ')}; do
  echo "boolean $name $(cat "/sys/fs/selinux/booleans/$name" 2>/dev/null)"
done
semanage port -l 2>/dev/null | sed -n 's/^/port /p'
semanage permissive -l -n 2>/dev/null | sed -n 's/^/permissive /p'
grep -h 'denied.*{ name_connect }' /var/log/audit/audit.log 2>/dev/null | tail -n 200 | sed 's/^/denial /'
true`

/** Reads what {@link selinuxScript} prints; nothing where SELinux does not enforce. */
export function keptIn(printed: string, { present, next }: ProxyPorts): readonly KeptIn[] {
  const lines = printed.split('\n')
  const after = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []))
  const domain = after('domain')[0]?.trim().split(':')[2] ?? ''
  const boolean = Object.hasOwn(booleans, domain) ? booleans[domain] : undefined
  const isPermissive = after('permissive').some((line) => line.trim() === domain)
  if (boolean === undefined || isPermissive) return []
  // "1 1": the value in use, and the one that is pending.
  if (after('boolean').some((line) => new RegExp(`^${boolean} 1\\b`).test(line))) return []
  const labels = after('port').flatMap(labelledPorts)
  const labelOf = (port: number) =>
    labels
      .filter(({ first, last }) => first <= port && port <= last)
      // The narrowest range is the one that holds: unreserved_port_t is 1024-32767.
      .toSorted((one, other) => one.last - one.first - (other.last - other.first))[0]?.label
  const used = new Set(present.map(labelOf))
  return [...new Set(next)]
    .filter((port) => !present.includes(port))
    .map((port) => ({ port, label: labelOf(port) }))
    .filter(({ label }) => label === undefined || !used.has(label))
    .map(({ port, label }) => ({
      domain,
      boolean,
      port,
      ...(label !== undefined && { label }),
      wasDenied: after('denial').some(
        (line) => new RegExp(`\\bdest=${String(port)}\\b`).test(line) && line.includes(`:${domain}:`),
      ),
    }))
}

/** `http_port_t  tcp  80, 81, 9000-9010` */
function labelledPorts(
  line: string,
): readonly { readonly label: string; readonly first: number; readonly last: number }[] {
  const [, label, list = ''] = /^(\S+)\s+tcp\s+(.*)$/.exec(line) ?? []
  if (label === undefined) return []
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.trim().split('-').map(Number)
    return Number.isNaN(first) ? [] : [{ label, first, last }]
  })
}
