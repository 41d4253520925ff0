import type { Rehearsal } from '../event.ts'
import { evaluateLoadGates } from './gates.ts'
import type { GateResult, Gates } from './gates.ts'
import type { LoadReport } from '../../measurement/load.ts'
import type { StepOutcome } from '../../playbook/outcome.ts'

/** What a rehearsed switch forth and back reports (step kind `postgres-rehearse`). */
export interface RehearsedSwitches {
  readonly cutoverMs: number
  readonly rollbackMs: number
  readonly cutoverGapMs: number
  readonly rollbackGapMs: number
  readonly ackedWrites: number
  readonly lostWrites: number
}

/** What a verification reports (step kind `postgres-verify`). */
export interface VerificationResult {
  readonly equal: boolean
  readonly rows: number
  readonly differences: readonly string[]
}

/**
 * Holds the results of the rehearsal's steps against the policy. What was not done at all is a missed gate: a rehearsal
 * without a load test, a verification or a rehearsed switch does not pass.
 */
export function judgeRehearsal(
  done: readonly StepOutcome[],
  gates: Gates,
): Omit<Rehearsal, 'evidenceDigest'> {
  const last = (kind: string): unknown => done.filter((d) => d.kind === kind).at(-1)?.result
  const load = last('load-test') as LoadReport | undefined
  const verification = last('postgres-verify') as VerificationResult | undefined
  const switches = last('postgres-rehearse') as RehearsedSwitches | undefined
  return {
    cutoverMs: switches?.cutoverMs ?? 0,
    rollbackMs: switches?.rollbackMs ?? 0,
    ...(switches && { cutoverGapMs: switches.cutoverGapMs, rollbackGapMs: switches.rollbackGapMs }),
    gates: [
      ...(load ? evaluateLoadGates(load, gates) : [notDone('load-test', 'no load test was run')]),
      verification ? verified(verification) : notDone('data-verified', 'the copied data was not verified'),
      ...(switches
        ? switchGates(switches, gates)
        : [notDone('switch-rehearsed', 'no cutover and rollback were rehearsed')]),
    ],
  }
}

const notDone = (name: string, found: string): GateResult => ({ name, passed: false, found })

function verified(v: VerificationResult): GateResult {
  return {
    name: 'data-verified',
    passed: v.equal,
    found: v.equal
      ? `${v.rows} rows are the same on both sides`
      : `differences in ${v.differences.slice(0, 5).join(', ')}`,
  }
}

function switchGates(s: RehearsedSwitches, gates: Gates): GateResult[] {
  const worst = Math.max(s.cutoverGapMs, s.rollbackGapMs)
  return [
    {
      name: 'rehearsed-writes-kept',
      passed: s.ackedWrites > 0 && s.lostWrites === 0,
      found: `${s.lostWrites} of ${s.ackedWrites} acknowledged writes were lost`,
    },
    {
      name: 'rehearsed-write-gap',
      passed: worst <= gates.maxWriteGapMs,
      found: `the longest write gap was ${Math.round(worst)} ms, allowed are ${gates.maxWriteGapMs} ms`,
    },
  ]
}
