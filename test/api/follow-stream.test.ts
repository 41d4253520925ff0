import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from '@jest/globals'

import { followStream } from '../../api/contract/follow-stream.mjs'
import { serveHttp } from '../support/http-server.ts'

/** What a follower is told while the server sends what `serve` sends on each connection, one after the other. */
async function told(
  count: number,
  silenceMs: number,
  ...serve: readonly ((response: ServerResponse) => Promise<void>)[]
): Promise<string[]> {
  let connections = 0
  await using server = await serveHttp((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    void serve[connections++]?.(response)
  })
  const ending = new AbortController()
  const states: string[] = []
  const stream = followStream({
    open: async () => (await fetch(server.url, { signal: ending.signal })).body,
    isLoss: () => true,
    signal: ending.signal,
    silenceMs,
    rest: () => sleep(1),
  })
  for await (const { state } of stream) {
    states.push(state)
    if (states.length === count) break
  }
  ending.abort()
  return states
}

const event = Buffer.from('id: 7\ndata: {"migration":"许可"}\n\n')

describe('a followed stream', () => {
  it('tells once of an event that comes in pieces, however they are cut', async () => {
    const states = await told(3, 5_000, async (response) => {
      for (const byte of event) {
        response.write(Buffer.from([byte]))
        await sleep(2)
      }
      response.end()
    })
    expect(states).toEqual(['live', 'live', 'lost'])
  })

  it('tells nothing of heartbeats, and once of events that come together', async () => {
    const states = await told(3, 5_000, async (response) => {
      response.write('retry: 1000\n\n')
      await sleep(30)
      response.write(': still here\n\n')
      await sleep(30)
      response.end(Buffer.concat([event, event, event]))
    })
    expect(states).toEqual(['live', 'live', 'lost'])
  })

  it('is connected again after its end, and after a silence that is too long', async () => {
    const states = await told(
      4,
      100,
      async (response) => void response.end(),
      async () => undefined,
    )
    expect(states).toEqual(['live', 'lost', 'live', 'lost'])
  })

  it('ends with what is no loss', async () => {
    const refused = new Error('the token is no longer valid')
    const stream = followStream({
      open: () => Promise.reject(refused),
      isLoss: (error) => error !== refused,
      signal: new AbortController().signal,
      silenceMs: 1_000,
    })
    await expect(stream.next()).rejects.toBe(refused)
  })
})
