import { describe, expect, it } from '@jest/globals'
import type { LedgerContradiction } from '../../domain/move/ledger-contradiction.ts'
import { applyEvent, type Migration } from '../../domain/move/migration.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { waitingFor } from '../../domain/move/rules/waiting-for.ts'
import { wayBackStanding } from '../../domain/move/rules/way-back-standing.ts'
import { engineActor } from '../../domain/organisation.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'
import { switchedHistory } from '../storage/history.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
useWorkers(database, temporal)

const classified: LedgerContradiction = { cell: 'classified', planned: 'false', found: 'true' }
const says = (move: Move, contradictions: readonly LedgerContradiction[]) =>
  move.command('ledger-changed', engineActor, { contradictions })
const resume = (move: Move) =>
  move.command('resume', actors.coordinator, { note: 'the ledger is right again' })

async function inRecognition(): Promise<Move> {
  const move = await Move.launch(temporal.env.client, database.pool, nextPlan())
  await move.toRecognition()
  return move
}

describe('a ledger that takes away what a move rests on', () => {
  it('before the cutover voids what was signed; after a correction it is signed anew', async () => {
    const move = await inRecognition()
    expect(await move.sign('owner')).toBe('taken')
    expect(await says(move, [classified])).toBe('taken')
    const held = await move.until('held', ({ standing }) => standing === 'on-hold')
    expect(held).toMatchObject({ signoffs: [], recognised: false, ledger: { contradictions: [classified] } })
    expect(waitingFor(held, 0)[0]?.code).toBe('ledger-contradiction')
    expect(await says(move, [classified])).toBe('ledger-known')
    expect(await move.sign('owner')).toBe('ledger-contradicts')
    expect(await resume(move)).toBe('ledger-contradicts')
    expect(await says(move, [])).toBe('taken')
    expect(await resume(move)).toBe('taken')
    await move.toCutover()
  }, 60_000)

  it('in the cutover takes the window and the recognition with it', async () => {
    const move = await inRecognition()
    await move.toCutover()
    const { env } = temporal
    expect(await move.schedule((await env.currentTimeMs()) + 600_000)).toBe('taken')
    expect(await says(move, [classified])).toBe('taken')
    const held = await move.until('held', ({ standing }) => standing === 'on-hold')
    expect(held).toMatchObject({ signoffs: [], recognised: false })
    expect(held.cutover).toBeUndefined()
    expect(await move.schedule((await env.currentTimeMs()) + 600_000)).not.toBe('taken')
    await says(move, [])
    await resume(move)
    await move.until('recognition again', (m) => m.phase === 'recognition' && m.standing === 'moving')
    await move.toCutover()
    await move.toRetention(await env.currentTimeMs())
  }, 60_000)

  it('after the cutover leaves the move and its way back, refuses the release, and holds once rolled back', async () => {
    const move = await inRecognition()
    await move.toCutover()
    await move.toRetention(await temporal.env.currentTimeMs())
    expect(await says(move, [classified])).toBe('taken')
    const listed = await move.until('told', (m) => m.ledger !== undefined)
    expect(listed.standing).toBe('moving')
    expect(wayBackStanding(listed)).toBe('armed')
    expect(waitingFor(listed, Number.MAX_SAFE_INTEGER).map(({ code }) => code)).not.toContain(
      'retention-release',
    )
    const release = await move.command('release-retention', actors.owner, { statement: 'no longer needed' })
    expect(release).toBe('ledger-contradicts')
    expect(await move.command('roll-back', actors.operations, { reason: 'classified after all' })).toBe(
      'taken',
    )
    const back = await move.until('rolled back', (m) => m.phase === 'trial-run')
    expect(back).toMatchObject({ standing: 'on-hold', ledger: { contradictions: [classified] } })
  }, 60_000)
})

describe('a ledger that changes while sides are being switched', () => {
  const [launched, ...others] = switchedHistory()
  const upToSwitch = others.slice(
    0,
    others.findIndex(({ type }) => type === 'cut-over'),
  )
  const apply = (m: Migration, type: string, data: object): Migration =>
    applyEvent(m, {
      ...launched,
      type,
      data,
      sequence: m.sequence + 1,
    } as unknown as MigrationEvent)
  const during = () => {
    const before = [launched!, ...upToSwitch].reduce<Migration | undefined>(
      (m, e) => applyEvent(m, e),
      undefined,
    )!
    const switching = apply(before, 'step-started', { step: 'switch-over', attempt: 1 })
    return apply(switching, 'ledger-changed', { contradictions: [classified] })
  }

  it('stops no switch half way, holds the move when it is undone, and lists it when it is done', () => {
    expect(during().standing).toBe('moving')
    const undone = apply(during(), 'cutover-aborted', { reason: 'too slow', automatic: true })
    expect(undone).toMatchObject({ standing: 'on-hold', signoffs: [], recognised: false })
    const done = apply(during(), 'cut-over', { result: { gapMs: 1, generation: 2, anatomyMs: {} } })
    expect(done).toMatchObject({ standing: 'moving', ledger: { contradictions: [classified] } })
    expect(waitingFor(done, 0)[0]).toMatchObject({ code: 'ledger-contradiction' })
  })
})
