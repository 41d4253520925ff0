import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { evaluateLoadGates, type LoadGates } from '../../../domain/move/rules/gates.ts'
import {
  addLatency,
  newLatencyBlock,
  quantileMs,
  quantileRatio,
} from '../../../domain/measurement/latency.ts'
import type { LoadReport, TargetLoad } from '../../../domain/measurement/load.ts'

const gates: LoadGates = {
  maxFailedShare: 0.001,
  maxP95Ratio: 1.25,
  p95FloorMs: 50,
}

function target(name: string, p95: number, failed = 0): TargetLoad {
  const latencyMs = { p50: p95 / 2, p90: p95, p95, p99: p95, max: p95 }
  return {
    name,
    url: `http://${name}.test`,
    requests: 1000,
    failed,
    failedShare: failed / 1000,
    offeredPerSecond: 50,
    achievedPerSecond: 50,
    latencyMs,
    byRequest: {},
    byStatus: { '200': 1000 - failed },
    errors: {},
    runs: [],
  }
}

function report(newSide: TargetLoad, low: number, high: number): LoadReport {
  return {
    ratePerSecond: 50,
    seconds: 20,
    warmupSeconds: 2,
    repeats: 1,
    valid: true,
    invalidBecause: [],
    discardedRuns: 0,
    targets: [target('old', 100), newSide],
    comparisons: [
      { target: newSide.name, baseline: 'old', p95Ratio: { estimate: (low + high) / 2, low, high } },
    ],
  }
}

function resultOf(found: LoadReport, name: string) {
  return evaluateLoadGates(found, gates).find((gate) => gate.name === name && gate.target === 'new')
}

describe('evaluateLoadGates', () => {
  it.each([
    ['passes a ratio under the limit', 110, 1.0, 1.2, true],
    ['passes a ratio over the limit when the interval reaches under it', 130, 1.1, 1.5, true],
    ['fails a ratio whose whole interval is over the limit', 150, 1.4, 1.6, false],
    ['passes a fast new side whatever the ratio', 49, 3, 4, true],
  ])('%s', (_sentence, p95, low, high, passed) => {
    expect(resultOf(report(target('new', p95), low, high), 'p95')?.passed).toBe(passed)
  })

  it('says so when a passed ratio is in doubt', () => {
    expect(resultOf(report(target('new', 130), 1.1, 1.5), 'p95')?.found).toMatchObject({
      code: 'p95-in-doubt',
    })
  })

  it.each([
    [1, true],
    [2, false],
  ])('with %s failures of 1000 against one allowed: passed is %s', (failed, passed) => {
    expect(resultOf(report(target('new', 100, failed), 1, 1), 'failed-share')?.passed).toBe(passed)
  })

  it('does not pass a new side that answered nothing', () => {
    const silent = { ...report(target('new', 0), 1, 1), comparisons: [{ target: 'new', baseline: 'old' }] }
    expect(resultOf(silent, 'p95')?.passed).toBe(false)
  })

  it('does not hold the baseline against itself', () => {
    const names = evaluateLoadGates(report(target('new', 100), 1, 1), gates).map((gate) => [
      gate.name,
      gate.target,
    ])
    expect(names).toEqual([
      ['load-run-valid', undefined],
      ['failed-share', 'new'],
      ['p95', 'new'],
    ])
  })
})

describe('quantileMs', () => {
  it('is within two per cent of the exact quantile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), { minLength: 1 }),
        (latencies) => {
          const block = newLatencyBlock()
          for (const latency of latencies) addLatency(block, latency)
          const exact = latencies.toSorted((a, b) => a - b)[Math.ceil(latencies.length * 0.95) - 1] ?? 0
          expect(Math.abs(quantileMs(block, 0.95) - exact)).toBeLessThanOrEqual(exact * 0.02)
        },
      ),
    )
  })
})

describe('quantileRatio', () => {
  const blocksOf = (factor: number) =>
    Array.from({ length: 20 }, (_, second) => {
      const block = newLatencyBlock()
      for (let request = 0; request < 50; request += 1)
        addLatency(block, factor * (20 + ((second + request) % 10)))
      return block
    })

  it('finds the factor between two sides, inside its interval, the same each time', () => {
    const interval = quantileRatio(blocksOf(1), blocksOf(2), 0.95)
    expect(interval?.estimate).toBeCloseTo(2, 1)
    expect(interval?.low).toBeLessThanOrEqual(interval?.estimate ?? 0)
    expect(interval?.high).toBeGreaterThanOrEqual(interval?.estimate ?? 0)
    expect(quantileRatio(blocksOf(1), blocksOf(2), 0.95)).toEqual(interval)
  })

  it('is unknown when a side has no latencies', () => {
    expect(quantileRatio([newLatencyBlock()], blocksOf(1), 0.95)).toBeUndefined()
  })
})
