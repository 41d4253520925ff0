import { describe, expect, it } from '@jest/globals'
import { MeasurementStore } from '../../storage/measurements.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const store = () => new MeasurementStore(database.pool)
const look = { oldSideReachable: true, newSideReachable: true }
const minuteMs = 60_000
const add = async (migration: string, minutes: readonly number[]) => {
  for (const minute of minutes) await store().addWayBack(migration, { ...look, atMs: minute * minuteMs })
}
const minutesOf = async (migration: string) =>
  (await store().recentWayBack(migration, 99)).map(({ atMs }) => atMs / minuteMs)

describe('looks at the way back', () => {
  it('are given newest first', async () => {
    await add('m-1', [1, 2, 3])
    expect((await store().recentWayBack('m-1', 2)).map(({ atMs }) => atMs / minuteMs)).toEqual([3, 2])
  })

  it('tell when the newest marker was written that has arrived, however many have not known since', async () => {
    expect(await store().newestArrivalMs('m-5')).toBeUndefined()
    await store().addWayBack('m-5', { ...look, atMs: minuteMs, markerAgeMs: 2_000 })
    await store().addWayBack('m-5', { ...look, atMs: 2 * minuteMs, markerAgeMs: 5_000 })
    await add('m-5', [3, 4])
    expect(await store().newestArrivalMs('m-5')).toBe(115_000)
  })

  it('are thinned to the last of each hour where they are old, each move by itself, and stay so', async () => {
    await add('m-2', [0, 30, 59, 60, 61, 119, 200, 241, 250, 251])
    await add('m-3', [5, 58])
    expect(await store().thinWayBack(245 * minuteMs)).toBeGreaterThanOrEqual(6)
    expect(await minutesOf('m-2')).toEqual([251, 250, 200, 119, 59])
    expect(await minutesOf('m-3')).toEqual([58])
    expect(await store().thinWayBack(245 * minuteMs)).toBe(0)
  })

  it('that are young stay all', async () => {
    await add('m-4', [10, 11, 12])
    await store().thinWayBack(10 * minuteMs)
    expect(await minutesOf('m-4')).toEqual([12, 11, 10])
  })
})
