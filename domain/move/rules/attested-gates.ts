import { doneIn, type StepDoes } from '../../playbook/does.ts'
import type { StepOutcome } from '../../playbook/outcome.ts'
import type { Said } from '../../words/message.ts'
import { said } from '../../words/said.ts'
import type { GateResult, Rehearsal } from '../event.ts'
import type { Gates } from './gates.ts'

interface AttestedFigures {
  readonly compared?: number
  readonly different?: number
  readonly failedShare?: number
  readonly p95Ratio?: number
  readonly cutoverMs?: number
  readonly rollbackMs?: number
  readonly cutoverGapMs?: number
  readonly rollbackGapMs?: number
}

/**
 * Holds what people attest of a rehearsal against the same limits of the policy. The gates have names of their own: nothing of it was
 * measured. What nobody has attested is a missed gate, and every task counts, since each may be of another application or dataset.
 */
export function judgeAttested(done: readonly StepOutcome[], gates: Gates): Omit<Rehearsal, 'evidenceDigest'> {
  const of = (does: StepDoes): readonly AttestedFigures[] =>
    done.filter((one) => doneIn(one) === does).map(({ result }) => result)
  const [verified, loaded, rehearsed] = [of('verify'), of('load-test'), of('rehearse')]
  const worst = (all: readonly AttestedFigures[], figure: keyof AttestedFigures): number =>
    Math.max(...all.map((one) => one[figure] ?? Infinity))
  const sum = (all: readonly AttestedFigures[], figure: keyof AttestedFigures): number =>
    all.reduce((total, one) => total + (one[figure] ?? 0), 0)
  const [cutoverGapMs, rollbackGapMs] = [worst(rehearsed, 'cutoverGapMs'), worst(rehearsed, 'rollbackGapMs')]
  const gap = Math.max(cutoverGapMs, rollbackGapMs)
  const [compared, different] = [sum(verified, 'compared'), sum(verified, 'different')]
  const [failedShare, p95Ratio] = [worst(loaded, 'failedShare'), worst(loaded, 'p95Ratio')]
  return {
    // One after another, as a window has to hold them.
    cutoverMs: sum(rehearsed, 'cutoverMs'),
    rollbackMs: sum(rehearsed, 'rollbackMs'),
    ...(rehearsed.length > 0 && { cutoverGapMs, rollbackGapMs }),
    gates: [
      gate(
        'attested-comparison',
        different === 0 && verified.every((one) => (one.compared ?? 0) > 0),
        verified,
        () => said('attested-compared', { compared, different }),
      ),
      gate('attested-failed-share', failedShare <= gates.maxFailedShare, loaded, () =>
        said('attested-failed', { share: failedShare, allowed: gates.maxFailedShare }),
      ),
      gate('attested-p95', p95Ratio <= gates.maxP95Ratio, loaded, () =>
        said('attested-p95-ratio', { ratio: p95Ratio, allowed: gates.maxP95Ratio }),
      ),
      gate('attested-write-gap', gap <= gates.maxWriteGapMs, rehearsed, () =>
        said('attested-gap', { gapMs: gap, allowedMs: gates.maxWriteGapMs }),
      ),
    ],
  }
}

function gate(name: string, passed: boolean, attested: readonly unknown[], found: () => Said): GateResult {
  return attested.length === 0
    ? { name, passed: false, found: said('not-attested') }
    : { name, passed, found: found() }
}
