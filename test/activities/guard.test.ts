import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'

import { createGuardActivities } from '../../activities/guard.ts'
import { PlanPlaces } from '../../activities/plan-places.ts'
import { wayBackWatchers } from '../../activities/way-back-watchers.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { hostOf } from '../../domain/plan/places.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { switchOver } from '../../families/postgresql/switchover/switch-over.ts'
import { CommandStore } from '../../storage/commands.ts'
import { MeasurementStore } from '../../storage/measurements.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { WatchedMoves } from '../../storage/watched-moves.ts'
import { guardWorkflowId } from '../../workflows/guard/messages.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../support/postgres-pair.ts'
import { type TestSshd, startSshd } from '../support/sshd.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const storage = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(storage, temporal)
paper.activities.recordHosts = async () => ({
  target: { address: hosts.new.address, fingerprint: hosts.new.hostKey },
})
const playbooks = new PlaybookStore(join(import.meta.dirname, '../../playbooks'))

let pair: Pair
let hosts: { readonly old: TestSshd; readonly new: TestSshd }
let pool: HostPool
let places: () => PlanPlaces
let move: Move
let endGuard: () => Promise<void> = async () => undefined

/** Phases before retention go by on paper; the pair is switched for real, and the guard's hosts are real. */
beforeAll(async () => {
  const [old, neu] = await Promise.all([startSshd(), startSshd()])
  hosts = { old, new: neu }
  for (const side of ['old', 'new'] as const) mkdirSync(uploads(side))
  pair = await startPair('guard')
  await makeApplication(pair)
  await replicate(pair)
  await switchOver(switchPlan(pair, pair.source, pair.target))
  const known: Readonly<Record<string, string>> = { old: old.privateKey, new: neu.privateKey }
  const secrets = { read: async (name: string) => known[name] ?? '' }
  pool = new HostPool()
  places = () => new PlanPlaces(pool, secrets)
  move = await Move.launch(temporal.env.client, storage.pool, await realPlan())
  await move.toRecognition()
  await move.toCutover()
  await move.toRetention(Date.now())
}, 120_000)
afterEach(async () => {
  await endGuard()
})
afterAll(async () => {
  await pool.close()
  await pair.stop()
  await Promise.all([hosts.old.close(), hosts.new.close()])
}, 60_000)

const uploads = (side: 'old' | 'new') => join(hosts[side].directory, 'uploads')
const measurements = () => new MeasurementStore(storage.pool)

async function realPlan(): Promise<MigrationPlan> {
  const plan = nextPlan({ profile: 'lab', trialRun: { seconds: 1 }, retention: { seconds: 7_200 } })
  const host = (role: 'source' | 'target', side: 'old' | 'new') => {
    const { address, port, user, hostKey } = hosts[side]
    return { ...hostOf(plan, role), address, port, user, hostKey, keySecret: side }
  }
  const tree = {
    family: 'files',
    source: { host: 'source', path: uploads('old') },
    staging: { host: 'staging', path: '/srv/uploads' },
    target: { host: 'target', path: uploads('new') },
  }
  const { ref } = await playbooks.read('system-rollback')
  return {
    ...plan,
    hosts: { ...plan.hosts, source: host('source', 'old'), target: host('target', 'new') },
    datasets: { ...plan.datasets, files: tree },
    playbooks: { ...plan.playbooks, rollback: ref },
  }
}

function startGuard(): void {
  const { pool } = storage
  const guard = createGuardActivities({
    commands: new CommandStore(storage.pool),
    moves: new WatchedMoves(pool),
    measurements: measurements(),
    temporal: temporal.env.client,
    watchers: () =>
      wayBackWatchers({
        places: {
          opened: (family, move, dataset, role) =>
            family.name === 'postgresql'
              ? pair[role === 'source' ? 'source' : 'target']
              : places().opened(family, move, dataset, role),
        },
        measurements: measurements(),
      }),
  })
  const activity = new MockActivityEnvironment({
    workflowExecution: { workflowId: guardWorkflowId('default'), runId: 'a-run' },
  })
  const watching = activity.run(async () => guard.watchZone({ zone: 'default', forMs: 600_000 }))
  const ended = watching.catch(() => undefined)
  endGuard = async () => {
    endGuard = async () => undefined
    activity.cancel()
    await ended
  }
}

async function until(what: string, wanted: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 600; looks += 1) {
    if (await wanted()) return
    await sleep(50)
  }
  const { migration } = await move.now()
  throw new Error(`not ${what}: ${JSON.stringify(await measurements().recentWayBack(migration, 2))}`)
}

