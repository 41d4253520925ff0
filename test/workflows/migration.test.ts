import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Worker } from '@temporalio/worker'
import { DateTime } from 'luxon'
import { createEventActivities } from '../../activities/events.ts'
import { createReportActivities } from '../../activities/report.ts'
import type { Migration } from '../../domain/migration.ts'
import { AccountStore } from '../../storage/accounts.ts'
import { FactStore } from '../../storage/facts.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { ReportStore } from '../../storage/reports.ts'
import { orchestratorQueue, runnerQueue } from '../../workflows/migration/messages.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move, registerActors } from '../support/move.ts'
import { PaperRoom } from '../support/paper-room.ts'
import { samplePlan } from '../support/plan.ts'
import { useTimeSkipping } from '../support/time-skipping.ts'

const database = useDatabase()
const temporal = useTimeSkipping()

/** INDEXED_VALUE_TYPE_KEYWORD of Temporal's API. */
const keyword = 2

const paper = new PaperRoom()
const workers: { worker: Worker; running: Promise<void> }[] = []

beforeAll(async () => {
  await registerActors(database.pool)
  const { env, bundlePath } = temporal
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { MigrationPhase: keyword },
  })
  const { pool } = database
  const migrations = new MigrationStore(pool)
  const reports = new ReportStore(pool)
  const accounts = new AccountStore(pool)
  const orchestrator = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: orchestratorQueue,
    workflowBundle: { codePath: bundlePath },
    activities: {
      ...createEventActivities({ migrations }),
      ...createReportActivities({ migrations, reports, facts: new FactStore(pool), accounts }),
    },
  })
  const runner = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: runnerQueue('default'),
    activities: paper.activities,
  })
  for (const worker of [orchestrator, runner]) workers.push({ worker, running: worker.run() })
}, 60_000)

afterAll(async () => {
  for (const { worker } of workers) worker.shutdown()
  await Promise.all(workers.map(({ running }) => running))
}, 60_000)

let systems = 0
/** A system of the test's own, with what the paper room knows of it. */
const nextSystem = () => {
  systems += 1
  const plan = { ...samplePlan(), system: `system-${systems}` }
  return { plan, room: paper.of(plan.system) }
}

const now = (): Promise<number> => temporal.env.currentTimeMs()

