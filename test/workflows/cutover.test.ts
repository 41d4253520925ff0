import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventType, MigrationEvent } from '../../domain/move/event.ts'
import type { PersonStep, PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { switched } from '../support/paper-room.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)

async function inCutover(plan: MigrationPlan): Promise<Move> {
  const move = await Move.launch(temporal.env.client, database.pool, plan)
  await move.toRecognition()
  await move.toCutover()
  return move
}

async function eventsOf<T extends EventType>(plan: MigrationPlan, type: T) {
  const events = await new MigrationStore(database.pool).events(`${plan.system}-1`)
  return events.filter((e): e is Extract<MigrationEvent, { type: T }> => e.type === type)
}

const twoGroups = [
  { zone: 'default', steps: ['switch'] },
  { zone: 'default', steps: ['files'] },
]

/** A host that is busy until it is told to stop. */
async function busy(): Promise<never> {
  const context = Context.current()
  const timer = setInterval(() => {
    context.heartbeat()
  }, 200)
  try {
    return await context.cancelled
  } finally {
    clearInterval(timer)
  }
}

const lostRunner = (): never => {
  throw ApplicationFailure.nonRetryable('the runner is gone', 'runner-gone')
}

const signature: PersonStep = {
  step: 'owner-agrees',
  title: { zh: '同意停机', en: 'Agree to the downtime' },
  role: 'owner',
  wantsEvidence: false,
  wantsSignature: false,
}

describe('a switch', () => {
  it('is on record the moment it is done, so that what follows it can be broken off by a rollback', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.groups.set('system-cutover', twoGroups)
    room.scripts.set('cutover-1', async (_, [step]) => (step === 'switch' ? { done: [switched] } : busy()))
    const move = await inCutover(plan)
    await move.schedule(Date.now())
    await move.go()
    await move.until('switched', (m) => m.switches.length === 1 && m.step?.id === 'switch-over')
    expect(await move.command('abort', actors.operations, { reason: 'users see errors' })).toBe(
      'after-cutover',
    )
    expect(await move.command('roll-back', actors.operations, { reason: 'users see errors' })).toBe('taken')
    const back = await move.until('rolled back', (m) => m.switches.length === 2)
    expect(back.switches.map((s) => s.kind)).toEqual(['cutover', 'rollback'])
    expect(await eventsOf(plan, 'step-failed')).toEqual([])
  }, 90_000)

  it('back is on record the moment it is done, and cannot be left half done', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.groups.set('system-rollback', twoGroups)
    let mended = false
    room.scripts.set('rollback-1', async (_, [step]): Promise<PlaybookOutcome> => {
      if (step === 'switch') return { done: [switched] }
      return mended ? { done: [] } : { done: [], failure: { step: 'files', code: 'differ', message: 'x' } }
    })
    const move = await inCutover(plan)
    await move.toRetention(Date.now())
    await move.command('roll-back', actors.operations, { reason: 'payment fails' })
    const blocked = await move.until('blocked', (m) => m.step?.failure !== undefined)
    expect(blocked.switches.at(-1)?.kind).toBe('rollback')
    expect(await move.command('abort', actors.operations, { reason: 'x' })).toBe('switch-under-way')
    expect(await move.schedule(Date.now())).not.toBe('taken')
    mended = true
    await move.command('retry-step', actors.operations, { step: 'switch-back', note: '' })
    await move.until('second report', (m) => m.round === 2 && m.report !== undefined)
  }, 90_000)

  it('whose outcome nobody reported is asked of the servers, and is not taken for an aborted one', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.scripts.set('cutover-1', async () => {
      const switched = { gapMs: 900.4, gapBound: 'at-most', undoneGaps: [], generation: 1, anatomyMs: {} }
      room.sides = { old: 'closed', new: 'open', switched }
      return lostRunner()
    })
    const move = await inCutover(plan)
    await move.schedule(Date.now())
    await move.go()
    const m = await move.until('blocked', (at) => at.standing === 'blocked')
    expect(m.switches).toMatchObject([
      { kind: 'cutover', result: { gapMs: 900.4, gapBound: 'at-most', generation: 1 } },
    ])
    expect(await move.command('abort', actors.operations, { reason: 'x' })).toBe('after-cutover')
    room.scripts.delete('cutover-1')
    await move.command('retry-step', actors.operations, { step: 'switch-over', note: 'runner is back' })
    const kept = await move.until('retention', (at) => at.retention !== undefined)
    expect(kept.switches).toHaveLength(1)
  }, 90_000)

  it('that left the old side serving and its clients waiting blocks, and tried again is made', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const wait = { step: 'switch', code: 'writers-wait', message: 'pgbouncer does not answer' }
    room.failures.set('cutover-1', [wait])
    room.sides = { old: 'open', new: 'closed', unsettled: true }
    const move = await inCutover(plan)
    await move.schedule(Date.now())
    await move.go()
    const m = await move.until('blocked', (at) => at.standing === 'blocked')
    expect(m.step).toMatchObject({ id: 'switch-over', failure: { code: 'entry-unsettled' } })
    room.sides = { old: 'open', new: 'closed' }
    expect(
      await move.command('retry-step', actors.operations, { step: 'switch-over', note: 'up again' }),
    ).toBe('taken')
    await move.until('switched', (at) => at.switches.length === 1 && at.step?.id !== 'switch-over')
    // The one that failed, the one that switched, and what the playbook has left after its switch.
    expect(room.ran.filter((occasion) => occasion === 'cutover-1')).toHaveLength(3)
  }, 90_000)

  it('does not begin after the latest rollback time, though the go was in time', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const move = await inCutover(plan)
    await move.schedule(Date.now(), 15_000)
    const storage = await database.pool.connect()
    try {
      // What is looked at between the go and the switch does not answer; the latest rollback time passes meanwhile.
      await storage.query('begin')
      await storage.query('lock table report in access exclusive mode')
      await move.go()
      const { cutover } = await move.now()
      await sleep((cutover?.latestRollbackAtMs ?? 0) - Date.now() + 200)
      await storage.query('commit')
    } finally {
      storage.release()
    }
    await move.until('aborted cutover', (m) => m.cutover === undefined && m.step === undefined)
    expect(room.ran).not.toContain('cutover-1')
  }, 90_000)
})

