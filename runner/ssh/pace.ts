import { Transform, type TransformCallback } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** A limit is asked for again after this: hours end while bytes flow. */
const limitHoldsMs = 1_000

/** Holds back what goes through its streams, all of them together, so that it keeps to a limit that may change with the hour. */
export class Pace {
  private freeAtMs = 0
  private limit: number | undefined
  private askedAtMs = -Infinity

  /** `bytesPerSecond` says what holds at an instant; undefined: nothing is held back. */
  constructor(private readonly bytesPerSecond: (atMs: number) => number | undefined) {}

  /** A stream that passes its bytes on at this pace, until the signal ends the wait. */
  stream(signal: AbortSignal): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
        const passOn = () => {
          done(null, chunk)
        }
        this.wait(chunk.length, signal).then(passOn, passOn)
      },
    })
  }

  private async wait(bytes: number, signal: AbortSignal): Promise<void> {
    const nowMs = Date.now()
    if (nowMs - this.askedAtMs >= limitHoldsMs) {
      this.limit = this.bytesPerSecond(nowMs)
      this.askedAtMs = nowMs
    }
    if (this.limit === undefined) return
    this.freeAtMs = Math.max(nowMs, this.freeAtMs) + (bytes / this.limit) * 1000
    await sleep(this.freeAtMs - nowMs, undefined, { signal })
  }
}
