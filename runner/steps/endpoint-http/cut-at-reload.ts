import type { Said } from '../../../domain/words/message.ts'
import type { HostPort } from '../kind.ts'
import { idleConnectionsCut } from './idle-connections.ts'
import type { ServerPlace } from './proxy-config.ts'

const askMs = 20_000

/**
 * As {@link idleConnectionsCut}, of the proxy that is there. haproxy before 2.4 waits for the next request of each connection by itself:
 * https://github.com/haproxy/haproxy/issues/1506
 */
export async function cutAtReload(
  host: HostPort,
  { configFile, ...proxy }: Pick<ServerPlace, 'proxy' | 'backend'> & { readonly configFile: string },
): Promise<Said | undefined> {
  const cut = idleConnectionsCut((await host.readFile(configFile)).toString('utf8'), proxy)
  if (cut === undefined || proxy.proxy === 'nginx') return cut
  const { stdout } = await host.run(
    'PATH="$PATH:/usr/sbin:/sbin"; haproxy -v 2>/dev/null | head -n 1; true',
    {
      timeoutMs: askMs,
    },
  )
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(stdout) ?? []
  const isOlder = major !== undefined && (Number(major) < 2 || (major === '2' && Number(minor) < 4))
  return isOlder ? undefined : cut
}