describe('an abort', () => {
  it('finds the new side serving, and switches back before anything is undone', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.scripts.set('cutover-1', async () => {
      room.sides = { old: 'no-answer', new: 'no-answer' }
      return lostRunner()
    })
    const move = await inCutover(plan)
    await move.schedule(Date.now())
    await move.go()
    const m = await move.until('blocked', (at) => at.standing === 'blocked')
    expect(m.step).toMatchObject({ id: 'switch-over', failure: { code: 'sides-unclear' } })
    expect(await move.command('abort', actors.operations, { reason: 'enough' })).toBe('taken')
    const unclear = await move.until('looked', (at) => at.step?.id === 'look-at-sides' && !!at.step.failure)
    expect(unclear.step?.failure?.code).toBe('sides-unclear')
    expect(room.undone).toEqual([])
    room.sides = { old: 'closed', new: 'open' }
    const { command } = { command: move.command.bind(move) }
    expect(await command('retry-step', actors.operations, { step: 'look-at-sides', note: 'cable' })).toBe(
      'taken',
    )
    const end = await move.until('aborted', (at) => at.standing === 'aborted')
    expect(end.switches.map((s) => s.kind)).toEqual(['cutover', 'rollback'])
    expect(room.ran.at(-1)).toBe('rollback-1')
    expect(room.undone[0]).toBe(`${plan.system}-1/1/replicate`)
    expect(room.undone).not.toContain(`${plan.system}-1/1/cutover-1`)
  }, 90_000)

  it('goes no further while its undo is refused, because something would be lost', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const refused = said('undo-refused', {
      stepId: 'replicate',
      reason: inForeignWords('the new side is waited for'),
      undone: [],
    })
    room.leftBehind = [refused]
    const move = await inCutover(plan)
    expect(await move.command('abort', actors.operations, { reason: 'enough' })).toBe('taken')
    const waits = await move.until('refused', (at) => at.step?.id === 'look-at-sides' && !!at.step.failure)
    expect(waits.step?.failure?.code).toBe('undo-refused')
    room.leftBehind = []
    await move.command('retry-step', actors.operations, { step: 'look-at-sides', note: 'it is back' })
    const end = await move.until('aborted', (at) => at.standing === 'aborted')
    expect(end.leftBehind ?? []).toEqual([])
  }, 90_000)

  it('names what it could not reach, and undoes a rehearsal it cut off', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.scripts.set('rehearse-1', busy)
    const left = said('unreachable-in-undo', { side: 'source', stepId: 'slots' })
    room.leftBehind = [left]
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    const through = move.toRecognition().catch(() => undefined)
    await move.until('rehearsing', () => room.ran.includes('rehearse-1'))
    await move.command('abort', actors.coordinator, { reason: 'budget withdrawn' })
    const waits = await move.until('on staging', (at) => at.step?.id === 'clear-staging' && !!at.step.failure)
    expect(waits.step?.failure?.code).toBe('staging-left')
    await move.command('skip-step', actors.operations, {
      step: 'clear-staging',
      reason: 'the host is scrapped',
    })
    const end = await move.until('aborted', (m) => m.standing === 'aborted')
    expect(room.undone[0]).toBe(`${plan.system}-1/1/rehearse-1`)
    expect(end).toMatchObject({
      standingReason: 'budget withdrawn',
      leftBehind: expect.arrayContaining([left]),
    })
    await through
  }, 90_000)
})

