import type { Said } from '../words/message.ts'
import type { Interval } from './latency.ts'

/** Why a request did not count as served. `overflow`: not sent, since too many were still without an answer. */
export type LoadErrorClass = 'connect' | 'timeout' | 'reset' | 'wrong-status' | 'wrong-body' | 'overflow'

/** Requests of one kind that failed in the same way. */
export interface LoadFailure {
  /** Method and path, as the profile has it. */
  readonly request: string
  readonly because: LoadErrorClass
  /** The answer's status, where there was an answer. */
  readonly status?: number
  readonly count: number
}

/** Counted from the moment a request was due, not from when it was sent: waiting is part of the latency. */
export interface LatencySummary {
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** What one target did under the offered load, its repeated runs together, warm-up left out. */
export interface TargetLoad {
  readonly name: string
  readonly url: string
  readonly requests: number
  readonly failed: number
  readonly failedShare: number
  readonly offeredPerSecond: number
  readonly achievedPerSecond: number
  /** Good answers and time-outs (at the time they were given up). Other failures are counted, not timed. */
  readonly latencyMs: LatencySummary
  readonly byRequest: Readonly<
    Record<string, { readonly requests: number; readonly failed: number; readonly latencyMs: LatencySummary }>
  >
  readonly byStatus: Readonly<Record<string, number>>
  readonly errors: Readonly<Partial<Record<LoadErrorClass, number>>>
  /** What failed most, the most frequent first; absent in results of older programs. */
  readonly failures?: readonly LoadFailure[]
  readonly runs: readonly {
    readonly p95Ms: number
    readonly failed: number
    readonly generatorLagP99Ms: number
  }[]
}

/** A target held against the first one, which is the baseline. Undefined when one side gave no good answer. */
export interface LoadComparison {
  readonly target: string
  readonly baseline: string
  readonly p95Ratio?: Interval
  readonly p99Ratio?: Interval
}

/** The result of a load test. Small enough for a journal and a report. */
export interface LoadReport {
  readonly ratePerSecond: number
  readonly seconds: number
  readonly warmupSeconds: number
  readonly repeats: number
  /** False when the generator itself was late: then the latencies say nothing about the targets. */
  readonly valid: boolean
  readonly invalidBecause: readonly (Said | string)[]
  readonly discardedRuns: number
  readonly targets: readonly TargetLoad[]
  readonly comparisons: readonly LoadComparison[]
}
