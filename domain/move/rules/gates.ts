import type { LoadFailure, LoadReport, TargetLoad } from '../../measurement/load.ts'
import type { Policy } from '../../plan/policy.ts'
import type { Said } from '../../words/message.ts'
import { said, inForeignWords } from '../../words/said.ts'
import type { GateResult } from '../event.ts'

export type Gates = Policy['gates']
export type LoadGates = Pick<Gates, 'maxFailedShare' | 'maxP95Ratio' | 'p95FloorMs'>

/**
 * Holds a load test against the policy: the run must be valid, every target but the baseline must serve, and must not
 * be slower than the baseline by more than allowed. Slower is only what is slower beyond doubt: the gate fails when
 * the whole interval of the ratio lies above the limit, and says so when the measurement leaves room for doubt.
 * With one target alone there is nothing to compare, and only the failed share is judged.
 */
export function evaluateLoadGates(report: LoadReport, gates: LoadGates): GateResult[] {
  const candidates = report.targets.length > 1 ? report.targets.slice(1) : report.targets
  return [
    {
      name: 'load-run-valid',
      passed: report.valid,
      found: report.valid
        ? said('generator-kept-rate', { repeats: report.repeats })
        : said('load-run-invalid', {
            because: report.invalidBecause.map((one) =>
              typeof one === 'string' ? inForeignWords(one) : one,
            ),
          }),
    },
    ...candidates.map((target) => failedShareGate(target, report.targets[0], gates)),
    ...report.targets.slice(1).map((target) => p95Gate(target, report, gates)),
  ]
}

/** Names what failed, and how many the baseline failed: requests that fail there as well are wrong themselves. */
function failedShareGate(target: TargetLoad, baseline: TargetLoad | undefined, gates: LoadGates): GateResult {
  const compared = target.failed > 0 && baseline !== undefined && baseline !== target
  const failures = (target.failures ?? []).map(failureSaid)
  return {
    name: 'failed-share',
    target: target.name,
    passed: target.requests > 0 && target.failedShare <= gates.maxFailedShare,
    found: said('requests-failed', {
      failed: target.failed,
      requests: target.requests,
      target: target.name,
      percent: percent(target.failedShare),
      allowedPercent: percent(gates.maxFailedShare),
      ...(failures.length > 0 && { failures }),
      ...(compared && {
        baseline: baseline.name,
        baselineFailed: baseline.failed,
        baselineRequests: baseline.requests,
      }),
    }),
  }
}

function failureSaid({ request, because, status, count }: LoadFailure): Said {
  const values = { request, count, ...(status !== undefined && { status }) }
  switch (because) {
    case 'wrong-status':
      return said('load-failed-by-status', { ...values, status: status ?? 0 })
    case 'wrong-body':
      return said('load-failed-by-body', values)
    case 'connect':
      return said('load-failed-to-connect', values)
    case 'timeout':
      return said('load-failed-by-timeout', values)
    case 'reset':
      return said('load-failed-by-reset', values)
    case 'overflow':
      return said('load-failed-unsent', values)
  }
}

function p95Gate(target: TargetLoad, report: LoadReport, gates: LoadGates): GateResult {
  const gate = { name: 'p95', target: target.name }
  const p95 = target.latencyMs.p95
  const ratio = report.comparisons.find((comparison) => comparison.target === target.name)?.p95Ratio
  if (ratio === undefined) {
    return { ...gate, passed: false, found: said('nothing-to-compare', { target: target.name }) }
  }
  if (p95 <= gates.p95FloorMs) {
    const found = said('p95-under-floor', {
      target: target.name,
      p95: round(p95),
      floor: gates.p95FloorMs,
    })
    return { ...gate, passed: true, found }
  }
  const passed = ratio.low <= gates.maxP95Ratio
  const doubtful = passed && ratio.high > gates.maxP95Ratio
  const found = said(doubtful ? 'p95-in-doubt' : 'p95-compared', {
    target: target.name,
    p95: round(p95),
    ratio: round(ratio.estimate),
    low: round(ratio.low),
    high: round(ratio.high),
    allowed: gates.maxP95Ratio,
  })
  return { ...gate, passed, found }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function percent(share: number): number {
  return Math.round(share * 100_000) / 1000
}
