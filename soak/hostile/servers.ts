import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestServers, type TestServerAnswers } from '../../test/support/servers/test-servers.ts'
import type { HostileServers } from './room.ts'

/** Starts PostgreSQL and Temporal for a soak of its own. Gives what ends them, too. */
export async function hostileServers(): Promise<{
  readonly servers: HostileServers
  readonly stop: () => Promise<void>
}> {
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-soak-'))
  // PostgreSQL runs as a user of its own.
  chmodSync(folder, 0o711)
  const running = new TestServers(folder)
  const ask = async <Name extends keyof TestServerAnswers>(name: Name) =>
    (await running.ask(name)) as TestServerAnswers[Name]
  const [database, temporal, bundle] = await Promise.all([ask('template'), ask('temporal'), ask('bundle')])
  return {
    servers: { database, temporal, bundle },
    stop: async () => {
      await running.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
