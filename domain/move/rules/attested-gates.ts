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
 * measured. What nobody has attested is a missed gate.
 */
export function judgeAttested(done: readonly StepOutcome[], gates: Gates): Omit<Rehearsal, 'evidenceDigest'> {
  const of = (does: StepDoes): AttestedFigures | undefined =>
    done.findLast((one) => doneIn(one) === does)?.result
  const [verified, loaded, rehearsed] = [of('verify'), of('load-test'), of('rehearse')]
  const { cutoverMs = 0, rollbackMs = 0, cutoverGapMs, rollbackGapMs } = rehearsed ?? {}
  const gap = Math.max(cutoverGapMs ?? Number.POSITIVE_INFINITY, rollbackGapMs ?? Number.POSITIVE_INFINITY)
  const { compared = 0, different = 0 } = verified ?? {}
  const { failedShare = 1, p95Ratio = Number.POSITIVE_INFINITY } = loaded ?? {}
  return {
    cutoverMs,
    rollbackMs,
    ...(cutoverGapMs !== undefined && { cutoverGapMs }),
    ...(rollbackGapMs !== undefined && { rollbackGapMs }),
    gates: [
      gate('attested-comparison', verified !== undefined && compared > 0 && different === 0, verified, () =>
        said('attested-compared', { compared, different }),
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

function gate(name: string, passed: boolean, attested: unknown, found: () => Said): GateResult {
  return attested === undefined
    ? { name, passed: false, found: said('not-attested') }
    : { name, passed, found: found() }
}
