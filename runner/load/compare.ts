import type { Said } from '../../domain/words/message.ts'
import { said, say } from '../../domain/words/said.ts'
import { quantileRatio } from '../../domain/measurement/latency.ts'
import type {
  LoadComparison,
  LoadErrorClass,
  LoadFailure,
  LoadReport,
  TargetLoad,
} from '../../domain/measurement/load.ts'
import { generateLoad } from './generate.ts'
import type { LoadProfile, LoadTarget } from './profile.ts'
import { FailureCounts, increase, newHistogram, summaryOf, type LoadTally } from './tally.ts'

/** How many kinds of failure a report names. */
const mostFailures = 5

export interface LoadTestOptions {
  /** Runs of each target. Targets take turns, so that a busy minute of the machine affects all of them. */
  readonly repeats: number
  /** A run is discarded and repeated if the p99 lag of the generator's own event loop exceeds this. */
  readonly maxGeneratorLagMs: number
  /** Limit of repeated runs, over all targets. */
  readonly spareRuns: number
  readonly signal?: AbortSignal | undefined
  readonly say?: ((line: string) => void) | undefined
}

/**
 * Puts the same load on several targets in turn; the first is the baseline for the others.
 * @throws the signal's reason if aborted
 */
export async function loadTest(
  targets: readonly LoadTarget[],
  profile: LoadProfile,
  options: LoadTestOptions,
): Promise<LoadReport> {
  const runs = new Map<LoadTarget, LoadTally[]>(targets.map((target) => [target, []]))
  const invalidBecause: Said[] = []
  let discardedRuns = 0
  for (let repeat = 0; repeat < options.repeats; repeat += 1) {
    for (const target of repeat % 2 === 0 ? targets : targets.toReversed()) {
      let run = await generateLoad(target, profile, options.signal)
      while (run.generatorLagP99Ms > options.maxGeneratorLagMs && discardedRuns < options.spareRuns) {
        discardedRuns += 1
        options.say?.(`made again: ${say('en', lateness(repeat + 1, target, run, options))}`)
        run = await generateLoad(target, profile, options.signal)
      }
      if (run.generatorLagP99Ms > options.maxGeneratorLagMs) {
        invalidBecause.push(lateness(repeat + 1, target, run, options))
      }
      runs.get(target)?.push(run)
      options.say?.(
        `run ${repeat + 1} of "${target.name}": p95 ${summaryOf(run.latencyUs).p95} ms, ${run.failed} of ${run.requests} failed`,
      )
    }
  }
  return {
    ratePerSecond: profile.ratePerSecond,
    seconds: profile.seconds,
    warmupSeconds: profile.warmupSeconds,
    repeats: options.repeats,
    valid: invalidBecause.length === 0,
    invalidBecause,
    discardedRuns,
    targets: [...runs].map(([target, tallies]) => targetLoad(target, profile, tallies)),
    comparisons: comparisonsOf(runs),
  }
}

function lateness(run: number, { name }: LoadTarget, tally: LoadTally, options: LoadTestOptions): Said {
  return said('generator-late', {
    run,
    target: name,
    lateMs: tally.generatorLagP99Ms,
    allowedMs: options.maxGeneratorLagMs,
  })
}

function comparisonsOf(runs: ReadonlyMap<LoadTarget, readonly LoadTally[]>): LoadComparison[] {
  const [first, ...others] = [...runs]
  if (first === undefined) return []
  const [baseline, baselineRuns] = first
  const blocksOf = (tallies: readonly LoadTally[]) => tallies.flatMap((tally) => tally.blocks)
  return others.map(([target, tallies]) => {
    const p95Ratio = quantileRatio(blocksOf(baselineRuns), blocksOf(tallies), 0.95)
    const p99Ratio = quantileRatio(blocksOf(baselineRuns), blocksOf(tallies), 0.99)
    return {
      target: target.name,
      baseline: baseline.name,
      ...(p95Ratio && { p95Ratio }),
      ...(p99Ratio && { p99Ratio }),
    }
  })
}

function targetLoad(target: LoadTarget, profile: LoadProfile, runs: readonly LoadTally[]): TargetLoad {
  const latencyUs = newHistogram()
  const byStatus = new Map<string, number>()
  const errors = new Map<LoadErrorClass, number>()
  let requests = 0
  let failed = 0
  let takenMs = 0
  for (const run of runs) {
    latencyUs.add(run.latencyUs)
    requests += run.requests
    failed += run.failed
    takenMs += Math.max(run.lastEndMs, profile.seconds * 1000)
    for (const [status, count] of run.byStatus) increase(byStatus, status, count)
    for (const [reason, count] of run.errors) increase(errors, reason, count)
  }
  return {
    name: target.name,
    url: target.url,
    requests,
    failed,
    failedShare: requests === 0 ? 0 : failed / requests,
    offeredPerSecond: profile.ratePerSecond,
    achievedPerSecond: takenMs === 0 ? 0 : Math.round(((requests - failed) / takenMs) * 100_000) / 100,
    latencyMs: summaryOf(latencyUs),
    byRequest: byRequestOf(runs),
    byStatus: Object.fromEntries(byStatus),
    errors: Object.fromEntries(errors),
    failures: failuresOf(profile, runs),
    runs: runs.map((run) => ({
      p95Ms: summaryOf(run.latencyUs).p95,
      failed: run.failed,
      generatorLagP99Ms: run.generatorLagP99Ms,
    })),
  }
}

/** What failed most, each kind of request by its method and path. */
function failuresOf({ requests }: LoadProfile, runs: readonly LoadTally[]): LoadFailure[] {
  const paths = new Map(requests.map(({ name, method, path }) => [name, `${method} ${path}`]))
  const counts = new FailureCounts()
  for (const failure of runs.flatMap(({ failures }) => failures))
    counts.add({ ...failure, request: paths.get(failure.request) ?? failure.request })
  return counts.all.toSorted((a, b) => b.count - a.count).slice(0, mostFailures)
}

function byRequestOf(runs: readonly LoadTally[]): TargetLoad['byRequest'] {
  const names = new Set(runs.flatMap((run) => [...run.byRequest.keys()]))
  return Object.fromEntries(
    [...names].map((name) => {
      const latencyUs = newHistogram()
      let requests = 0
      let failed = 0
      for (const run of runs) {
        const ofRequest = run.byRequest.get(name)
        if (ofRequest === undefined) continue
        latencyUs.add(ofRequest.latencyUs)
        requests += ofRequest.requests
        failed += ofRequest.failed
      }
      return [name, { requests, failed, latencyMs: summaryOf(latencyUs) }]
    }),
  )
}
