import { type Assessment, byCode } from '../domain/assessment/finding.ts'
import { trackedFindings } from '../domain/assessment/tracked-findings.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { AccountsPort } from '../domain/ports/accounts.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import type { Said } from '../domain/words/message.ts'
import { said, sayBoth } from '../domain/words/said.ts'
import { releaseNotHeld } from './release-held.ts'

export interface TrackedDeps {
  readonly migrations: Pick<MigrationsPort, 'get'>
  readonly facts: FactsPort
  readonly accounts: AccountsPort
}

/** What a tracked move asks of storage. `assertOwn` refuses whoever does not carry the move. */
export function createTrackedActivities(
  deps: TrackedDeps,
  assertOwn: (what: string, subject: string) => Promise<void>,
) {
  return {
    /** What stands for the assessment of a tracked move: that nothing was looked at, and what its plan says of it. */
    async assessTracked(input: {
      readonly migration: string
      readonly plan: MigrationPlan
    }): Promise<Assessment> {
      await assertOwn('assessTracked', input.migration)
      const { tracked } = input.plan
      if (tracked === undefined)
        throw new TypeError('The plan is not tracked. Ask for its discovery instead.')
      const findings = trackedFindings(tracked)
      const { zh, en } = sayBoth(said('disposition-of-plan'))
      return {
        findings: byCode(findings),
        findingsDigest: await deps.facts.put(findings),
        // Nothing was looked at that a score could be of.
        readinessScore: 0,
        disposition: tracked.disposition,
        dispositionReason: { zh, en },
        factsDigest: await deps.facts.put({ tracked }),
      }
    },

    /** @returns why the release of the old data does not hold; null when it does. */
    async verifyRelease(input: { readonly migration: string }): Promise<Said | null> {
      await assertOwn('verifyRelease', input.migration)
      const m = await deps.migrations.get(input.migration)
      if (m.retention === undefined || Date.now() < m.retention.untilMs) return said('record-no-release')
      return (await releaseNotHeld(deps.accounts, m)) ?? null
    },
  }
}
