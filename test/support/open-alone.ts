import type { AlonePlan } from '../../families/postgresql/switchover/open-alone.ts'
import type { SwitchPlan } from '../../families/postgresql/switchover/plan.ts'

/** The plan of an opening without the side that a rollback would go from. */
export function alonePlan({ from, ...plan }: SwitchPlan, changed: Partial<AlonePlan> = {}): AlonePlan {
  const { to, entry, pauseTimeoutMs, sequenceMargin, signal, say } = plan
  return {
    gone: from,
    to,
    entry,
    lookTimeoutMs: 2_000,
    pauseTimeoutMs,
    sequenceMargin,
    signal,
    say,
    ...changed,
  }
}