const untilWayBack = async (state: string): Promise<Migration> => {
  await until(state, async () => (await move.now()).retention?.wayBack.state === state)
  return move.now()
}
const newestFiles = async () => (await newestLook())?.datasets['files']
const newestLook = async () => (await measurements().recentWayBack((await move.now()).migration, 1))[0]
const eventsOf = async (m: Migration) => new MigrationStore(storage.pool).events(m.migration)

describe('the guard of the way back', () => {
  it('brings what was uploaded since the cutover to the old side, and tells the move nothing of it', async () => {
    const before = await move.now()
    startGuard()
    writeFileSync(join(uploads('new'), '申请.pdf'), 'uploaded during retention')
    await until('carried', async () => existsSync(join(uploads('old'), '申请.pdf')))
    await until('measured', async () => (await newestFiles())?.lagMs !== undefined)
    expect(await newestFiles()).toMatchObject({ channel: 'running', reasons: [] })
    expect((await move.now()).sequence).toBe(before.sequence)
  }, 60_000)

  it('goes on from what was measured before it: time without a guard is time without passes', async () => {
    const last = await newestLook()
    const asOfMs = (last?.atMs ?? 0) - (last?.datasets['files']?.lagMs ?? 0)
    await hosts.old.stop()
    startGuard()
    await until('looked', async () => ((await newestLook())?.atMs ?? 0) > (last?.atMs ?? 0))
    await until('measured', async () => (await newestFiles())?.lagMs !== undefined)
    const now = await newestLook()
    expect((now?.atMs ?? 0) - (now?.datasets['files']?.lagMs ?? 0)).toBe(asOfMs)
    await hosts.old.start()
  }, 60_000)

  it('says once that files are not carried, with the reason, and once that they are again', async () => {
    const before = await move.now()
    startGuard()
    await hosts.old.stop()
    const degraded = await untilWayBack('degraded')
    const notCarried = {
      code: 'files-not-carried',
      values: {
        failure: 'host-unreachable',
        because: { code: 'host-unreachable', values: expect.objectContaining({ host: 'old' }) },
      },
    }
    const { dataset, ...values } = degraded.retention?.wayBack.reasons[0]?.values ?? {}
    expect([dataset, { code: 'files-not-carried', values }]).toEqual(['files', notCarried])
    expect(degraded.retention?.wayBack.reasons).toHaveLength(1)
    expect(await newestLook()).toMatchObject({
      datasets: { files: { channel: 'stopped', reasons: [notCarried] }, database: { channel: 'running' } },
      oldSideReachable: true,
    })
    writeFileSync(join(uploads('new'), 'meanwhile'), '')
    await hosts.old.start()
    const armed = await untilWayBack('armed')
    expect(existsSync(join(uploads('old'), 'meanwhile'))).toBe(true)
    const told = (await eventsOf(armed)).filter(({ sequence }) => sequence > before.sequence)
    expect(told.map(({ type }) => type)).toEqual(['way-back-changed', 'way-back-changed'])
  }, 60_000)

  it('degrades it by the name of what was changed on one side alone, and of what is changed after that', async () => {
    startGuard()
    await untilWayBack('armed')
    const onNew = async (sql: string) =>
      withServer(pair.new.port, database, async (client) => client.query(sql))
    const named = async (what: string) => {
      const { retention } = await move.now()
      return (
        retention?.wayBack.state === 'degraded' && JSON.stringify(retention.wayBack.reasons).includes(what)
      )
    }
    const began = Date.now()
    await onNew('alter table public.office add column floor integer')
    await until('named', async () => named('office'))
    // A look a second in a lab, the comparison among it.
    expect(Date.now() - began).toBeLessThan(20_000)
    await onNew('create index permit_by_state on public.permit (state)')
    await until('named too', async () => named('permit_by_state'))
    await onNew('alter table public.office drop column floor; drop index public.permit_by_state')
    await untilWayBack('armed')
  }, 90_000)

  it('ends the pass under way when a rollback is asked for', async () => {
    startGuard()
    writeFileSync(join(uploads('new'), 'big'), '')
    truncateSync(join(uploads('new'), 'big'), 8_000_000_000)
    const arriving = () => readdirSync(uploads('old')).filter((name) => name.includes('big'))
    await until('under way', async () => arriving().length > 0)
    expect(await move.command('roll-back', actors.operations, { reason: 'too slow' })).toBe('taken')
    await until('given up', async () => arriving().length === 0)
    await until('rolled back', async () => (await move.now()).phase === 'recognition')
  }, 60_000)
})
