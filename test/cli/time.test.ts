import { describe, expect, it } from '@jest/globals'

import { formatDuration, parseDuration } from '../../domain/duration.ts'
import { parseInstant } from '../../cli/time/instant.ts'
import { formatInstant } from '../../domain/wall-clock.js'

const shanghai = 'Asia/Shanghai'
const fromMs = Date.parse('2026-11-22T04:00:00Z')
const at = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['+', undefined],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['0s', 0],
    ['200ms', 200],
    ['1s500ms', 1_500],
    ['5', undefined],
    ['5 m', undefined],
    ['-5m', undefined],
    ['', undefined],
  ])('"%s" is read as %p', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs)
  })

  it.each([
    [46, '46 ms', '46毫秒'],
    [59_999, '59 s', '59秒'],
    [60_000, '1 min', '1分'],
    [3_661_000, '1 h 1 min', '1小时1分'],
    [90_061_000, '1 d 1 h', '1天1小时'],
    [-5, '0 ms', '0毫秒'],
  ])('%d ms is said as "%s" and "%s"', (durationMs, en, zh) => {
    expect(formatDuration(durationMs, 'en')).toBe(en)
    expect(formatDuration(durationMs, 'zh')).toBe(zh)
  })
})

describe('an instant', () => {
  it.each([
    ['+30m', '2026-11-22T04:30:00Z'],
    ['2026-12-01T22:00', '2026-12-01T14:00:00Z'],
    ['2026-12-01 22:00:30', '2026-12-01T14:00:30Z'],
    ['2026-12-01T22:00+09:00', '2026-12-01T13:00:00Z'],
    ['2026-12-01T22:00:00.500Z', '2026-12-01T22:00:00.500Z'],
    ['2026-02-30T10:00', undefined],
    ['2026-12-01', undefined],
    ['tomorrow', undefined],
    ['+tomorrow', undefined],
  ])('"%s" is read as %p where the zone is Asia/Shanghai', (text, expected) => {
    expect(parseInstant(text, fromMs, shanghai)).toBe(at(expected))
  })

  it('that daylight saving leaves out is no time, and one around the change is right', () => {
    const berlin = 'Europe/Berlin'
    expect(parseInstant('2026-03-29T02:30', fromMs, berlin)).toBeUndefined()
    expect(parseInstant('2026-03-29T01:59', fromMs, berlin)).toBe(at('2026-03-29T00:59:00Z'))
    expect(parseInstant('2026-03-29T03:01', fromMs, berlin)).toBe(at('2026-03-29T01:01:00Z'))
  })

  it('is shown on the clocks of its zone', () => {
    expect(formatInstant(fromMs, shanghai)).toBe('2026-11-22 12:00:00')
    expect(formatInstant(fromMs + 999, 'America/New_York')).toBe('2026-11-21 23:00:00')
  })
})
