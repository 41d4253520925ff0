import { describe, expect, it } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/common'
import { waitingFor } from '../../domain/move/rules/waiting-for.ts'
import { wayBackStanding } from '../../domain/move/rules/way-back-standing.ts'
import { engineActor } from '../../domain/organisation.ts'
import { said } from '../../domain/words/said.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)
const { operations } = actors
const lost = { state: 'lost', reasons: [said('reverse-slot-missing')] } as const
const armed = { state: 'armed', reasons: [] } as const
const why = { reason: 'the slot was dropped' }

async function lostInRetention() {
  const plan = nextPlan()
  const move = await Move.launch(temporal.env.client, database.pool, plan)
  await move.toRecognition()
  await move.toCutover()
  await move.toRetention(Date.now())
  expect(await move.command('rearm-way-back', operations, why)).toBe('way-back-is-armed')
  expect(await move.command('report-way-back', engineActor, lost)).toBe('taken')
  const waits = waitingFor(await move.now(), Date.now())
  expect(waits.map(({ code }) => code)).toEqual(['way-back-lost', 'retention-time'])
  return { move, room: paper.of(plan.system) }
}

describe('seeding the old side anew', () => {
  it('leaves the way back unarmed until a look has found it so, and can be retried where it stopped', async () => {
    const { move, room } = await lostInRetention()
    expect(await move.command('roll-back', operations, { reason: 'x' })).toBe('way-back-lost')
    room.reseed = async () => {
      throw ApplicationFailure.nonRetryable('a table cannot be copied', 'initial-copy-stalled')
    }
    expect(await move.command('rearm-way-back', actors.owner, why)).toBe('role-not-allowed')
    expect(await move.command('rearm-way-back', operations, why)).toBe('taken')
    const blocked = await move.until('blocked', (m) => m.step?.failure?.code === 'initial-copy-stalled')
    expect(wayBackStanding(blocked)).toBe('arming')
    expect(await move.command('report-way-back', engineActor, armed)).toBe('rearm-under-way')
    expect(await move.command('roll-back', operations, { reason: 'x' })).toBe('rearm-under-way')
    room.reseed = async () => ({ rows: 10, copyMs: 5 })
    const retry = { step: 'rearm-way-back', note: 'mended' }
    expect(await move.command('retry-step', operations, retry)).toBe('taken')
    const done = await move.until('seeded', (m) => m.rearm === undefined && m.step === undefined)
    expect(done.retention?.wayBack).toMatchObject({
      state: 'degraded',
      reasons: [{ code: 'rearmed-not-seen', values: {} }],
    })
    expect(await move.command('report-way-back', engineActor, { state: 'degraded', reasons: [] })).toBe(
      'no-news',
    )
    expect(await move.command('report-way-back', engineActor, armed)).toBe('taken')
    expect(await move.command('roll-back', operations, { reason: 'payment fails' })).toBe('taken')
    await move.until('rolled back', (m) => m.switches.length === 2)
  }, 90_000)

  it('can be left out, which leaves the way back as it was', async () => {
    const { move, room } = await lostInRetention()
    room.reseed = async () => {
      throw ApplicationFailure.nonRetryable('it served', 'database-served')
    }
    expect(await move.command('rearm-way-back', operations, why)).toBe('taken')
    await move.until('blocked', (m) => m.step?.failure?.code === 'database-served')
    const skip = { step: 'rearm-way-back', reason: 'the old data is looked at first' }
    expect(await move.command('skip-step', operations, skip)).toBe('taken')
    const m = await move.until('left out', (at) => at.rearm === undefined && at.step === undefined)
    expect(m.retention?.wayBack.state).toBe('lost')
    expect(await move.command('rearm-way-back', operations, why)).toBe('taken')
  }, 90_000)
})
