import { describe, expect, it } from '@jest/globals'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { saveHistories } from '../support/save-histories.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)

temporal.beforeTeardown(async () => {
  if (process.env['QIANYUN_SAVE_HISTORIES'] === '1') await saveHistories(temporal.env.client)
})

describe('a move', () => {
  it('asks for a fresh report and fresh signatures after a rollback, and starts the months anew', async () => {
    const plan = nextPlan()
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    const first = await move.toRetention(Date.now())
    expect(await move.command('roll-back', actors.operations, { reason: 'payment fails' })).toBe('taken')
    const back = await move.until('second report', (m) => m.round === 2 && m.report !== undefined)
    expect(back.signoffs).toEqual([])
    expect(back.report?.digest).not.toBe(first.report?.digest)
    expect(back.tasks.find((t) => t.kind === 'acknowledge-rollback')?.state).toBe('open')
    await move.toCutover()
    const again = await move.toRetention(Date.now())
    expect(again.retention?.untilMs).toBeGreaterThan(first.retention?.untilMs ?? 0)
    expect(again.switches.map((s) => s.kind)).toEqual(['cutover', 'rollback', 'cutover'])
  }, 90_000)

  it('aborts a cutover nobody has decided by the latest rollback time, and never cuts over by itself', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    // The rehearsed cutover takes 4 s and the rollback 5 s: who has not decided within the first second is too late.
    expect(await move.schedule(Date.now(), 10_000)).toBe('taken')
    const m = await move.until('aborted cutover', (at) => at.cutover === undefined)
    expect(m.switches).toEqual([])
    expect(room.ran).not.toContain('cutover-1')
    const events = await new MigrationStore(database.pool).events(m.migration)
    expect(events.find((e) => e.type === 'cutover-aborted')?.data).toMatchObject({ automatic: true })
    // The signatures still stand: another window can be taken.
    await move.toRetention(Date.now())
  }, 90_000)

  it('opens the old side again when the switch fails, and another window can be taken', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.failures.set('cutover-1', [
      { step: 'switch', code: 'deadline-reached', message: 'the gap took too long' },
    ])
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    await move.schedule(Date.now())
    await move.go()
    const m = await move.until('aborted', (at) => at.cutover === undefined && at.step === undefined)
    expect(m.switches).toEqual([])
    await move.toRetention(Date.now())
    expect(room.ran).toContain('cutover-2')
  }, 90_000)

  it('rolls back by itself when the public write fails after the switch', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    await move.schedule(Date.now())
    room.writeProbeFails = true
    await move.go()
    const m = await move.until('rolled back', (at) => at.switches.length === 2)
    expect(m.switches.at(-1)?.kind).toBe('rollback')
    expect(room.ran).not.toContain('after-cutover')
  }, 90_000)

  it('compares the sides once a public write has proven the new one, until they agree', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.failures.set('after-cutover', [{ step: 'verify', code: 'data-differs', message: 'one row' }])
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    await move.schedule(Date.now())
    await move.go()
    const blocked = await move.until('blocked', (m) => m.standing === 'blocked')
    expect(blocked).toMatchObject({ phase: 'cutover', step: { id: 'after-cutover' } })
    expect(room.ran.slice(-2)).toEqual(['cutover-1', 'after-cutover'])
    await move.command('retry-step', actors.operations, { step: 'after-cutover', note: 'a view' })
    await move.until('in retention', (m) => m.phase === 'retention')
    expect(room.ran.slice(-1)).toEqual(['after-cutover'])
  }, 90_000)

  it('blocks at a failed step until a person retries it, and stops where it is paused', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
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

  it('is assessed again once it is adapted, and goes on with what is open then for a reason alone', async () => {
    const plan = nextPlan()
    const critical = (code: string, places: number, waived = 0) =>
      ({ code, severity: 'critical', places, waived }) as const
    const { found } = paper.of(plan.system)
    found.source = [
      critical('table-without-key', 3, 1),
      critical('large-objects', 1, 1),
      critical('mended', 2),
    ]
    found.target = [critical('table-without-key', 1), critical('rls-forced', 1), critical('mended', 5)]
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    const complete = async (task: string, reasons?: Record<string, string>) =>
      move.command('complete-task', actors.owner, {
        task,
        note: 'read',
        evidence: [],
        ...(reasons && { reasons }),
      })
    const opened = async (id: string) => {
      const m = await move.until(id, ({ tasks }) => tasks.some((task) => task.id === id))
      return m.tasks.find((task) => task.id === id)?.openFindings
    }

    expect(await opened('accept-findings')).toEqual([
      { code: 'table-without-key', places: 2 },
      { code: 'mended', places: 2 },
    ])
    expect(await complete('accept-findings')).toBe('finding-reasons-missing')
    expect(await complete('accept-findings', { mended: 'soon' })).toBe('finding-reasons-missing')
    const both = { 'table-without-key': 'only ever added to', mended: 'will be' }
    expect(await complete('accept-findings', { ...both, other: 'no' })).toBe('finding-reasons-unknown')
    expect(await complete('accept-findings', both)).toBe('taken')
    await move.adapt()
    expect(await opened('accept-open-findings')).toEqual([
      { code: 'rls-forced', places: 1 },
      { code: 'mended', places: 5 },
    ])
    const rest = { 'rls-forced': 'the role bypasses it', mended: 'three came since' }
    expect(await complete('accept-open-findings', rest)).toBe('taken')
    const m = await move.until('recognition', ({ phase }) => phase === 'recognition')
    expect(m.assessment?.findings).toEqual(found.target)
  }, 90_000)

  it('undoes replication when it is aborted before the switch, and clears staging, the copy first', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    expect(await move.command('abort', actors.coordinator, { reason: 'budget withdrawn' })).toBe('taken')
    const stored = await move.until('aborted', (at) => at.standing === 'aborted')
    expect(stored.standingReason).toBe('budget withdrawn')
    expect(room.undone).toEqual(
      ['replicate', 'copy-to-staging', 'deploy-staging'].map((run) => `${plan.system}-1/1/${run}`),
    )
  }, 90_000)
})
