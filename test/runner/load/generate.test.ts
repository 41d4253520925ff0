import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { evaluateLoadGates } from '../../../domain/move/rules/gates.ts'
import { loadTest } from '../../../runner/load/compare.ts'
import { generateLoad } from '../../../runner/load/generate.ts'
import { mixOf, type LoadProfile, type LoadRequest } from '../../../runner/load/profile.ts'
import { summaryOf } from '../../../runner/load/tally.ts'
import { stallingServer } from './stalling-server.ts'

const read: LoadRequest = { name: 'read', method: 'GET', path: '/', weight: 1 }
const profile: LoadProfile = {
  ratePerSecond: 100,
  seconds: 1,
  warmupSeconds: 0,
  timeoutMs: 2000,
  maxInFlight: 1000,
  requests: [read],
}
const patient = { repeats: 1, maxGeneratorLagMs: 10_000, spareRuns: 0 }
const gates = {
  maxFailedShare: 0.001,
  maxP95Ratio: 1.25,
  p95FloorMs: 50,
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('generateLoad', () => {
  it('shows a stall of one second in four, which a generator that waits for answers hides', async () => {
    await using server = await stallingServer(1000, 4000)
    const run = await generateLoad(
      { name: 'stalls', url: server.url },
      { ...profile, seconds: 8, timeoutMs: 10_000 },
    )
    const latency = summaryOf(run.latencyUs)
    expect(run.requests).toBe(800)
    expect(Object.fromEntries(run.errors)).toEqual({})
    expect(latency.p99).toBeGreaterThan(800)
    expect(latency.p50).toBeLessThan(latency.p99 / 4)
  }, 20_000)

  it('sends every request that is due and leaves the warm-up out of the count', async () => {
    let received = 0
    const url = await serve((_request, response) => {
      received += 1
      response.end()
    })
    const run = await generateLoad({ name: 'all', url }, { ...profile, warmupSeconds: 0.5 })
    expect(received).toBe(150)
    expect(run.requests).toBe(100)
  })

  it('sorts failures by class and counts status codes', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/broken') response.writeHead(503).end()
      else if (request.url === '/reset') request.socket.destroy()
      else if (request.url === '/other') response.end('something else')
      else if (request.url === '/silent') request.resume()
      else response.end('served')
    })
    const kind = (name: string): LoadRequest => ({ ...read, name, path: `/${name}`, contains: 'served' })
    const requests = ['fine', 'broken', 'reset', 'other', 'silent'].map(kind)
    const run = await generateLoad({ name: 'failing', url }, { ...profile, requests, timeoutMs: 4000 })
    expect(Object.fromEntries(run.errors)).toEqual({
      'wrong-status': 20,
      reset: 20,
      'wrong-body': 20,
      timeout: 20,
    })
    expect(run.byStatus.get('503')).toBe(20)
    expect(run.byRequest.get('fine')).toMatchObject({ requests: 20, failed: 0 })
  })

  it('counts a target nobody listens on as refused connections', async () => {
    const run = await generateLoad(
      { name: 'nobody', url: 'http://127.0.0.1:9' },
      { ...profile, seconds: 0.2 },
    )
    expect(Object.fromEntries(run.errors)).toEqual({ connect: 20 })
  })

  it('stops sending when too many requests are without an answer', async () => {
    const url = await serve((request) => request.resume())
    const run = await generateLoad(
      { name: 'silent', url },
      { ...profile, seconds: 0.5, timeoutMs: 1500, maxInFlight: 10 },
    )
    expect(Object.fromEntries(run.errors)).toEqual({ timeout: 10, overflow: 40 })
  })

  it('ends with the reason of the signal', async () => {
    const url = await serve((_request, response) => response.end())
    const signal = AbortSignal.timeout(200)
    await expect(generateLoad({ name: 'aborted', url }, { ...profile, seconds: 60 }, signal)).rejects.toThrow(
      'timeout',
    )
  })
})

describe('mixOf', () => {
  it('keeps to the weights and spreads the rare requests', () => {
    const mix = mixOf([
      { ...read, weight: 3 },
      { ...read, name: 'write', weight: 1 },
    ])
    const names = Array.from({ length: 8 }, (_, number) => mix(number).name)
    expect(names.filter((name) => name === 'write')).toHaveLength(2)
    expect(names.slice(0, 4)).toContain('write')
  })
})

describe('loadTest', () => {
  it('gives every request a text of its own', async () => {
    const seen = new Set<string>()
    const url = await serve((request, response) => {
      seen.add(request.url ?? '')
      response.end()
    })
    await loadTest(
      [{ name: 'only', url }],
      { ...profile, requests: [{ ...read, path: '/permits/{unique}' }] },
      { ...patient, repeats: 2 },
    )
    expect(seen.size).toBe(200)
  })

  it('fails the gate of a new side that is slower beyond doubt, and passes one that is equal', async () => {
    const answerIn = (ms: number): RequestListener => {
      return (_request, response) => void setTimeout(() => response.end(), ms)
    }
    const targets = [
      { name: 'old', url: await serve(answerIn(60)) },
      { name: 'same', url: await serve(answerIn(60)) },
      { name: 'slow', url: await serve(answerIn(600)) },
    ]
    const report = await loadTest(targets, { ...profile, ratePerSecond: 40, seconds: 2 }, patient)
    const passed = Object.fromEntries(
      evaluateLoadGates(report, gates).map(({ name, target, passed: one }) => [
        target === undefined ? name : `${name}-${target}`,
        one,
      ]),
    )
    expect(passed).toMatchObject({ 'load-run-valid': true, 'failed-share-slow': true, 'p95-slow': false })
    expect(passed).toMatchObject({ 'failed-share-same': true })
    expect(report.comparisons[1]?.p95Ratio?.low).toBeGreaterThan(1.25)
  }, 20_000)

  it('throws a run away in which the generator was late, and calls the test invalid when that goes on', async () => {
    const url = await serve((_request, response) => response.end())
    const report = await loadTest(
      [{ name: 'only', url }],
      { ...profile, seconds: 0.3 },
      { repeats: 1, maxGeneratorLagMs: -1, spareRuns: 1 },
    )
    expect(report).toMatchObject({ valid: false, discardedRuns: 1 })
    expect(evaluateLoadGates(report, gates)[0]).toMatchObject({ name: 'load-run-valid', passed: false })
  })
})
