import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { LoadGatesMissedError, implementation as loadTest } from '../../../runner/steps/load-test/index.ts'
import { LoadTestParams } from '../../../runner/steps/load-test/params.ts'
import { serveHttp } from '../../support/http-server.ts'
import { stepContext } from '../../support/step-context.ts'

const requests = [{ name: 'list', path: '/permits' }]
const short = {
  requests,
  ratePerSecond: 50,
  seconds: 0.4,
  warmupSeconds: 0,
  repeats: 1,
  maxGeneratorLagMs: 9999,
}

describe('load-test', () => {
  it('reports both sides and passes gates they meet', async () => {
    await using server = await serveHttp((_request, response) => response.end('[]'))
    const params = LoadTestParams.parse({
      ...short,
      targets: [
        { name: 'old', url: server.url },
        { name: 'new', url: `${server.url}/prefix/` },
      ],
      gates: { p95FloorMs: 5000 },
    })
    const result = await loadTest.carryOut?.(params, null, [], stepContext())
    expect(result).toMatchObject({
      valid: true,
      targets: [
        { name: 'old', requests: 20, failed: 0 },
        { name: 'new', requests: 20, failed: 0, byStatus: { '200': 20 } },
      ],
    })
    expect(JSON.stringify(result).length).toBeLessThan(16 * 1024)
  })

  it('fails when a gate is missed and says which', async () => {
    await using server = await serveHttp((_request, response) => response.writeHead(500).end())
    await using old = await serveHttp((_request, response) => response.writeHead(401).end())
    const params = LoadTestParams.parse({
      ...short,
      targets: [
        { name: 'old', url: old.url },
        { name: 'new', url: server.url },
      ],
      gates: {},
    })
    const error: unknown = await loadTest
      .carryOut?.(params, null, [], stepContext())
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(LoadGatesMissedError)
    expect((error as LoadGatesMissedError).message).toContain(
      '20 of 20 requests to "new" failed (100 %), allowed are 0.1 %; "GET /permits" was answered with 500 20 times; of "old" 20 of 20',
    )
  })

  it('stops the generator when the step is given up', async () => {
    let received = 0
    await using server = await serveHttp((_request, response) => {
      received += 1
      response.end()
    })
    const params = LoadTestParams.parse({
      ...short,
      seconds: 600,
      targets: [{ name: 'old', url: server.url }],
    })
    const giveUp = new AbortController()
    const context = { ...stepContext(), signal: giveUp.signal }
    const stopped = loadTest.carryOut?.(params, null, [], context)
    while (received === 0) await sleep(20)
    giveUp.abort(new Error('the step was given up'))
    await expect(stopped).rejects.toThrow('the step was given up')
    const atTheEnd = received
    await sleep(300)
    expect(received - atTheEnd).toBeLessThan(2)
  })

  it('plans a line for each target', () => {
    const params = LoadTestParams.parse({
      ...short,
      repeats: 3,
      targets: [{ name: 'old', url: 'http://old.test' }],
    })
    expect(loadTest.plan(params, null)).toEqual([
      {
        do: 'procedure',
        name: 'load-old',
        title: '3 × 0.4 s of 50 requests/s to http://old.test (GET /permits)',
      },
    ])
  })

  it('refuses two requests of one name', () => {
    const twice = LoadTestParams.safeParse({
      ...short,
      requests: [...requests, ...requests],
      targets: [{ name: 'old', url: 'http://old.test' }],
    })
    expect(twice.error?.issues.map((issue) => issue.path)).toEqual([['requests']])
  })
})
