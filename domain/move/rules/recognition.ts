import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import { signoffRefusal } from '../signoff.ts'
import { isSwitched } from '../switches.ts'

/** Why the report may not be amended. */
export function amendRefusal(m: Migration): Refusal | undefined {
  if (m.amendment !== undefined) return beingAmended(m.amendment)
  return m.report && (m.phase === 'recognition' || mayStillAmend(m)) ? undefined : refuse('no-report')
}

/** Why a signature is not taken. */
export function signRefusal(
  m: Migration,
  { signoff }: Extract<Command, { name: 'sign-report' }>,
): Refusal | undefined {
  if (m.amendment !== undefined) return beingAmended(m.amendment)
  return m.phase === 'recognition' || m.report === undefined
    ? signoffRefusal(m.report, m.plan.policy, m.plan.organisations, m.launchedBy, m.signoffs, signoff)
    : refuse('not-in-recognition', { phase: m.phase })
}

const beingAmended = (remark: string): Refusal => refuse('report-being-amended', { remark })

/** Before the go, a recognised report can still be amended: the move then goes back to recognition. */
function mayStillAmend(m: Migration): boolean {
  return m.phase === 'cutover' && !isSwitched(m) && m.cutover?.decision !== 'go'
}
