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