describe('a cutover scheduled anew', () => {
  it('is another run than the one before an amendment, and its person is asked again', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.groups.set('system-cutover', [
      { zone: 'default', steps: [signature.step], person: signature },
      { zone: 'default', steps: ['all'] },
    ])
    room.failures.set('cutover-1', [{ step: 'switch', code: 'deadline-reached', message: 'gap' }])
    const move = await inCutover(plan)
    const agree = async (): Promise<void> => {
      const asked = await move.until('asked', (m) => m.tasks.some(isOpenAgreement))
      const task = asked.tasks.find(isOpenAgreement)?.id ?? ''
      await move.command('complete-task', actors.owner, { task, note: '', evidence: [] })
    }
    const isOpenAgreement = (t: { id: string; state: string }): boolean =>
      t.id.endsWith(signature.step) && t.state === 'open'
    await move.schedule(Date.now())
    await move.go()
    await agree()
    await move.until('aborted', (m) => m.cutover === undefined && m.step === undefined)
    await move.command('amend-report', actors.coordinator, { remark: 'typo' })
    await move.until('amended', (m) => m.phase === 'recognition' && m.report?.version === 2)
    await move.toCutover()
    await move.schedule(Date.now())
    await move.go()
    await agree()
    await move.until('retention', (m) => m.retention !== undefined)
    await move.command('roll-back', actors.operations, { reason: 'payment fails' })
    await move.until('second round', (m) => m.round === 2 && m.report !== undefined)
    await move.toCutover()
    await move.schedule(Date.now())
    await move.go()
    await agree()
    const m = await move.until('retention again', (at) => at.round === 2 && at.retention !== undefined)
    expect(m.tasks.filter((t) => t.id.endsWith(signature.step)).map((t) => t.id)).toEqual([
      '1-cutover-1-owner-agrees',
      '1-cutover-2-owner-agrees',
      '2-cutover-3-owner-agrees',
    ])
    expect([...new Set(room.ran.filter((r) => /^(final|cutover)/.test(r)))]).toEqual([
      'final-sync-1',
      'cutover-1',
      'final-sync-2',
      'cutover-2',
      'final-sync-3',
      'cutover-3',
    ])
  }, 120_000)

  it('is prepared in its own window, whatever became of the preparation before', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const differs = { step: 'verify', code: 'differs', message: 'rows differ' }
    room.failures.set('final-sync-1', [differs])
    room.failures.set('final-sync-2', [differs])
    const move = await inCutover(plan)
    const failed = async (): Promise<unknown> =>
      move.until('failed', (m) => m.step?.id === 'final-sync' && m.step.failure !== undefined)
    await move.schedule(Date.now())
    await failed()
    const skip = { step: 'final-sync', reason: 'in a hurry' }
    expect(await move.command('skip-step', actors.operations, skip)).toBe('step-cannot-be-skipped')
    const go = { decision: 'go', reason: 'ready' } as const
    expect(await move.command('decide-cutover', actors.operations, go)).not.toBe('taken')
    const noGo = { decision: 'no-go', reason: 'rows differ' } as const
    expect(await move.command('decide-cutover', actors.operations, noGo)).toBe('taken')
    await move.until('given up', (m) => m.cutover === undefined && m.standing === 'moving')
    await move.schedule(Date.now())
    await failed()
    await move.command('retry-step', actors.operations, { step: 'final-sync', note: 'index rebuilt' })
    await move.go()
    await move.until('retention', (m) => m.retention !== undefined)
    expect(room.ran.filter((r) => r === 'final-sync-2')).toHaveLength(2)
  }, 90_000)

  it('is not taken for prepared in the moment before its preparation begins', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const move = await inCutover(plan)
    const go = { decision: 'go', reason: 'ready' } as const
    const [scheduled, went] = await Promise.all([
      move.schedule(Date.now()),
      move.command('decide-cutover', actors.operations, go),
    ])
    expect(scheduled).toBe('taken')
    expect(went).not.toBe('taken')
    await move.go()
    await move.until('retention', (m) => m.retention !== undefined)
    expect(room.ran.indexOf('final-sync-1')).toBeGreaterThanOrEqual(0)
    expect(room.ran.indexOf('final-sync-1')).toBeLessThan(room.ran.indexOf('cutover-1'))
  }, 90_000)
})

