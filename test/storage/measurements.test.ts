import { describe, expect, it } from '@jest/globals'
import { MeasurementStore } from '../../storage/measurements.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const store = () => new MeasurementStore(database.pool)
const probes = (pattern: string) =>
  Array.from(pattern, (mark, index) => ({ atMs: 1_000 * (index + 1), good: mark === '+', latencyMs: 3 }))

describe('the measurements', () => {
  it('sum probes up: how many were good, and the longest stretch without a good one', async () => {
    await store().addProbes('m-1', 1, probes('++-+---+++-+'))
    await store().addProbes('m-1', 1, probes('++-+'))
    await store().addProbes('m-1', 2, probes('-'))
    expect(await store().summariseProbes('m-1', 1, 20_000)).toEqual({
      probes: 12,
      failures: 5,
      availability: 7 / 12,
      longestOutageMs: 3_000,
      outages: 3,
    })
    expect(await store().lastProbeAtMs('m-1', 1)).toBe(12_000)
  })

  it('count an outage that lasts to the end', async () => {
    await store().addProbes('m-2', 1, probes('+--'))
    expect(await store().summariseProbes('m-2', 1, 10_000)).toMatchObject({
      longestOutageMs: 8_000,
      outages: 1,
    })
  })

  it('call nothing available that was never looked at', async () => {
    expect(await store().summariseProbes('m-3', 1, 1)).toMatchObject({
      probes: 0,
      availability: 0,
      outages: 0,
    })
    expect(await store().lastProbeAtMs('m-3', 1)).toBeUndefined()
  })

  it('give the newest looks at the way back first and forget old ones when told', async () => {
    for (const atMs of [1, 2, 3]) {
      await store().addWayBack('m-4', { atMs, oldSideReachable: true, newSideReachable: true })
    }
    expect((await store().recentWayBack('m-4', 2)).map(({ atMs }) => atMs)).toEqual([3, 2])
    expect(await store().prune(3)).toBeGreaterThanOrEqual(2)
    expect(await store().recentWayBack('m-4', 9)).toHaveLength(1)
  })
})
