import { describe, expect, it } from '@jest/globals'
import type { PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { switched } from '../support/paper-room.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)
const { operations } = actors
const cutOff: PlaybookOutcome = {
  done: [],
  failure: { step: 'switch', code: 'outcome-unknown', message: 'the switch was cut off' },
}
const reopened: PlaybookOutcome = {
  done: [
    {
      step: 'reopen-database',
      kind: 'postgres-reopen',
      result: { generation: 3, anatomyMs: {}, currentUntil: '2026-11-22T01:02:03.004Z' },
    },
  ],
}

/** A move whose switch was cut off, with what its servers say then. */
async function cutOffWith(
  prepare: (room: ReturnType<typeof paper.of>) => void,
  failure: PlaybookOutcome = cutOff,
) {
  const plan = nextPlan()
  const room = paper.of(plan.system)
  const move = await Move.launch(temporal.env.client, database.pool, plan)
  await move.toRecognition()
  await move.toCutover()
  room.scripts.set('cutover-1', async () => {
    prepare(room)
    return failure
  })
  await move.schedule(Date.now())
  await move.go()
  const blockedBy = async (code: string) =>
    move.until(code, (m) => m.standing === 'blocked' && m.step?.failure?.code === code)
  return { move, room, blockedBy }
}

describe('settling the sides of a cutover', () => {
  it('puts right what a switch has left that made writers wait, and switches nothing', async () => {
    const { move, room, blockedBy } = await cutOffWith((at) => {
      at.sides = { old: 'open', new: 'closed', unsettled: true }
      at.settleFails = 'writers-wait'
    })
    await blockedBy('entry-unsettled')
    const settle = { reason: 'pgbouncer is back' }
    expect(await move.command('settle-cutover', operations, settle)).toBe('taken')
    await blockedBy('writers-wait')
    room.settleFails = undefined
    const ran = room.ran.length
    expect(await move.command('settle-cutover', operations, settle)).toBe('taken')
    const m = await move.until('aborted cutover', (at) => at.cutover === undefined && at.step === undefined)
    expect(m).toMatchObject({ phase: 'cutover', switches: [], standing: 'moving' })
    expect(room.ran).toHaveLength(ran)
    expect(await move.schedule(Date.now())).toBe('taken')
  }, 90_000)

  it('opens one of two closed sides once their servers answer, by a command of its own', async () => {
    const { move, room, blockedBy } = await cutOffWith((at) => {
      at.sides = { old: 'closed', new: 'no-answer' }
    })
    const blocked = await blockedBy('sides-unclear')
    expect(blocked.step?.failure?.message).toContain('the switch was cut off')
    const settle = { reason: 'the cable is back' }
    expect(await move.command('settle-cutover', actors.owner, settle)).toBe('role-not-allowed')
    expect(await move.command('settle-cutover', operations, settle)).toBe('taken')
    await blockedBy('sides-unclear')
    room.sides = { old: 'closed', new: 'closed' }
    expect(await move.command('settle-cutover', operations, settle)).toBe('taken')
    const m = await move.until('aborted cutover', (at) => at.cutover === undefined && at.step === undefined)
    expect(m.settle).toBeUndefined()
    expect(await move.command('settle-cutover', operations, settle)).toBe('nothing-to-settle')
  }, 90_000)

  it('goes on with the new side where that serves', async () => {
    const { move, room, blockedBy } = await cutOffWith((at) => {
      at.sides = { old: 'closed', new: 'no-answer' }
    })
    await blockedBy('sides-unclear')
    room.sides = { old: 'closed', new: 'open', switched: { gapMs: 900, generation: 1, anatomyMs: {} } }
    room.scripts.set('cutover-1', async () => ({ done: [switched] }))
    expect(await move.command('settle-cutover', operations, { reason: 'it is back' })).toBe('taken')
    const m = await move.until('retention', (at) => at.retention !== undefined)
    expect(m.switches).toMatchObject([{ kind: 'cutover', result: { gapMs: 900 } }])
  }, 90_000)

  it('gives up a new side that nobody hears of any more, and never one that answers', async () => {
    const { move, room, blockedBy } = await cutOffWith((at) => {
      at.sides = { old: 'closed', new: 'no-answer' }
    })
    await blockedBy('sides-unclear')
    const gone = { reason: 'it burnt down', newSideGone: true } as const
    room.sides = { old: 'closed', new: 'closed' }
    expect(await move.command('settle-cutover', operations, gone)).toBe('taken')
    await blockedBy('new-side-answers')
    room.sides = { old: 'closed', new: 'no-answer' }
    room.scripts.set('rollback-1-without-new-side', async () => reopened)
    expect(await move.command('settle-cutover', operations, gone)).toBe('taken')
    const m = await move.until('second report', (at) => at.round === 2 && at.report !== undefined)
    expect(m.switches.map(({ kind }) => kind)).toEqual(['cutover', 'rollback'])
    expect(m.tasks.find(({ kind }) => kind === 'acknowledge-rollback')?.details).toMatchObject({
      reason: gone.reason,
      by: operations.account,
      newSideGone: true,
    })
  }, 90_000)

  it('comes before an abort undoes anything, also by its own command while that waits', async () => {
    const { move, room, blockedBy } = await cutOffWith((at) => {
      at.sides = { old: 'closed', new: 'closed' }
      at.settleFails = 'pair-unsettled'
    })
    await blockedBy('pair-unsettled').catch(async () => blockedBy('sides-unclear'))
    expect(await move.command('abort', operations, { reason: 'enough' })).toBe('taken')
    await move.until('looks', (m) => m.step?.id === 'look-at-sides' && m.step.failure !== undefined)
    expect(room.undone).toEqual([])
    room.settleFails = undefined
    expect(await move.command('settle-cutover', operations, { reason: 'both are back' })).toBe('taken')
    await move.until('aborted', (m) => m.standing === 'aborted')
    expect(room.sides.old).toBe('open')
    expect(room.undone[0]).toContain('/replicate')
  }, 90_000)
})

describe('a rollback whose new side dies after the switch back was noted', () => {
  it('is finished without the new side', async () => {
    const plan = nextPlan()
    const room = paper.of(plan.system)
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    await move.toRetention(Date.now())
    room.groups.set('system-rollback', [
      { zone: 'default', steps: ['switch'] },
      { zone: 'default', steps: ['rest'] },
    ])
    room.scripts.set('rollback-1', async (_, [step]): Promise<PlaybookOutcome> =>
      step === 'switch'
        ? { done: [switched] }
        : {
            done: [],
            failure: { step: 'files-last', code: 'host-unreachable', message: 'no route to host' },
          },
    )
    room.scripts.set('rollback-1-without-new-side', async () => reopened)
    expect(await move.command('roll-back', operations, { reason: 'payment fails' })).toBe('taken')
    const blocked = await move.until('blocked', (m) => m.step?.failure?.code === 'host-unreachable')
    expect(blocked.switches.at(-1)?.kind).toBe('rollback')
    expect(await move.command('roll-back', operations, { reason: 'again' })).toBe('nothing-to-roll-back')
    const gone = { reason: 'it burnt down', newSideGone: true } as const
    expect(await move.command('roll-back', operations, gone)).toBe('taken')
    const m = await move.until('second report', (at) => at.round === 2 && at.report !== undefined)
    expect(m.switches).toHaveLength(2)
    expect(m.rollbackRequested).toBeUndefined()
  }, 90_000)
})
