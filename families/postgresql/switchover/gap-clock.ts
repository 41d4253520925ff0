import { DeadlineReachedError } from './errors.ts'
import type { GapPart, SwitchPlan } from './plan.ts'

/** Progress of the gap of one database, from which an abort and the result are derived. */
export class GapClock {
  readonly anatomyMs: Partial<Record<GapPart, number>> = {}
  part: GapPart = 'pause'
  /** Whether the commit was sent over a connection not known to be lost; then only the side `to` knows whether the switch happened. */
  commitSent = false
  readonly beganAt = performance.now()
  private readonly ended = new AbortController()
  private readonly late: NodeJS.Timeout

  constructor(private readonly plan: Pick<SwitchPlan, 'deadlineMs' | 'onPart'>) {
    // Not AbortSignal.timeout: what is made of it may be collected unfired, https://github.com/nodejs/node/issues/57736
    this.late = setTimeout(() => {
      this.stop()
    }, plan.deadlineMs)
    this.late.unref()
  }

  /** Fires at the deadline, or when the gap of another database has failed that is switched together with this one. */
  get signal(): AbortSignal {
    return this.ended.signal
  }

  /** Ends the part under way. */
  stop(): void {
    clearTimeout(this.late)
    this.ended.abort()
  }

  /** Runs and measures one part, within the deadline. @throws DeadlineReachedError */
  async run<T>(part: GapPart, work: () => Promise<T>): Promise<T> {
    this.part = part
    this.plan.onPart?.(part)
    if (this.signal.aborted) throw new DeadlineReachedError(part, this.plan.deadlineMs)
    const began = performance.now()
    let stop: (() => void) | undefined
    const late = new Promise<never>((_resolve, reject) => {
      stop = () => {
        reject(new DeadlineReachedError(part, this.plan.deadlineMs))
      }
      this.signal.addEventListener('abort', stop)
    })
    try {
      return await Promise.race([work(), late])
    } finally {
      if (stop !== undefined) this.signal.removeEventListener('abort', stop)
      this.anatomyMs[part] = round(performance.now() - began)
    }
  }

  elapsedMs(): number {
    return round(performance.now() - this.beganAt)
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
