import type { DatabaseFacts } from './database-facts.ts'
import { sqlState } from '../server/connections.ts'
import type { Asked } from './topics.ts'

/** What stands for the digest of a file that the server may not read. */
export const unreadFile = 'unread'

/** Files of the folder where text search keeps its own; what is too large to be read at once is left out. */
const files = `
  SELECT f.name, folder.path || f.name AS path
    FROM (SELECT setting || '/tsearch_data/' AS path FROM pg_config WHERE name = 'SHAREDIR') AS folder,
         pg_ls_dir(folder.path, true, false) AS f (name), pg_stat_file(folder.path || f.name, true) AS s
   WHERE f.name !~ '[^[:alnum:]_.-]' AND NOT s.isdir AND s.size < 67108864`
const digest = (path: string) => `encode(sha256(pg_read_binary_file(${path})), 'hex')`

/** Files that dictionaries, parsers and templates of text search read on the server's host, with their digests. */
export async function searchFiles({ client, rows }: Asked): Promise<Pick<DatabaseFacts, 'searchFiles'>> {
  const found = await rows<{ name: string; path: string }>(files)
  const digests: Record<string, string> = {}
  for (const { name, path } of found) {
    await client.query('SAVEPOINT file')
    try {
      const [row] = await rows<{ digest: string }>(`SELECT ${digest('$1')} AS digest`, [path])
      digests[name] = row?.digest ?? unreadFile
    } catch (error) {
      if (sqlState(error) === undefined) throw error
      await client.query('ROLLBACK TO SAVEPOINT file')
      digests[name] = unreadFile
    }
  }
  return { searchFiles: digests }
}

const mountsQuery = `
  SELECT pg_read_file('/proc/self/mounts', 0, 1000000, true) AS mounts
   WHERE current_setting('dynamic_shared_memory_type') = 'posix'`

/** The size of /dev/shm as the server's own processes see it: a container has one of its own. Absent where it has no size, or is not used. */
export async function sharedMemory({ rows }: Asked): Promise<Pick<DatabaseFacts, 'sharedMemoryBytes'>> {
  const [found] = await rows<{ mounts: string | null }>(mountsQuery)
  const sizes = [...(found?.mounts ?? '').matchAll(/^\S+ \/dev\/shm tmpfs \S*?\bsize=(\d+)([kmg]?)/gm)]
  // The last mount lies on top.
  const [, size, unit = ''] = sizes.at(-1) ?? []
  return size === undefined ? {} : { sharedMemoryBytes: Number(size) * 1024 ** ' kmg'.indexOf(unit || ' ') }
}
