const manyTimes = 3
const longEnoughMs = 5_000
/** Interval of retries on servers before 15, which count no errors. */
const uncountedEveryMs = 5_000
/** What goes on for so long is no try that fails: those of a busy server take moments, and are seen at work. */
const uncountedRunMs = 30_000

/** Counts failures since the last progress. */
export class FailureCount {
  private known: number | undefined
  private left = Number.POSITIVE_INFINITY
  private firstAtMs: number | undefined
  private lastAtMs = 0
  private failed = 0
  private goesOnSinceMs: number | undefined

  /** Notes one look: the server's count of errors, the remaining work, and whether it stands still. */
  see(errors: number | null | undefined, left: number, standsStill: boolean): void {
    const nowMs = performance.now()
    if (left < this.left) this.startAnew()
    this.left = left
    if (typeof errors === 'number') {
      const more = errors - (this.known ?? errors)
      this.known = errors
      if (more > 0) this.add(more, nowMs)
      return
    }
    if (standsStill) {
      this.goesOnSinceMs = undefined
      if (this.failed === 0 || nowMs - this.lastAtMs >= uncountedEveryMs) this.add(1, nowMs)
      return
    }
    this.goesOnSinceMs ??= nowMs
    if (nowMs - this.goesOnSinceMs >= uncountedRunMs) this.startAnew()
  }

  get count(): number {
    return this.failed
  }

  /** Milliseconds since the first of these failures. */
  get forMs(): number {
    return this.firstAtMs === undefined ? 0 : performance.now() - this.firstAtMs
  }

  get areMany(): boolean {
    return this.failed >= manyTimes && this.forMs >= longEnoughMs
  }

  private add(more: number, nowMs: number): void {
    this.failed += more
    this.firstAtMs ??= nowMs
    this.lastAtMs = nowMs
  }

  private startAnew(): void {
    this.failed = 0
    this.firstAtMs = undefined
  }
}
