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

const words = {
  en: { d: ' d', h: ' h', m: ' min', s: ' s', ms: ' ms', gap: ' ' },
  zh: { d: '天', h: '小时', m: '分', s: '秒', ms: '毫秒', gap: '' },
} as const

/** A length of time for people: its two largest units; milliseconds alone below a second. */
export function formatDuration(durationMs: number, language: keyof typeof words): string {
  const word = words[language]
  if (durationMs < 1000) return `${Math.max(0, Math.round(durationMs))}${word.ms}`
  const seconds = Math.floor(durationMs / 1000)
  const parts = [
    [Math.floor(seconds / 86_400), word.d],
    [Math.floor(seconds / 3600) % 24, word.h],
    [Math.floor(seconds / 60) % 60, word.m],
    [seconds % 60, word.s],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(word.gap)
}
