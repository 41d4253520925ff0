import { beforeAll, describe, expect, it } from '@jest/globals'
import { temporal } from '@temporalio/proto'
import { said } from '../../domain/words/said.ts'
import { DateTime } from 'luxon'
import { FactStore } from '../../storage/facts.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { letPass, useTimeSkipping } from '../support/time-skipping.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const server = useTimeSkipping()
const keyword = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD

beforeAll(async () => {
  await server.env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { MigrationPhase: keyword },
  })
})
const paper = useWorkers(database, server)
const now = (): Promise<number> => server.env.currentTimeMs()

const wiped = (removedBytes: number) => ({
  step: `wipe-${String(removedBytes)}`,
  kind: 'wipe',
  result: {
    proofDigest: 'e'.repeat(64),
    removedBytes,
    proof: { host: 'source', after: { paths: 'absent' } },
  },
})

describe('a move', () => {
  it('does not take a trial run for passed that nobody watched, and the report says how much was', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.watched = false
    const move = await Move.launch(server.env.client, database.pool, plan)
    const through = move.toRecognition()
    const blocked = await move.until('blocked', (m) => m.standing === 'blocked')
    expect(blocked.step).toMatchObject({ id: 'observe-trial-run', failure: { code: 'gate-missed' } })
    room.watched = true
    await move.command('retry-step', actors.operations, { step: 'observe-trial-run', note: 'runner is up' })
    const m = await through
    expect(m.trialRun?.summary).toMatchObject({ availability: 1, observedShare: 1, probes: 5_000 })
  }, 90_000)

  it('keeps the way back for three calendar months, and closes only after time and release', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const move = await Move.launch(server.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    const unlogged = said('not-compared-unlogged', { tables: ['public.cache'] })
    const verified = { equal: true, rows: 7, differences: [], notCompared: [unlogged] }
    room.scripts.set('after-cutover', async () => ({
      done: [{ step: 'verify', kind: 'postgres-verify', result: verified }],
    }))
    const m = await move.toRetention(await now())
    const events = await new MigrationStore(database.pool).events(m.migration)
    expect(
      events.find(({ data }) => 'step' in data && data.step === 'after-cutover' && 'notCompared' in data),
    ).toMatchObject({
      type: 'step-finished',
      data: { notCompared: [unlogged] },
    })
    const cutOver = DateTime.fromMillis(m.switches[0]?.atMs ?? 0, { zone: 'Asia/Shanghai' })
    expect(m.retention?.untilMs).toBe(cutOver.plus({ months: 3 }).toMillis())

    room.scripts.set('close', async () => ({ done: [] }))
    await letPass(server.env, '80 days')
    expect(await move.command('release-retention', actors.owner, { statement: 'no longer needed' })).toBe(
      'before-retention-end',
    )
    expect(room.ran).not.toContain('close')
    await letPass(server.env, '20 days')
    // Reaching the time alone disposes of nothing.
    expect((await move.now()).phase).toBe('retention')
    expect(await move.command('release-retention', actors.owner, { statement: 'no longer needed' })).toBe(
      'taken',
    )
    const left = await move.until('unproved', (at) => at.standing === 'blocked')
    expect(left).toMatchObject({ step: { id: 'wipe', failure: { code: 'no-wipe-step' } } })
    expect(left.disposal).toBeUndefined()
    room.scripts.set('close', async () => ({ done: [wiped(123), wiped(77)] }))
    const onStaging = said('unreachable-in-undo', { side: 'staging', stepId: 'copy' })
    room.leftBehind = [onStaging]
    await move.command('retry-step', actors.operations, { step: 'wipe', note: 'the condition holds now' })
    const blocked = await move.until('on staging', (at) => at.standing === 'blocked')
    expect(blocked.step).toMatchObject({ id: 'clear-staging', failure: { code: 'staging-left' } })
    await move.command('retry-step', actors.operations, { step: 'clear-staging', note: 'it may be back' })
    await move.until('still there', (at) => at.standing === 'blocked' && at.step?.attempt === 2)
    await move.command('skip-step', actors.operations, {
      step: 'clear-staging',
      reason: 'the test platform was scrapped with its disks',
    })
    await move.until('hardware', (at) => at.tasks.some((t) => t.id === 'record-hardware'))
    for (const task of ['record-hardware', 'revise-rules']) {
      await move.command('complete-task', actors.owner, { task, note: 'recorded', evidence: [] })
    }
    const stored = await move.until('closed', (at) => at.standing === 'closed')
    expect(stored.disposal).toEqual({ removedBytes: 123 + 77, proofDigest: expect.any(String) })
    const once = ['copy-to-staging', 'deploy-staging'].map((run) => `${m.migration}/1/${run}`)
    expect(room.undone).toEqual([...once, ...once])
    expect(stored.leftBehind).toEqual([onStaging, onStaging])
    const proof = await new FactStore(database.pool).text(stored.disposal?.proofDigest ?? '')
    expect(JSON.parse(proof)).toEqual([wiped(123), wiped(77)])
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
})
