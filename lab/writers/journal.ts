import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Milliseconds since 1970 with fractions, never going back within a process. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** The acknowledgements a writer was given, in their order: in memory to measure by, in an append-only file to keep. */
export class Journal<Key> {
  readonly startedAtMs = nowMs()
  private readonly keys: Key[] = []
  private times = new Float64Array(4096)

  private constructor(private readonly file: WriteStream) {}

  static async open<Key>(path: string): Promise<Journal<Key>> {
    await mkdir(dirname(path), { recursive: true })
    return new Journal<Key>(createWriteStream(path, { flags: 'a', mode: 0o640 }))
  }

  /** Notes an acknowledgement; `line` is what the file keeps of it. */
  acknowledge(key: Key, line: string): void {
    if (this.keys.length === this.times.length) {
      const larger = new Float64Array(this.times.length * 2)
      larger.set(this.times)
      this.times = larger
    }
    const atMs = nowMs()
    this.times[this.keys.length] = atMs
    this.keys.push(key)
    this.file.write(`${atMs.toFixed(3)}\tacknowledged\t${line}\n`)
  }

  /** Notes a write whose fate its client cannot know. */
  ambiguous(line: string, reason: string): void {
    this.file.write(`${nowMs().toFixed(3)}\tambiguous\t${line}\t${reason.replaceAll(/\s+/g, ' ')}\n`)
  }

  get count(): number {
    return this.keys.length
  }

  get lastAcknowledgedAtMs(): number {
    return this.times[this.keys.length - 1] ?? this.startedAtMs
  }

  keysWithin(span: Span): Key[] {
    return this.keys.slice(this.indexAfter(span.fromMs), this.indexAfter(span.toMs))
  }

  /** The longest stretch of a span in which no acknowledgement arrived, its edges counted. */
  longestGapMs({ fromMs, toMs }: Span): number {
    let last = fromMs
    let longest = 0
    for (let index = this.indexAfter(fromMs); index < this.keys.length; index += 1) {
      const atMs = this.times[index] ?? toMs
      if (atMs > toMs) break
      longest = Math.max(longest, atMs - last)
      last = atMs
    }
    return Math.max(longest, toMs - last)
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.file.end(() => resolve()))
  }

  /** The index of the first acknowledgement after a moment. */
  private indexAfter(moment: number): number {
    let low = 0
    let high = this.keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.times[middle] ?? Infinity) <= moment) low = middle + 1
      else high = middle
    }
    return low
  }
}
