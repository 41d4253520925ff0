import { describe, expect, it } from '@jest/globals'
import { runNotOnRecord } from '../../domain/move/rules/on-record.ts'
import type { PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)

const reopened: PlaybookOutcome = {
  done: [
    {
      step: 'reopen-database',
      kind: 'postgres-reopen',
      result: {
        generation: 2,
        anatomyMs: {},
        undoneGaps: [],
        currentUntil: '2026-11-22T01:02:03.004Z',
        unprovenSequences: ['public.receipt'],
      },
    },
  ],
}
const noAnswer = { step: 'files-before', code: 'host-unreachable', message: 'no route to host' }
const answers = { step: 'reopen-database', code: 'other-side-answers', message: 'its server answers' }
const gone = { reason: 'the cloud burnt down', newSideGone: true } as const
const ordinary = { reason: 'payment fails' }

async function inRetention() {
  const plan = nextPlan()
  const move = await Move.launch(temporal.env.client, database.pool, plan)
  await move.toRecognition()
  await move.toCutover()
  await move.toRetention(Date.now())
  return { move, plan, room: paper.of(plan.system) }
}

describe('a rollback without the new side', () => {
  it('opens the old side alone, says until when it is current, and the move goes on as after any rollback', async () => {
    const { move, plan, room } = await inRetention()
    let asked: RunRequest['inputs'] | undefined
    room.scripts.set('rollback-1-without-new-side', async ({ inputs }) => {
      asked = inputs
      return reopened
    })
    expect(await move.command('roll-back', actors.operations, gone)).toBe('taken')
    const m = await move.until('second report', (at) => at.round === 2 && at.report !== undefined)
    expect(asked).toMatchObject({ 'from-gone': true })
    const untilMs = Date.UTC(2026, 10, 22, 1, 2, 3, 4)
    expect(m.switches.at(-1)).toMatchObject({
      kind: 'rollback',
      result: { generation: 2, currentUntilMs: untilMs, unprovenSequences: ['public.receipt'] },
    })
    expect(m.switches.at(-1)?.result).not.toHaveProperty('gapMs')
    const details = {
      reason: gone.reason,
      by: actors.operations.account,
      automatic: false,
      newSideGone: true,
    }
    expect(m.tasks.find(({ kind }) => kind === 'acknowledge-rollback')?.details).toEqual(details)
    const events = await new MigrationStore(database.pool).events(`${plan.system}-1`)
    expect(events.find(({ type }) => type === 'rollback-requested')?.data).toEqual({
      ...gone,
      automatic: false,
    })
  }, 90_000)

  it('is carried out by the playbook that was frozen for it, where the plan’s own knows no such way', async () => {
    const { move, plan, room } = await inRetention()
    const instead = { name: 'system-rollback', digest: 'e'.repeat(64) }
    let asked: RunRequest | undefined
    room.scripts.set('rollback-1-without-new-side', async (request) => {
      asked = request
      return reopened
    })
    expect(await move.command('roll-back', actors.operations, { ...gone, instead })).toBe('taken')
    const during = await move.until('rolled back', (at) => asked !== undefined && at.switches.length === 2)
    expect(asked?.playbook).toEqual(instead)
    expect(plan.playbooks.rollback).not.toEqual(instead)
    // A runner takes it for what a person has decided, and for nothing else.
    const requested = {
      reason: gone.reason,
      by: actors.operations,
      automatic: false,
      newSideGone: true,
    } as const
    const onRecord = { ...during, rollbackRequested: { ...requested, instead } }
    const request = { ...asked! }
    expect(runNotOnRecord(onRecord, request)).toBeUndefined()
    const switchedBefore = { ...onRecord, switches: onRecord.switches.slice(0, 1) }
    expect(runNotOnRecord(switchedBefore, request)).toBeUndefined()
    expect(runNotOnRecord(switchedBefore, { ...request, inputs: {} })).toMatchObject({
      code: 'record-other-playbook',
    })
    expect(runNotOnRecord({ ...switchedBefore, rollbackRequested: requested }, request)).toMatchObject({
      code: 'record-other-playbook',
    })
  }, 90_000)

  it('can follow an ordinary one that fails for want of the new side, and the ordinary one can follow it', async () => {
    const { move, room } = await inRetention()
    room.failures.set('rollback-1', [noAnswer])
    room.failures.set('rollback-1-without-new-side', [answers])
    const blockedBy = async (code: string) =>
      move.until(code, (m) => m.step?.id === 'switch-back' && m.step.failure?.code === code)
    expect(await move.command('roll-back', actors.operations, ordinary)).toBe('taken')
    await blockedBy('host-unreachable')
    expect(await move.command('roll-back', actors.operations, ordinary)).toBe('already-rolling-back')
    expect(await move.command('roll-back', actors.operations, gone)).toBe('taken')
    await blockedBy('other-side-answers')
    expect(await move.command('roll-back', actors.operations, gone)).toBe('already-rolling-back')
    expect(await move.command('roll-back', actors.operations, ordinary)).toBe('taken')
    const m = await move.until('second report', (at) => at.round === 2 && at.report !== undefined)
    expect(m.switches.map(({ kind }) => kind)).toEqual(['cutover', 'rollback'])
    expect(room.ran.filter((run) => run.startsWith('rollback'))).toEqual([
      'rollback-1',
      'rollback-1-without-new-side',
      'rollback-1',
      // It comes back at its switch, for that to be noted, and goes on.
      'rollback-1',
    ])
  }, 90_000)
})
