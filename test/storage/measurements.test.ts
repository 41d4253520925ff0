import { describe, expect, it } from '@jest/globals'
import { MeasurementStore } from '../../storage/measurements.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const store = () => new MeasurementStore(database.pool)
const look = { oldSideReachable: true, newSideReachable: true, datasets: {} }
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

  it('tell up to when the old side has everything, however many have not known since', async () => {
    const add5 = async (atMs: number, name: string, lagMs: number) =>
      store().addWayBack('m-5', {
        ...look,
        atMs,
        datasets: { [name]: { channel: 'running', lagMs, figures: {}, reasons: [] } },
      })
    expect(await store().newestArrivalMs('m-5', 'orders')).toBeUndefined()
    await add5(minuteMs, 'orders', 2_000)
    await add5(2 * minuteMs, 'orders', 5_000)
    await add5(3 * minuteMs, 'scans', 1_000)
    await add('m-5', [4, 5])
    expect(await store().newestArrivalMs('m-5', 'orders')).toBe(115_000)
    expect(await store().newestArrivalMs('m-5', 'scans')).toBe(179_000)
  })

  it('that were recorded in the words of PostgreSQL are read as those of datasets', async () => {
    const reached = { oldSideReachable: true, newSideReachable: true }
    const followed = { slotWalStatus: 'reserved', subscriptionEnabled: true, applyRunning: true }
    const filesFailure = { code: 'host-unreachable', message: '"old" cannot be reached.' }
    const recorded = [
      { ...reached, ...followed, markerAgeMs: 12, retainedWalBytes: 56, applyErrors: 0 },
      { ...reached, ...followed, applyRunning: false, tablesNotFollowed: 2, filesAgeMs: 9, filesFailure },
      { ...reached, subscriptionEnabled: true, applyRunning: true },
      { oldSideReachable: false, newSideReachable: true, slotWalStatus: 'unreserved' },
      { oldSideReachable: true, newSideReachable: false, subscriptionEnabled: false },
    ]
    for (const [index, content] of recorded.entries())
      await database.pool.query('insert into way_back_measurement values ($1, $2, $3)', [
        ...['m-6', index, JSON.stringify({ ...content, atMs: index })],
      ])
    const read = (await store().recentWayBack('m-6', 9)).reverse()
    expect(read[0]).toEqual({
      ...reached,
      atMs: 0,
      datasets: {
        database: {
          channel: 'running',
          lagMs: 12,
          figures: { waitingBytes: 56, errors: 0 },
          reasons: [],
        },
      },
    })
    expect(read.map(({ datasets }) => datasets['database']?.channel)).toEqual([
      ...['running', 'at-risk', 'broken', 'at-risk', 'stopped'],
    ])
    expect(read[1]?.datasets['files']).toEqual({
      channel: 'stopped',
      lagMs: 9,
      figures: {},
      reasons: [
        {
          code: 'files-not-carried',
          values: { because: filesFailure.message, failure: 'host-unreachable' },
        },
      ],
    })
    expect(await store().newestArrivalMs('m-6', 'database')).toBe(-12)
    expect(await store().newestArrivalMs('m-6', 'files')).toBe(-8)
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
