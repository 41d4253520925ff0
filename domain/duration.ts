import type { Language } from './words/message.ts'
import { durationUnits } from './words/names.ts'

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const part = String.raw`(\d{1,6})(ms|s|m|h|d)`

/** A length of time as people write it: `200ms`, `90s`, `30m`, `2h`, `1d`, or several together, `1h30m`. */
export const durationPattern = new RegExp(`^(?:${part})+$`)

/** The written length of time in milliseconds; undefined when it is something else. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined
  return [...text.matchAll(new RegExp(part, 'g'))].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitsMs[unit as keyof typeof unitsMs],
    0,
  )
}

/** A length of time for people: its two largest units; milliseconds alone below a second. */
export function formatDuration(durationMs: number, language: Language): string {
  const say = (unit: keyof typeof durationUnits, count: number): string =>
    durationUnits[unit][language].replace('{count}', String(count))
  if (durationMs < 1000) return say('ms', Math.max(0, Math.round(durationMs)))
  const seconds = Math.floor(durationMs / 1000)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => say(unit, count))
    .join(language === 'zh' ? '' : ' ')
}
