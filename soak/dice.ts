/** Chance that gives the same again for the same seed: a run that found something can be looked at once more. */
export class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d_2b_79_f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  between(low: number, high: number): number {
    return Math.floor(low + this.next() * (high - low + 1))
  }

  bytes(length: number): Buffer<ArrayBuffer> {
    return Buffer.from(Array.from({ length }, () => this.between(0, 255)))
  }

  one<T>(of: readonly T[]): T {
    const found = of[Math.floor(this.next() * of.length)]
    if (found === undefined) throw new RangeError('There is nothing to choose from.')
    return found
  }

  /** Whether something that is so likely happens. */
  happens(likelihood: number): boolean {
    return this.next() < likelihood
  }
}
