import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { Recording } from '../../storage/recording.ts'
import { useApi } from '../support/api.ts'
import { useDatabase } from '../support/database.ts'
import { readOnly } from '../support/read-only.ts'

const api = useApi()
const database = useDatabase()

const row = {
  system: 'permit-desk',
  name: '受理',
  department: 'permit-bureau',
  mlpsLevel: 2,
  classified: false,
}

describe('a database that answers and takes nothing', () => {
  it('is told by the health, with the time since when, until it takes something again', async () => {
    let nowMs = 1_000_000
    const recording = new Recording(database.as('api'), () => nowMs)
    expect(await recording.look()).toBeUndefined()
    await readOnly(database.pool, true)
    nowMs += 10_000
    const failing = await recording.look()
    expect(failing).toMatchObject({
      sinceMs: 1_010_000,
      reason: expect.stringMatching(/read-only|terminat/),
    })
    nowMs += 10_000
    expect(await recording.look()).toMatchObject({
      sinceMs: 1_010_000,
      reason: expect.stringMatching(/read-only/),
    })
    await readOnly(database.pool, false)
    // A connection from before may be met first.
    for (nowMs += 10_000; (await recording.look()) !== undefined; nowMs += 10_000) await sleep(100)
  })

  it('is 503 to whoever asks for the health or has something recorded, and names whose database it is', async () => {
    await readOnly(api.pool, true)
    const health = await api.refused('health')
    expect(health).toMatchObject({ status: 503, code: 'not-recording', sinceMs: expect.any(Number) })
    expect(health.detail).toMatch(/The database of Qianyun has taken nothing since 20/)
    const refused = await api.refused('importSystems', { as: 'coordinator', body: [row] })
    expect(refused).toMatchObject({ status: 503, code: 'storage-unavailable' })
    expect(refused.detail).toMatch(/The database of Qianyun/)
    await readOnly(api.pool, false)
    // A connection from before may be met first.
    for (;;) {
      const { status } = await api.send('importSystems', { as: 'coordinator', body: [row] })
      if (status === 200) break
      expect(status).toBe(503)
      await sleep(100)
    }
  })
})
