import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import type { TestServerAnswers } from './servers/test-servers.ts'

/** Gives what a test needs to know of a shared server, which is started when nobody asked before. */
export async function askServers<Name extends keyof TestServerAnswers>(
  name: Name,
): Promise<TestServerAnswers[Name]> {
  const socketPath = process.env['QIANYUN_TEST_SERVERS']
  if (socketPath === undefined)
    throw new Error('The test servers are started by jest: run the file with jest')
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      return (await get(socketPath, name)) as TestServerAnswers[Name]
    } catch (error) {
      // The process that listens starts at the same time as jest does.
      const absent =
        error instanceof Error && 'code' in error && /ENOENT|ECONNREFUSED/.test(String(error.code))
      if (!absent || Date.now() > deadline) throw error
      await sleep(100)
    }
  }
}

function get(socketPath: string, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // A connection kept from an earlier question may have been closed by the other side meanwhile.
    const asking = request({ socketPath, path: `/${name}`, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text))
        else reject(new Error(text))
      })
    })
    asking.on('error', reject)
    asking.end()
  })
}
