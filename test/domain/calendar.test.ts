import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { addSpan } from '../../domain/calendar.ts'

const shanghai = (iso: string): number => DateTime.fromISO(iso, { zone: 'Asia/Shanghai' }).toMillis()

describe('addSpan', () => {
  it.each([
    ['2025-11-30T10:00:00', 3, '2026-02-28T10:00:00'],
    ['2027-11-30T10:00:00', 3, '2028-02-29T10:00:00'],
    ['2026-08-31T23:59:59.999', 3, '2026-11-30T23:59:59.999'],
    ['2026-01-31T00:00:00', 1, '2026-02-28T00:00:00'],
    ['2026-12-15T08:00:00', 3, '2027-03-15T08:00:00'],
  ])('%s plus %i months is %s', (from, months, to) => {
    expect(addSpan(shanghai(from), { months }, 'Asia/Shanghai')).toBe(shanghai(to))
  })

  it('moves a wall-clock time that daylight saving leaves out past the gap', () => {
    const from = DateTime.fromISO('2026-02-28T02:30:00', { zone: 'America/New_York' }).toMillis()
    const gapDay = addSpan(from, { days: 8 }, 'America/New_York')
    expect(DateTime.fromMillis(gapDay, { zone: 'America/New_York' }).toISO()).toBe(
      '2026-03-08T03:30:00.000-04:00',
    )
  })

  it('agrees with another calendar library in every zone, for months and days', () => {
    const zone = fc.constantFrom(
      'Asia/Shanghai',
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
    )
    const instant = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2060, 0, 1) })
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 1, max: 40 }),
        zone,
        fc.boolean(),
        (from, n, timeZone, inMonths) => {
          const there = DateTime.fromMillis(from, { zone: timeZone })
          const expected = there.plus(inMonths ? { months: n } : { days: n })
          const wallClock = expected.toFormat('yyyy-MM-dd HH:mm:ss.SSS')
          const got = addSpan(from, inMonths ? { months: n } : { days: n }, timeZone)
          // Where an hour happens twice, either is on the wall clock; both libraries may choose their own.
          expect(DateTime.fromMillis(got, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss.SSS')).toBe(
            wallClock,
          )
        },
      ),
      { numRuns: 2000 },
    )
  })
})
