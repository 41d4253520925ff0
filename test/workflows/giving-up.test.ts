import { describe, expect, it } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/common'
import type { CommandData } from '../../domain/move/command.ts'
import type { GivenUp } from '../../domain/move/giving-up.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { engineActor } from '../../domain/organisation.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)
const { operations, owner } = actors
const dump = 'a'.repeat(64)
const givenUp: GivenUp = { dataset: 'database', dump, by: [operations.account, owner.account] }
const stale = { step: 'replicate', code: 'side-stale', message: 'it came back' }

async function launched() {
  const plan = nextPlan()
  const room = paper.of(plan.system)
  // What the runner reads of the tasks is tested where it does; here a missing word of two people is its refusal.
  room.agreed = async () => {
    const { tasks } = await move.now()
    const closed = tasks.filter(({ kind, state }) => kind === 'give-up-database' && state === 'closed')
    if (closed.length < 2) throw ApplicationFailure.nonRetryable('one is missing', 'not-given-up')
    return givenUp
  }
  const move = await Move.launch(temporal.env.client, database.pool, plan)
  await move.toRecognition()
  const giveUp = { host: Object.keys(plan.hosts)[0] ?? '', path: '/backup/permit.dump' }
  const asked: CommandData['settle-cutover'] = { reason: 'looked at, and kept', giveUp }
  const blockedBy = async (code: string) => move.until(code, (m) => m.step?.failure?.code === code)
  const agree = async (m: Migration) => {
    const tasks = m.tasks.filter(({ kind }) => kind === 'give-up-database')
    expect(tasks.map(({ assignee }) => assignee.role)).toEqual(['operations', 'owner'])
    for (const { id, assignee } of tasks)
      expect(
        await move.command('complete-task', assignee.role === 'owner' ? owner : operations, {
          task: id,
          note: dump,
          evidence: [],
        }),
      ).toBe('taken')
  }
  return { move, room, asked, blockedBy, agree }
}

describe('a new side that was given up and came back', () => {
  it('is dropped by a command and the word of two people, and replication goes on', async () => {
    const { move, room, asked, blockedBy, agree } = await launched()
    room.failures.set('replicate', [stale])
    await move.sign('owner')
    await move.sign('provider')
    await blockedBy('side-stale')
    const elsewhere = { ...asked, giveUp: { host: 'nowhere', path: '/x' } }
    expect(await move.command('settle-cutover', operations, { reason: 'x' })).toBe('nothing-to-settle')
    expect(await move.command('settle-cutover', operations, elsewhere)).toBe('unknown-dump-host')
    expect(await move.command('settle-cutover', owner, asked)).toBe('role-not-allowed')

    expect(await move.command('settle-cutover', operations, asked)).toBe('taken')
    const m = await blockedBy('not-given-up')
    expect(room.dropped).toEqual([])
    await agree(m)
    expect(await move.command('settle-cutover', operations, asked)).toBe('taken')
    const done = await move.until('replicated', (at) => at.step === undefined && at.phase === 'cutover')
    expect(room.dropped).toEqual([givenUp])
    // The same dump is agreed to once.
    expect(done.tasks.filter(({ kind }) => kind === 'give-up-database')).toHaveLength(2)
    expect(await move.command('settle-cutover', operations, asked)).toBe('nothing-to-give-up')
  }, 90_000)

  it('holds no abort up: nothing is dropped, and the old side serves', async () => {
    const { move, room, blockedBy } = await launched()
    room.failures.set('replicate', [stale])
    room.sides = { old: 'open', new: 'stale' }
    room.settleFails = 'side-stale'
    await move.sign('owner')
    await move.sign('provider')
    await blockedBy('side-stale')
    expect(await move.command('abort', operations, { reason: 'enough' })).toBe('taken')
    await move.until('aborted', (m) => m.standing === 'aborted')
    expect(room.dropped).toEqual([])
    expect(room.undone[0]).toContain('/replicate')
  }, 90_000)
})

describe('an old side that was given up and came back', () => {
  it('is emptied by the same word, where seeding it anew stops at it', async () => {
    const { move, room, asked, blockedBy, agree } = await launched()
    await move.toCutover()
    await move.toRetention(Date.now())
    const lost = { state: 'lost', reasons: [] } as const
    await move.command('report-way-back', engineActor, lost)
    expect(await move.command('rearm-way-back', operations, asked)).toBe('nothing-to-give-up')
    room.reseed = async (given) => {
      if (given === undefined) throw ApplicationFailure.nonRetryable('it came back', 'side-stale')
      return { rows: 10, copyMs: 5 }
    }
    expect(await move.command('rearm-way-back', operations, { reason: 'x' })).toBe('taken')
    await blockedBy('side-stale')
    expect(await move.command('rearm-way-back', operations, asked)).toBe('taken')
    await agree(await blockedBy('not-given-up'))
    const retry = { step: 'rearm-way-back', note: 'both have agreed' }
    expect(await move.command('retry-step', operations, retry)).toBe('taken')
    await move.until('seeded', (m) => m.rearm === undefined && m.step === undefined)
    expect(room.dropped).toEqual([])
  }, 90_000)
})
