import { beforeAll, describe, expect, it } from '@jest/globals'
import { Worker } from '@temporalio/worker'
import { hostOf } from '../../domain/plan/places.ts'
import { runnerQueue } from '../../workflows/migration/messages.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { PaperRoom } from '../support/paper-room.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const here = useWorkers(database, temporal)
const cloud = new PaperRoom()
const asked: string[] = []

/** The two places where hosts are asked note what for. */
function noteIn(zone: string, room: PaperRoom) {
  room.activities.recordHosts = async ({ hosts }) => {
    asked.push(`keys of ${hosts.join(', ')} in ${zone}`)
    return Object.fromEntries(hosts.map((host) => [host, { address: zone, fingerprint: `SHA256:${host}` }]))
  }
  room.activities.preflight = async ({ hosts }) => {
    asked.push(`login to ${hosts.join(', ')} in ${zone}`)
  }
}
noteIn('default', here)
noteIn('cloud', cloud)

let ended: Promise<void> = Promise.resolve()
let worker: Worker | undefined
beforeAll(async () => {
  worker = await Worker.create({
    connection: temporal.env.nativeConnection,
    taskQueue: runnerQueue('cloud'),
    activities: cloud.activities,
  })
  ended = worker.run()
}, 60_000)
temporal.beforeTeardown(async () => {
  worker?.shutdown()
  await ended
})

describe('a move between two network zones', () => {
  it('has every host asked from its own', async () => {
    const plan = nextPlan()
    const inCloud = {
      staging: { ...hostOf(plan, 'staging'), zone: 'cloud' },
      target: { ...hostOf(plan, 'target'), zone: 'cloud' },
    }
    const move = await Move.launch(temporal.env.client, database.pool, {
      ...plan,
      hosts: { ...plan.hosts, ...inCloud },
    })
    await move.until('asks to accept', (m) => m.tasks.length === 1)
    await move.command('complete-task', actors.owner, { task: 'accept-findings', note: '', evidence: [] })
    const m = await move.until('asks to approve', (at) => at.tasks.some((t) => t.id === 'approve-resources'))
    expect(m.recordedHosts).toEqual({
      source: { address: 'default', fingerprint: 'SHA256:source' },
      entry: { address: 'default', fingerprint: 'SHA256:entry' },
      staging: { address: 'cloud', fingerprint: 'SHA256:staging' },
      target: { address: 'cloud', fingerprint: 'SHA256:target' },
    })
    await move.command('complete-task', actors.provider, {
      task: 'approve-resources',
      note: '',
      evidence: [],
    })
    await move.until('adapts', (at) => at.phase === 'adaptation')
    expect(asked.toSorted()).toEqual([
      'keys of entry, source in default',
      'keys of staging, target in cloud',
      'login to entry, source in default',
      'login to staging, target in cloud',
    ])
  }, 60_000)
})
