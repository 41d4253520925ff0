import { beforeAll, describe, expect, it } from '@jest/globals'
import { System } from '../../domain/ledger/system.ts'
import { AuditLog } from '../../storage/audit.ts'
import { NotStoredError } from '../../domain/ports/errors.ts'
import { LaunchExistsError, PlanExistsError } from '../../storage/errors.ts'
import { LaunchStore } from '../../storage/launches.ts'
import { PlanStore } from '../../storage/plans.ts'
import { SystemStore } from '../../storage/systems.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { samplePlan } from '../support/plan.ts'
import { shortHistory } from './history.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlacesTakenError } from '../../domain/ports/errors.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'

const database = useDatabase()
const systems = () => new SystemStore(database.pool)
const plans = () => new PlanStore(database.pool)
const launches = () => new LaunchStore(database.pool)
const permitDesk = System.parse({
  system: 'permit-desk',
  name: '许可受理',
  department: 'permit-bureau',
  mlpsLevel: 2,
  classified: false,
})

beforeAll(async () => {
  await systems().import([permitDesk], actors.coordinator, 1)
})

describe('the ledger', () => {
  it('says of each entry whether it was created, updated or unchanged, and audits what changed', async () => {
    const entries = [permitDesk, { ...permitDesk, system: 'archive' }]
    expect(await systems().preview(entries)).toEqual(['unchanged', 'created'])
    expect(await systems().import(entries, actors.coordinator, 2)).toEqual(['unchanged', 'created'])
    const renamed = { ...permitDesk, name: '许可受理二期' }
    expect(await systems().import([renamed], actors.coordinator, 3)).toEqual(['updated'])
    expect(await systems().get('permit-desk')).toEqual(renamed)
    const said = (await new AuditLog(database.pool).list(0, 100)).map(({ entry }) => [
      entry.subject,
      entry.detail['outcome'],
    ])
    expect(said).toEqual([
      ['permit-desk', 'created'],
      ['archive', 'created'],
      ['permit-desk', 'updated'],
    ])
  })

  it('does not know a system nobody imported', async () => {
    await expect(systems().get('nobody')).rejects.toThrow(NotStoredError)
  })
})

describe('plans', () => {
  it('are frozen: the same again is harmless, another content under the name is refused', async () => {
    const first = await plans().create(samplePlan(), actors.coordinator, 5)
    expect(await plans().create(samplePlan(), actors.coordinator, 9)).toEqual(first)
    expect(first.createdAtMs).toBe(5)
    await expect(
      plans().create(samplePlan({ trialRun: { days: 1 } }), actors.coordinator, 9),
    ).rejects.toThrow(PlanExistsError)
    expect((await plans().get('permit-desk-plan')).content).toEqual(samplePlan())
  })

  it('are listed for the organisations that take part', async () => {
    expect(await plans().list('permit-soft')).toHaveLength(1)
    expect(await plans().list('another-company')).toEqual([])
  })
})

describe('launches', () => {
  const request = (requestId: string) => ({
    requestId,
    system: 'permit-desk',
    plan: 'permit-desk-plan',
    planDigest: 'd',
    content: samplePlan(),
  })

  it('get the next number each, the same one when asked again, and give it back when withdrawn', async () => {
    const first = await launches().reserve(request('a'), actors.coordinator, 1)
    expect(first.migration).toBe('permit-desk-1')
    expect(await launches().reserve(request('a'), actors.coordinator, 1)).toEqual(first)
    const other = { ...request('a'), plan: 'another-plan' }
    await expect(launches().reserve(other, actors.coordinator, 1)).rejects.toThrow(LaunchExistsError)
    expect((await launches().reserve(request('b'), actors.coordinator, 1)).migration).toBe('permit-desk-2')
    await launches().withdraw('permit-desk-2', actors.coordinator, 3)
    const told = (await new AuditLog(database.pool).list(0, 100)).filter(
      ({ entry }) => entry.subject === 'permit-desk-2',
    )
    expect(told.map(({ entry }) => entry.kind)).toEqual(['launch-requested', 'launch-withdrawn'])
    expect((await launches().reserve(request('c'), actors.coordinator, 1)).migration).toBe('permit-desk-2')
  })

  it('at the same time get different numbers', async () => {
    const many = await Promise.all(
      Array.from({ length: 6 }, (_, n) => launches().reserve(request(`r${n}`), actors.coordinator, 1)),
    )
    expect(new Set(many.map(({ migration }) => migration)).size).toBe(6)
  })
})

describe('launches of systems whose plans name the same places', () => {
  const names = Array.from({ length: 20 }, (_, n) => `twin${String(n)}`)
  const planOf = (system: string) => ({ ...samplePlan(), plan: `${system}-plan`, system })
  const reserve = (system: string, atMs = 5) => {
    const content = planOf(system)
    const request = { requestId: system, system, plan: content.plan, planDigest: 'd', content }
    return launches().reserve(request, actors.coordinator, atMs)
  }

  beforeAll(async () => {
    await database.pool.query('delete from launch')
    await systems().import(
      names.map((system) => ({ ...permitDesk, system })),
      actors.coordinator,
      1,
    )
    for (const system of names) await plans().create(planOf(system), actors.coordinator, 1)
  })

  it('are refused but for one, however many come at the same moment, naming the move that has them', async () => {
    const outcomes = await Promise.allSettled(names.map((system) => reserve(system)))
    const taken = outcomes.filter(({ status }) => status === 'fulfilled')
    expect(taken).toHaveLength(1)
    const winner = names[outcomes.findIndex(({ status }) => status === 'fulfilled')]!
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue
      expect(outcome.reason).toBeInstanceOf(PlacesTakenError)
      expect(outcome.reason).toMatchObject({ code: 'places-taken', migration: `${winner}-1`, system: winner })
      expect(String(outcome.reason)).toContain(
        `names what the move "${winner}-1" by the plan "${winner}-plan" of "${winner}" works on: its "datasets.database.source"`,
      )
    }
    // The same request again is the same launch, and the system's own plans are not in its way.
    expect(await reserve(winner)).toMatchObject({ migration: `${winner}-1` })
  })

  it('are free again when the launch is withdrawn, but not because its move is slow to begin', async () => {
    const [held] = (await launches().underWay('permit-desk')).map(({ migration }) => migration)
    const free = names.find((system) => `${system}-1` !== held)!
    await launches().withdrawStale(held!, actors.coordinator, 9, 5)
    await expect(reserve(free)).rejects.toThrow(PlacesTakenError)
    await launches().withdrawStale(held!, actors.coordinator, 9, 6)
    expect(await reserve(free)).toMatchObject({ migration: `${free}-1` })
  })

  it('are taken by a move on record, until it is over', async () => {
    await database.pool.query('delete from launch')
    const [launched, ...later] = shortHistory('twin0-1')
    if (launched?.type !== 'launched') throw new Error('a history begins with its launch')
    const migrations = new MigrationStore(database.pool)
    await migrations.append([{ ...launched, data: { ...launched.data, plan: planOf('twin0') } }, ...later])
    await expect(reserve('twin1')).rejects.toThrow('the move "twin0-1" by the plan "twin0-plan"')
    const end = { ...later.at(-1)!, type: 'aborted', data: { reason: 'not wanted' } } as MigrationEvent
    await migrations.append([{ ...end, sequence: end.sequence + 1 }])
    expect(await reserve('twin1')).toMatchObject({ migration: 'twin1-1' })
  })
})
