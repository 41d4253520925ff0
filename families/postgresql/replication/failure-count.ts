const manyTimes = 3
const longEnoughMs = 5_000
/** Servers before 15 count no errors: what stands still is begun again about this often. */
const uncountedEveryMs = 5_000

/** How often something has failed since it last got on. */
export class FailureCount {
  private known: number | undefined
  private left = Number.POSITIVE_INFINITY
  private firstAtMs: number | undefined
  private lastAtMs = 0
  private failed = 0

  /** Takes a look: errors counted by the server, how much is left to do, whether it stands still. */
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
    if (!standsStill) this.startAnew()
    else if (nowMs - this.lastAtMs >= uncountedEveryMs) this.add(1, nowMs)
  }

  get count(): number {
    return this.failed
  }

  /** Since the first of these failures. */
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
