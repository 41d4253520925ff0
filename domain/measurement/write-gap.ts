/** How long writers found nobody to take their writes, at one switch or at one that was given up. */
export interface WriteGap {
  /** Milliseconds from the first statement that waited to the last that went on; absent when nothing measured it. */
  readonly gapMs?: number
  /** The figure is a bound: whoever let the writers go on was killed before the moment was on record. */
  readonly gapBound?: 'at-most'
}

/** The gap a step reported. What is no length was not measured: a switch without any gap there is none. */
export function writeGapOf({ gapMs, gapBound }: Readonly<Record<string, unknown>>): WriteGap {
  if (typeof gapMs !== 'number' || !(gapMs > 0)) return {}
  return gapBound === 'at-most' ? { gapMs, gapBound } : { gapMs }
}

/** Gaps one after another as one: a bound when one of them is, and not measured when one of them is not. */
export function totalGap(gaps: readonly WriteGap[]): WriteGap {
  let gapMs = 0
  for (const gap of gaps) {
    if (gap.gapMs === undefined) return {}
    gapMs += gap.gapMs
  }
  return gaps.some(({ gapBound }) => gapBound !== undefined) ? { gapMs, gapBound: 'at-most' } : { gapMs }
}
