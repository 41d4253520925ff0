import { build, type Histogram } from 'hdr-histogram-js'
import { addLatency, newLatencyBlock, type LatencyBlock } from '../../domain/measurement/latency.ts'
import type { LatencySummary, LoadErrorClass, LoadFailure } from '../../domain/measurement/load.ts'

/** The outcome of one request. */
export type Outcome =
  | { readonly served: true; readonly status: number }
  | {
      readonly served: false
      readonly reason: LoadErrorClass
      readonly status?: number
      /** This machine has no way to the address: nothing is known of it. */
      readonly noWayThere?: true
    }

const blocksPerRun = 60

interface RequestTally {
  requests: number
  failed: number
  readonly latencyUs: Histogram
}

/** Failures added up by request, reason and status. */
export class FailureCounts {
  private readonly counts = new Map<string, LoadFailure>()

  get all(): readonly LoadFailure[] {
    return [...this.counts.values()]
  }

  add(failure: LoadFailure): void {
    const { request, because, status } = failure
    const key = `${request} ${because} ${String(status)}`
    const before = this.counts.get(key)?.count ?? 0
    this.counts.set(key, { ...failure, count: before + failure.count })
  }
}

/** The counts of one run. Times are milliseconds since the start of the measured part. */
export class LoadTally {
  requests = 0
  failed = 0
  lastEndMs = 0
  readonly latencyUs = newHistogram()
  readonly byRequest = new Map<string, RequestTally>()
  readonly byStatus = new Map<string, number>()
  private readonly failureCounts = new FailureCounts()
  readonly blocks: LatencyBlock[] = []
  generatorLagP99Ms = 0

  constructor(private readonly measuredMs: number) {}

  add(request: string, dueMs: number, endMs: number, outcome: Outcome): void {
    const ofRequest = this.byRequest.get(request) ?? { requests: 0, failed: 0, latencyUs: newHistogram() }
    this.byRequest.set(request, ofRequest)
    this.requests += 1
    ofRequest.requests += 1
    this.lastEndMs = Math.max(this.lastEndMs, endMs)
    if (outcome.status !== undefined) increase(this.byStatus, String(outcome.status))
    if (!outcome.served) {
      this.failed += 1
      ofRequest.failed += 1
      const { reason: because, status } = outcome
      this.failureCounts.add({ request, because, ...(status !== undefined && { status }), count: 1 })
    }
    // A refused connection is quick and a time-out is slow: counting the first, or skipping the second, would flatter the latency.
    if (outcome.served || outcome.reason === 'timeout') {
      const latencyMs = endMs - dueMs
      const latencyUs = Math.max(1, Math.round(latencyMs * 1000))
      this.latencyUs.recordValue(latencyUs)
      ofRequest.latencyUs.recordValue(latencyUs)
      addLatency(this.blockOf(dueMs), latencyMs)
    }
  }

  /** Each kind of request by its name. */
  get failures(): readonly LoadFailure[] {
    return this.failureCounts.all
  }

  get errors(): ReadonlyMap<LoadErrorClass, number> {
    const errors = new Map<LoadErrorClass, number>()
    for (const { because, count } of this.failures) increase(errors, because, count)
    return errors
  }

  private blockOf(dueMs: number): LatencyBlock {
    const lengthMs = Math.max(1000, this.measuredMs / blocksPerRun)
    const index = Math.max(0, Math.floor(dueMs / lengthMs))
    while (this.blocks.length <= index) this.blocks.push(newLatencyBlock())
    return this.blocks[index] ?? newLatencyBlock()
  }
}

export function newHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  })
}

export function summaryOf(latencyUs: Histogram): LatencySummary {
  const at = (percentile: number): number => toMs(latencyUs.getValueAtPercentile(percentile))
  return { p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: toMs(latencyUs.maxValue) }
}

function toMs(us: number): number {
  return Math.round(us / 10) / 100
}

export function increase<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
