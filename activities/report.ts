import { createPublicKey, verify } from 'node:crypto'
import { QianyunError } from '../domain/errors.ts'
import type { Rehearsal } from '../domain/event.ts'
import type { MigrationPlan } from '../domain/plan.ts'
import type { StepOutcome } from '../domain/playbook-outcome.ts'
import { judgeRehearsal } from '../domain/rehearsal.ts'
import { trialRunReport } from '../domain/report.ts'
import { missingParties, signoffText } from '../domain/signoff.ts'
import type { AccountStore } from '../storage/accounts.ts'
import type { FactStore } from '../storage/facts.ts'
import type { MigrationStore } from '../storage/migrations.ts'
import type { ReportStore } from '../storage/reports.ts'
import { explained } from './failure.ts'

export interface ReportDeps {
  readonly migrations: MigrationStore
  readonly reports: ReportStore
  readonly facts: FactStore
  readonly accounts: AccountStore
}

/** Thrown when a recorded signature does not stand up to being checked again at the time of use. */
export class SignoffNotValidError extends QianyunError {
  override name = 'SignoffNotValidError'
  readonly code = 'signoff-not-valid'

  constructor(
    readonly migration: string,
    readonly finding: string,
  ) {
    super(
      `The recognition of "${migration}" does not hold: ${finding}. The cutover waits; have the report signed again.`,
    )
  }
}

/** Rehearsal results, trial-run reports and the signatures under them. */
export function createReportActivities(deps: ReportDeps) {
  return explained({
    /** Keeps the results of the rehearsal's steps and holds them against the policy's gates. */
    async judgeRehearsal(input: {
      readonly migration: string
      readonly plan: MigrationPlan
      readonly done: readonly StepOutcome[]
    }): Promise<Rehearsal> {
      const evidenceDigest = await deps.facts.put(input.done)
      return { ...judgeRehearsal(input.done, input.plan.policy.gates), evidenceDigest }
    },

    /**
     * Freezes the report as canonical JSON (RFC 8785) from the events up to a sequence: the same call gives the same
     * bytes, and so the same digest.
     */
    async compileReport(input: {
      readonly migration: string
      readonly upToSequence: number
      readonly version: number
      readonly remark: string
    }): Promise<{ readonly digest: string }> {
      const events = await deps.migrations.events(input.migration)
      const report = trialRunReport(
        events.filter((e) => e.sequence <= input.upToSequence),
        input.version,
        input.remark,
      )
      const stored = await deps.reports.put(input.migration, input.version, report)
      return { digest: stored.digest }
    },

    /** Checks every signature again, with the keys as they are registered now, over the report as it is stored. */
    async verifySignatures(input: { readonly migration: string }): Promise<void> {
      const m = await deps.migrations.get(input.migration)
      const refuse = (finding: string): never => {
        throw new SignoffNotValidError(input.migration, finding)
      }
      if (!m.report) return refuse('there is no report in force')
      await deps.reports.get(input.migration, m.report.digest)
      const missing = missingParties(m.plan.policy.parties, m.signoffs, m.report.digest)
      if (missing.length > 0) return refuse(`the signature of ${missing.join(' and ')} is missing`)
      for (const s of m.signoffs) {
        const account = await deps.accounts.find(s.account)
        if (account?.key?.keyId !== s.keyId)
          return refuse(`the key "${s.keyId}" of "${s.account}" is no longer registered`)
        const text = signoffText({
          migration: m.migration,
          system: m.plan.system,
          profile: m.plan.policy.profile,
          reportVersion: m.report.version,
          digest: m.report.digest,
          party: s.party,
          organisation: s.organisation,
          account: s.account,
          decision: 'recognise',
        })
        const key = createPublicKey(account.key.publicKeyPem)
        if (!verify(null, Buffer.from(text), key, Buffer.from(s.signature, 'base64'))) {
          return refuse(`the signature of "${s.account}" is not over this report`)
        }
      }
    },
  })
}
