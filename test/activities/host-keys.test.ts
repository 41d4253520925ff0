import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { createHostKeyActivities } from '../../activities/host-keys.ts'
import { PlanPlaces } from '../../activities/plan-places.ts'
import { hostOf } from '../../domain/plan/places.ts'
import { trialRunReport } from '../../domain/report/report.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { historyOf } from '../storage/history.ts'
import { samplePlan } from '../support/plan.ts'
import { type TestSshd, startSshd } from '../support/sshd.ts'

let sshd: TestSshd
const pool = new HostPool()
beforeAll(async () => {
  sshd = await startSshd()
}, 60_000)
afterAll(async () => {
  await sshd.close()
})

const other = `SHA256:${'O'.repeat(43)}`

function planWith(hostKey: string) {
  const plan = samplePlan()
  const { address, port } = sshd
  return { ...plan, hosts: { ...plan.hosts, target: { ...hostOf(plan, 'target'), address, port, hostKey } } }
}

async function recordHosts(hostKey: string, hosts: readonly string[] = ['target']) {
  const activities = createHostKeyActivities({
    places: new PlanPlaces(pool, { read: async () => Promise.resolve('') }),
  })
  return new MockActivityEnvironment().run(async () =>
    activities.recordHosts({ plan: planWith(hostKey), hosts }),
  )
}

describe('the keys of hosts', () => {
  it('are recorded as the hosts show them', async () => {
    expect(await recordHosts(sshd.hostKey)).toEqual({
      target: { address: sshd.address, fingerprint: sshd.hostKey },
    })
  }, 60_000)

  it('are not recorded when the plan came with another one', async () => {
    await expect(recordHosts(other)).rejects.toMatchObject({
      type: 'host-key-differs',
      nonRetryable: true,
      message: expect.stringContaining(
        `"cloud" shows the key "${sshd.hostKey}", where the plan has "${other}"`,
      ),
    })
  }, 60_000)

  it('stand in the report as those that hosts are reached by', () => {
    const events = historyOf([{ emit: 'host-keys-pinned', data: { hostKeys: { target: other } } }], 'desk-1')
    const [launched, ...rest] = events
    if (launched?.type !== 'launched') throw new Error('a history begins with its launch')
    const withKey = { ...launched, data: { ...launched.data, plan: planWith(sshd.hostKey) } }
    expect(trialRunReport([withKey, ...rest], [], { version: 1, remark: '' }).hosts).toMatchObject({
      target: { hostKey: other },
      source: { hostKey: null },
    })
  })
})
