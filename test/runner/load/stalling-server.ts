import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that answers nothing during the first `stallMs` of every `periodMs`, then all at once. */
export async function stallingServer(
  stallMs: number,
  periodMs: number,
): Promise<{ url: string } & AsyncDisposable> {
  const startMs = performance.now()
  const server = createServer((request, response) => {
    const intoPeriodMs = (performance.now() - startMs) % periodMs
    request.resume()
    setTimeout(() => response.end('served'), Math.max(0, stallMs - intoPeriodMs))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
