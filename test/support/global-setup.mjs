import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Starts the process that brings up the test servers. It starts each when the first test asks for it, so that tests
 * of pure rules wait for nothing; and it ends them when its standard input closes, so that a killed jest leaves nothing.
 */
export default function globalSetup() {
  const socket = join(mkdtempSync(join(tmpdir(), 'qianyun-test-')), 'servers.sock')
  const main = join(import.meta.dirname, 'servers', 'main.ts')
  const servers = spawn(process.execPath, ['--import', 'tsx', main, socket], {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: ['pipe', 'ignore', 'inherit'],
    // Ctrl-C goes to jest, which then closes the input; the servers are ended in order.
    detached: true,
  })
  process.env.QIANYUN_TEST_SERVERS = socket
  globalThis.qianyunTestServers = servers
}
