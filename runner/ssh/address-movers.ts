import type { HostPort } from '../steps/kind.ts'

const programs = ['keepalived', 'ucarp', 'vrrpd', 'pacemakerd', 'corosync', 'heartbeat'] as const
const lookMs = 10_000

/**
 * The programs on a host that move addresses between it and others, which only root can: any user may give a process such a name. What an entry's address leads to is then another host's business as
 * well. https://github.com/acassen/keepalived/issues/2599
 */
export async function addressMovers(host: HostPort, signal?: AbortSignal): Promise<readonly string[]> {
  const { stdout } = await host.run(
    `for comm in $(grep -lxE '${programs.join('|')}' /proc/[0-9]*/comm 2>/dev/null); do
  [ "$(stat -c %u "$comm" 2>/dev/null)" = 0 ] && cat "$comm" 2>/dev/null
done | sort -u`,
    { timeoutMs: lookMs, ...(signal && { signal }) },
  )
  return stdout.split('\n').filter((name) => name !== '')
}
