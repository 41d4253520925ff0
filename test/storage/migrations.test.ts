import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { applyEvent, type Migration } from '../../domain/move/migration.ts'
import { verifyAudit } from '../../storage/audit-verification/verify.ts'
import { NotStoredError } from '../../domain/ports/errors.ts'
import { EventConflictError, EventGapError } from '../../storage/errors.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { histories, shortHistory } from './history.ts'

const database = useDatabase()
let moves = 0
const freshId = () => `permit-desk-${(moves += 1)}`
const store = () => new MigrationStore(database.pool)

afterEach(() => {
  expect(database.pool.waitingCount).toBe(0)
  expect(database.pool.idleCount).toBe(database.pool.totalCount)
})

const fold = (events: readonly MigrationEvent[]) =>
  events.reduce<Migration | undefined>((m, event) => applyEvent(m, event), undefined)

describe('the store of moves', () => {
  it('keeps a projection that equals what the events add up to, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(histories('property'), fc.nat(24), async (made, cut) => {
        const migration = freshId()
        const events = made.map((event) => ({ ...event, migration }))
        await store().append(events.slice(0, cut + 1))
        const again = events.slice(Math.max(0, cut - 3))
        if (again.length > 0) await store().append(again)
        const stored = await store().get(migration)
        expect(stored).toEqual(JSON.parse(JSON.stringify(fold(events))))
        expect(await store().rebuildProjection(migration)).toEqual(stored)
        expect(await store().events(migration)).toEqual(JSON.parse(JSON.stringify(events)))
      }),
      { numRuns: 40 },
    )
    const { looked, faults } = await verifyAudit(database.pool)
    // People have asked for none of it; that alone is found.
    expect(looked.flatMap(({ table, faults: count }) => (count > 0 ? [table] : []))).toEqual(['event'])
    expect(new Set(faults.map(({ what }) => what.code))).toEqual(new Set(['audit-not-asked-for']))
  })

  it('skips events it has and refuses another event in their place, changing nothing', async () => {
    const events = shortHistory(freshId())
    const before = await store().append(events)
    expect(await store().append(events)).toEqual(before)
    const other = events.map((event) => ({ ...event, atMs: event.atMs + 1 }))
    await expect(store().append(other)).rejects.toThrow(EventConflictError)
    expect(await store().events(before.migration)).toHaveLength(3)
  })

  it('takes a later moment for the same event from a run that was reset alone, and keeps the first', async () => {
    const events = shortHistory(freshId())
    const before = await store().append(events, 'first run')
    const later = events.map((event) => ({ ...event, atMs: event.atMs + 1 }))
    await expect(store().append(later, 'first run')).rejects.toThrow(EventConflictError)
    await expect(store().append(later)).rejects.toThrow(EventConflictError)
    expect(await store().append(later, 'second run')).toEqual(before)
    const byAnother = later.map((event) => ({ ...event, actor: actors.vendor }))
    await expect(store().append(byAnother, 'second run')).rejects.toThrow(EventConflictError)
    expect(await store().events(before.migration)).toEqual(JSON.parse(JSON.stringify(events)))
  })

  it('refuses a gap and records none of the events after it', async () => {
    const [first, , third] = shortHistory(freshId())
    await expect(store().append([first!, third!])).rejects.toThrow(EventGapError)
    await expect(store().get(first!.migration)).rejects.toThrow(NotStoredError)
  })

  it('records once when several writers bring the same events at the same time', async () => {
    const events = shortHistory(freshId())
    const results = await Promise.all(Array.from({ length: 8 }, () => store().append(events)))
    expect(new Set(results.map((m) => m.sequence))).toEqual(new Set([3]))
    expect(await store().events(events[0]!.migration)).toHaveLength(3)
  })

  it('places the events of all moves in one order without gaps in time', async () => {
    const start = await store().lastPosition()
    const ids = Array.from({ length: 6 }, freshId)
    await Promise.all(ids.map((id) => store().append(shortHistory(id))))
    const placed = await store().placesAfter(start)
    expect(placed).toHaveLength(18)
    const positions = placed.map(({ position }) => position)
    expect(positions).toEqual([...positions].sort((a, b) => a - b))
  })

  it('finds the newest move of a system by its name, and any by its id', async () => {
    const older = shortHistory('permit-desk-500')
    const newer = shortHistory('permit-desk-501')
    await store().append(newer)
    await store().append(older)
    expect((await store().find('permit-desk'))?.migration).toBe('permit-desk-501')
    expect((await store().find('permit-desk-500'))?.migration).toBe('permit-desk-500')
    expect(await store().find('nobody')).toBeUndefined()
  })

  it('lists for an organisation only the moves it takes part in', async () => {
    const mine = await store().list('permit-soft')
    expect(mine.length).toBeGreaterThan(0)
    expect(await store().list('another-company')).toEqual([])
  })

  it('does not let a recorded event be changed, removed or all of them emptied', async () => {
    for (const sql of ["update event set type = 'x'", 'delete from event', 'truncate event cascade']) {
      await expect(database.pool.query(sql)).rejects.toThrow(/written once/)
    }
  })
})
