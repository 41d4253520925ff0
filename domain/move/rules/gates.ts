import type { LoadReport, TargetLoad } from '../../measurement/load.ts'
import type { Policy } from '../../plan/policy.ts'

export type Gates = Policy['gates']
export type LoadGates = Pick<Gates, 'maxFailedShare' | 'maxP95Ratio' | 'p95FloorMs'>

/** One limit of the policy held against what was measured. `found` is for people and names measure and limit. */
export interface GateResult {
  readonly name: string
  readonly passed: boolean
  readonly found: string
}

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
        ? `the generator kept its rate in ${report.repeats} runs of each target`
        : report.invalidBecause.join('; '),
    },
    ...candidates.map((target) => failedShareGate(target, gates)),
    ...report.targets.slice(1).map((target) => p95Gate(target, report, gates)),
  ]
}

function failedShareGate(target: TargetLoad, gates: LoadGates): GateResult {
  return {
    name: `failed-share-${target.name}`,
    passed: target.requests > 0 && target.failedShare <= gates.maxFailedShare,
    found: `${target.failed} of ${target.requests} requests to "${target.name}" failed (${percent(target.failedShare)}), allowed are ${percent(gates.maxFailedShare)}`,
  }
}

function p95Gate(target: TargetLoad, report: LoadReport, gates: LoadGates): GateResult {
  const name = `p95-${target.name}`
  const p95 = target.latencyMs.p95
  const ratio = report.comparisons.find((comparison) => comparison.target === target.name)?.p95Ratio
  if (ratio === undefined) {
    return { name, passed: false, found: `no answered requests to compare "${target.name}" by` }
  }
  if (p95 <= gates.p95FloorMs) {
    return {
      name,
      passed: true,
      found: `p95 of "${target.name}" is ${round(p95)} ms, fast enough below ${gates.p95FloorMs} ms whatever the baseline does`,
    }
  }
  const measured = `p95 of "${target.name}" is ${round(p95)} ms, ${round(ratio.estimate)} times the baseline (95 % interval ${round(ratio.low)} to ${round(ratio.high)}), allowed are ${gates.maxP95Ratio}`
  const passed = ratio.low <= gates.maxP95Ratio
  const doubtful = passed && ratio.high > gates.maxP95Ratio
  return {
    name,
    passed,
    found: doubtful ? `${measured}: passed, but a longer run would tell more` : measured,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function percent(share: number): string {
  return `${Math.round(share * 100_000) / 1000} %`
}