describe('a move', () => {
  it('keeps the way back for three calendar months, and closes only after time and release', async () => {
    const { plan, room } = nextSystem()
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    const m = await move.toRetention(await now())
    const cutOver = DateTime.fromMillis(m.switches[0]?.atMs ?? 0, { zone: 'Asia/Shanghai' })
    expect(m.retention?.untilMs).toBe(cutOver.plus({ months: 3 }).toMillis())

    await temporal.env.sleep('80 days')
    expect(await move.command('release-retention', actors.owner, { statement: 'no longer needed' })).toBe(
      'before-retention-end',
    )
    expect(room.ran).not.toContain('close')
    await temporal.env.sleep('20 days')
    // Reaching the time alone disposes of nothing.
    expect((await move.now()).phase).toBe('retention')
    expect(await move.command('release-retention', actors.owner, { statement: 'no longer needed' })).toBe(
      'taken',
    )
    await move.until('hardware', (at) => at.tasks.some((t) => t.id === 'record-hardware'))
    for (const task of ['record-hardware', 'revise-rules']) {
      await move.command('complete-task', actors.owner, { task, note: 'recorded', evidence: [] })
    }
    const stored = await storedUntil(m.migration, (at) => at.standing === 'closed')
    expect(stored.disposal).toEqual({ proofDigest: 'e'.repeat(64), removedBytes: 123 })
    expect(stored.phaseLog.map((p) => p.phase)).toEqual([
      'assessment',
      'resourcing',
      'adaptation',
      'rehearsal',
      'trial-run',
      'recognition',
      'cutover',
      'retention',
      'closing',
    ])
  }, 90_000)

  it('asks for a fresh report and fresh signatures after a rollback, and starts the months anew', async () => {
    const { plan } = nextSystem()
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    const first = await move.toRetention(await now())
    await temporal.env.sleep('30 days')
    expect(await move.command('roll-back', actors.operations, { reason: 'payment fails' })).toBe('taken')
    const back = await move.until('second report', (m) => m.round === 2 && m.report !== undefined)
    expect(back.signoffs).toEqual([])
    expect(back.report?.digest).not.toBe(first.report?.digest)
    expect(back.tasks.find((t) => t.kind === 'acknowledge-rollback')?.state).toBe('open')
    await move.toCutover()
    const again = await move.toRetention(await now())
    expect(again.retention?.untilMs).toBeGreaterThan((first.retention?.untilMs ?? 0) + 29 * 86_400_000)
    expect(again.switches.map((s) => s.kind)).toEqual(['cutover', 'rollback', 'cutover'])
  }, 90_000)

  it('aborts a cutover nobody has decided by the latest rollback time, and never cuts over by itself', async () => {
    const { plan, room } = nextSystem()
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    expect(await move.schedule((await now()) + 3_600_000)).toBe('taken')
    await temporal.env.sleep('3 hours')
    const m = await move.until('aborted cutover', (at) => at.cutover === undefined)
    expect(m.switches).toEqual([])
    expect(room.ran).not.toContain('cutover-1')
    const events = await new MigrationStore(database.pool).events(m.migration)
    expect(events.find((e) => e.type === 'cutover-aborted')?.data).toMatchObject({ automatic: true })
    // The signatures still stand: another window can be taken.
    await move.toRetention(await now())
  }, 90_000)

  it('opens the old side again when the switch fails, and another window can be taken', async () => {
    const { plan, room } = nextSystem()
    room.failures.set('cutover-1', [
      { step: 'switch', code: 'deadline-reached', message: 'the gap took too long' },
    ])
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    await move.schedule(await now())
    await move.go()
    const m = await move.until('aborted', (at) => at.cutover === undefined && at.step === undefined)
    expect(m.switches).toEqual([])
    await move.toRetention(await now())
    expect(room.ran).toContain('cutover-2')
  }, 90_000)

  it('rolls back by itself when the public write fails after the switch', async () => {
    const { plan, room } = nextSystem()
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    await move.schedule(await now())
    room.writeProbeFails = true
    await move.go()
    const m = await move.until('rolled back', (at) => at.switches.length === 2)
    expect(m.switches.at(-1)?.kind).toBe('rollback')
  }, 90_000)

  it('blocks at a failed step until a person retries it, and stops where it is paused', async () => {
    const { plan, room } = nextSystem()
    room.failures.set('deploy-target', [
      { step: 'copy', code: 'host-unreachable', message: 'no route to host' },
    ])
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    const through = move.toRecognition()
    const blocked = await move.until('blocked', (m) => m.standing === 'blocked')
    expect(blocked.step).toMatchObject({ id: 'deploy-target', failure: { code: 'host-unreachable' } })
    expect(await move.command('retry-step', actors.vendor, { step: 'other', note: '' })).toBe('other-step')
    await move.command('pause', actors.coordinator, { reason: 'holiday' })
    await move.command('retry-step', actors.vendor, { step: 'deploy-target', note: 'cable' })
    const paused = await move.now()
    expect(paused.standing).toBe('paused')
    expect(room.ran.filter((r) => r === 'deploy-target')).toHaveLength(1)
    await move.command('resume', actors.coordinator, { note: '' })
    await through
    expect(room.ran.filter((r) => r === 'deploy-target')).toHaveLength(2)
  }, 90_000)

  it('undoes replication when it is aborted before the switch', async () => {
    const { plan, room } = nextSystem()
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    expect(await move.command('abort', actors.coordinator, { reason: 'budget withdrawn' })).toBe('taken')
    const stored = await storedUntil(`${plan.system}-1`, (at) => at.standing === 'aborted')
    expect(stored.standingReason).toBe('budget withdrawn')
    expect(room.undone).toEqual([`${plan.system}-1/1/replicate`])
  }, 90_000)
})

/** The move as storage has it, once it is as wanted. */
async function storedUntil(migration: string, wanted: (m: Migration) => boolean): Promise<Migration> {
  const store = new MigrationStore(database.pool)
  for (let look = 0; look < 200; look += 1) {
    const m = await store.find(migration)
    if (m && wanted(m)) {
      expect(await store.rebuildProjection(migration)).toEqual(m)
      return m
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`"${migration}" did not come to be as wanted in storage`)
}
