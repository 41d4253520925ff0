import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { MeasurementStore } from '../../storage/measurements.ts'
import { useApi } from '../support/api.ts'

const hourMs = 3_600_000
const api = useApi(undefined, { thinning: { everyMs: 50, olderThanMs: 2 * hourMs } })

it('the API thins the looks at a way back that are older than is configured, and no others', async () => {
  const store = new MeasurementStore(api.pool)
  const hour = Math.floor(Date.now() / hourMs) * hourMs
  const old = [hour - 9 * hourMs + 1, hour - 9 * hourMs + 2]
  const young = [hour - 1, hour - 2]
  for (const atMs of [...young, ...old])
    await store.addWayBack('m-1', { atMs, oldSideReachable: true, newSideReachable: true, datasets: {} })
  const kept = async () => (await store.recentWayBack('m-1', 9)).map(({ atMs }) => atMs)
  while ((await kept()).length === 4) await sleep(20)
  expect(await kept()).toEqual([...young, old[1]])
})