describe('a retry', () => {
  it('confirms the one step that was cut off, for one attempt', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const confirmed: (readonly string[])[] = []
    room.failures.set('deploy-target', [
      { step: 'letter', code: 'step-interrupted', message: 'cut off', interrupted: true },
      { step: 'copy', code: 'host-unreachable', message: 'no route' },
    ])
    const report = room.run.bind(room)
    room.run = async (request, steps) => {
      if (request.runId.endsWith('deploy-target')) confirmed.push(request.confirmed)
      return report(request, steps)
    }
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    const through = move.toRecognition()
    for (const attempt of [1, 2]) {
      await move.until('blocked', (m) => m.standing === 'blocked' && m.step?.attempt === attempt)
      await move.command('retry-step', actors.vendor, { step: 'deploy-target', note: 'again' })
    }
    await through
    expect(confirmed).toEqual([[], ['letter'], []])
  }, 90_000)

  it('goes on with the rest of a playbook of which a person has left one step out', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    room.failures.set('deploy-target', [{ step: 'letter', code: 'step-interrupted', message: 'cut off' }])
    const skipped: unknown[] = []
    const report = room.run.bind(room)
    room.run = async (request, steps) => {
      if (request.runId.endsWith('deploy-target')) skipped.push(request.skip)
      return report(request, steps)
    }
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    const through = move.toRecognition()
    await move.until('blocked', (m) => m.standing === 'blocked')
    const skip = { step: 'deploy-target', reason: 'it has been sent' }
    expect(await move.command('skip-step', actors.operations, skip)).toBe('taken')
    await through
    expect(skipped).toEqual([[], [{ step: 'letter', reason: 'it has been sent' }]])
    expect((await eventsOf(plan, 'step-skipped')).map((e) => e.data)).toEqual([
      { ...skip, playbookStep: 'letter' },
    ])
  }, 90_000)
})
