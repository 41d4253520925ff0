import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'

import { ApiClient } from '../../cli/server/api-client.ts'
import { UnreachableError } from '../../cli/command-line/errors.ts'

const never = new AbortController().signal

/** Asks a server that answers like this, with little patience. */
async function asking<T>(answer: RequestListener, ask: (api: ApiClient) => Promise<T>): Promise<T> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await ask(new ApiClient(url, () => 'token', '', never, 1_000))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('a server that takes a request and says nothing', () => {
  it('is not waited for without end, and the sentence says that the request may still be carried out', async () => {
    const asked = asking(
      () => undefined,
      (api) => api.call('listMigrations'),
    )
    await expect(asked).rejects.toThrow(UnreachableError)
    await expect(asked).rejects.toThrow('gave no answer in 1 s. It may still be carried out')
  })
})

describe('a command that no worker answers', () => {
  const pause = (api: ApiClient) =>
    api.call('pause', { params: { system: 'permit-desk' }, body: { reason: 'the audit looks at it' } })

  /** Answers that nobody answered, and after some times that it is taken. */
  function busy(times: number, keys: unknown[]): RequestListener {
    return (request, response) => {
      keys.push(request.headers['idempotency-key'])
      const late = keys.length <= times
      const problem = { status: 503, code: 'not-answered-in-time', detail: 'No worker answered in time.' }
      response.writeHead(late ? 503 : 202, { 'content-type': 'application/json' })
      response.end(JSON.stringify(late ? problem : { sequence: 7 }))
    }
  }

  it('is sent again with its key until one does', async () => {
    const keys: unknown[] = []
    expect(await asking(busy(1, keys), pause)).toEqual({ sequence: 7 })
    expect(keys).toEqual([expect.any(String), keys[0]])
  })

  it('is given up after a while, with what the server said', async () => {
    await expect(asking(busy(Infinity, []), pause)).rejects.toThrow('No worker answered in time.')
  })
})
