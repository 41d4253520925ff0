import { quote } from '../../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../../runner/steps/kind.ts'
import { TooFewInodesError } from './errors.ts'
import type { PassStats, SyncFilesParams } from './params.ts'

interface Hosts {
  readonly host: (name: string) => HostPort
  readonly signal: AbortSignal
}

/** How many more entries the file system of a place takes; undefined where it sets no limit, or does not tell. */
export async function freeInodes(
  host: HostPort,
  path: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  // The nearest folder that is there says on which file system the others will be made.
  const { stdout } = await host.run(
    `place=${quote(path)}
while [ ! -e "$place" ] && [ -n "$place" ]; do place=\${place%/*}; done
stat -f -c '%c %d' "\${place:-/}" 2>/dev/null || echo 0 0`,
    { signal },
  )
  const [total = 0, free = 0] = stdout.trim().split(' ').map(Number)
  return total > 0 ? free : undefined
}

/** Refuses a first pass for which the file system at `to` has too few inodes. @throws TooFewInodesError */
export async function assertInodes(
  { from, to }: SyncFilesParams,
  { created = 0 }: PassStats,
  { host, signal }: Hosts,
): Promise<void> {
  if (created === 0) return
  const free = await freeInodes(host(to.host), to.path, signal)
  if (free === undefined || created <= free) return
  // Names of one file are entries of their own to rsync, and take one inode.
  const { stdout } = await host(from.host).run(
    `cd ${quote(from.path)} && find . -type f -links +1 -printf '%D:%i\\n' | sort | uniq -d -c | awk '{ more += $1 - 1 } END { print more + 0 }'`,
    { signal },
  )
  const needed = created - Number(stdout)
  if (needed > free) throw new TooFewInodesError(host(to.host).name, to.path, needed, free)
}
