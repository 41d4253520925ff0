import { describe, expect, it } from '@jest/globals'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { Context } from '@temporalio/activity'
import { waitingFor } from '../../domain/move/rules/waiting-for.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { ask, inRetention } from '../support/migration-state.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)
const change = { sqlDigest: 'a'.repeat(64), statements: ['create table a (id int)'], reason: 'a new form' }
const another = { ...change, sqlDigest: 'b'.repeat(64) }
const failing = (code: string) => async () => {
  throw ApplicationFailure.nonRetryable(`it is ${code}`, code)
}

async function inRetentionOf(plan = nextPlan()) {
  const move = await Move.launch(temporal.env.client, database.pool, plan)
  await move.toRecognition()
  await move.toCutover()
  await move.toRetention(Date.now())
  const is = async (state: string) => move.until(state, (m) => m.schemaChange?.state === state)
  const asked = async (data = change) => move.command('change-schema', actors.operations, data)
  return { move, is, asked, room: paper.of(plan.system) }
}

describe('a schema change in a move', () => {
  it('is made beside what the move waits for; one that is refused leaves nothing to be finished', async () => {
    const { is, asked, room, move } = await inRetentionOf()
    expect(await move.command('change-schema', actors.owner, change)).toBe('role-not-allowed')
    expect(await asked()).toBe('taken')
    expect((await is('made')).schemaChange).toMatchObject({ ...change, heldMs: 7, newTables: [] })
    room.changeSchema = failing('schema-change-refused')
    expect(await asked(another)).toBe('taken')
    const refused = await is('refused')
    expect(refused.schemaChange).toMatchObject({ failure: { code: 'schema-change-refused' } })
    expect(refused.standing).toBe('moving')
    expect(waitingFor(refused, Date.now()).map(({ code }) => code)).toEqual(['retention-time'])
  }, 90_000)

  it('that is half made keeps its name until its own text has finished it, a rollback that stopped at it included', async () => {
    const { move, is, asked, room } = await inRetentionOf()
    const names: string[] = []
    room.changeSchema = async ({ id, isHalfMade }) => {
      names.push(`${id.split('/').at(-1) ?? ''} ${String(isHalfMade ?? false)}`)
      return failing('schema-change-half-made')()
    }
    expect(await asked()).toBe('taken')
    const failed = await is('failed')
    expect(waitingFor(failed, Date.now()).map(({ code }) => code)).toContain('schema-change')
    expect(await asked(another)).toBe('schema-change-unfinished')
    room.changeSchema = async ({ id, isHalfMade }) => {
      names.push(`${id.split('/').at(-1) ?? ''} ${String(isHalfMade ?? false)}`)
      return { newTables: [], heldMs: 1 }
    }
    const { system } = failed.plan
    paper
      .of(system)
      .failures.set('rollback-1', [
        { step: 'switch-database', code: 'sides-differ', message: 'a column is missing' },
      ])
    expect(await move.command('roll-back', actors.operations, { reason: 'payment fails' })).toBe('taken')
    await move.until('blocked', (m) => m.step?.failure?.code === 'sides-differ')
    expect(await asked(another)).toBe('schema-change-unfinished')
    expect(await asked()).toBe('taken')
    await is('made')
    const [first, second] = names
    expect(first).toBe(`${String(failed.schemaChange?.id)} false`)
    expect(second).toBe(`${String(failed.schemaChange?.id)} true`)
    expect(await move.command('retry-step', actors.operations, { step: 'switch-back', note: '' })).toBe(
      'taken',
    )
    await move.until('rolled back', (m) => m.switches.length === 2 && m.schemaChange === undefined)
  }, 90_000)

  it('gives way to a rollback', async () => {
    const { move, is, asked, room } = await inRetentionOf()
    let given = false as boolean
    room.changeSchema = async () => {
      const { cancellationSignal, heartbeat } = Context.current()
      while (!cancellationSignal.aborted) {
        heartbeat()
        await sleep(100)
      }
      given = true
      throw new CancelledFailure('given up')
    }
    expect(await asked()).toBe('taken')
    await is('running')
    expect(await move.command('roll-back', actors.operations, { reason: 'payment fails' })).toBe('taken')
    // A worker of a test hears of it at the next heartbeat that is not throttled.
    for (let left = 200; left > 0 && !given; left -= 1) await sleep(100)
    await move.until('rolled back', (m) => m.switches.length === 2)
    expect(given).toBe(true)
  }, 90_000)

  it('is named by where it was asked for first, for any order of outcomes', () => {
    const outcomes = fc.array(fc.constantFrom('made', 'refused', 'busy', 'half'), { maxLength: 12 })
    fc.assert(
      fc.property(outcomes, (ends) => {
        const state = inRetention()
        let openId: number | undefined
        for (const end of ends) {
          expect(ask(state, actors.operations, { name: 'change-schema', ...change })).toBe('taken')
          const { id } = state.migration.schemaChange ?? { id: 0 }
          expect(openId === undefined || openId === id).toBe(true)
          expect(ask(state, actors.operations, { name: 'change-schema', ...change })).toBe(
            'schema-change-under-way',
          )
          const failure = {
            message: '',
            code: end === 'busy' ? 'switchover-busy' : 'schema-change-half-made',
          }
          if (end === 'made') state.emit('schema-change-made', { newTables: [], heldMs: 1 })
          else if (end === 'refused')
            state.emit('schema-change-refused', { ...failure, code: 'schema-change-refused' })
          else state.emit('schema-change-failed', failure)
          openId = end === 'made' ? undefined : end === 'half' ? id : openId
          const other = ask(structuredCopy(state), actors.operations, { name: 'change-schema', ...another })
          expect(other).toBe(openId === undefined ? 'taken' : 'schema-change-unfinished')
        }
      }),
    )
  })
})

function structuredCopy(state: ReturnType<typeof inRetention>): ReturnType<typeof inRetention> {
  const copy = inRetention()
  Object.assign(copy, { current: structuredClone(state.migration) })
  return copy
}
