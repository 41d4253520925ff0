import { rmSync, chmodSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'

import { TestServers } from './test-servers.ts'

/** Answers `GET /<server>` on a Unix socket with what a test needs to know of it, started by the first who asks. */
const socketPath = process.argv[2]
if (socketPath === undefined) throw new Error('usage: main.ts <socket>')

const folder = dirname(socketPath)
chmodSync(folder, 0o711)
const servers = new TestServers(folder)

const http = createServer((request, response) => {
  servers.ask(request.url?.slice(1) ?? '').then(
    (answer) => response.end(JSON.stringify(answer)),
    (error: unknown) => {
      response.statusCode = 500
      response.end(error instanceof Error ? error.message : String(error))
    },
  )
})
http.listen(socketPath)

process.stdin.resume()
process.stdin.once('close', () => {
  http.close()
  void servers
    .stop()
    .finally(() => rmSync(folder, { recursive: true, force: true }))
    .finally(() => process.exit())
})
