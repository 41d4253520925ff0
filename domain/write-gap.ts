/** How long writers found nobody to take their writes, at one switch or at one that was given up. */
export interface WriteGap {
  /** Milliseconds from the first statement that waited to the last that went on; absent when nothing measured it. */
  readonly gapMs?: number
  /** The figure is a bound: whoever let the writers go on was killed before the moment was on record. */
  readonly gapBound?: 'at-most'
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
