import { createPublicKey, verify } from 'node:crypto'
import type { MigrationEvent, Rehearsal } from '../domain/move/event.ts'
import type { Finding } from '../domain/assessment/finding.ts'
import type { Migration } from '../domain/move/migration.ts'
import type { RecordedReason } from '../domain/move/recorded-reason.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { StepOutcome } from '../domain/playbook/outcome.ts'
import { methodsOf } from '../domain/plan/method.ts'
import { judgeAttested } from '../domain/move/rules/attested-gates.ts'
import { judgeRehearsal } from '../domain/move/rules/rehearsal.ts'
import { trialRunReport } from '../domain/report/report.ts'
import type { Signoff } from '../domain/move/signoff.ts'
import { missingParties, signoffText } from '../domain/move/signoff.ts'
import type { AccountsPort } from '../domain/ports/accounts.ts'
import { said } from '../domain/words/said.ts'
import { AlteredError } from '../domain/ports/errors.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import type { ReportsPort } from '../domain/ports/reports.ts'
import { keptFindings } from './assessed-waivers.ts'
import { familiesInPlans } from '../families/index.ts'
import { explained } from './failure.ts'
import { createTrackedActivities } from './tracked.ts'
import { assertOwnWorkflow, carrierOf, type OwnWorkflowDeps } from './own-workflow.ts'
import { wholeOutcomes } from './step-results.ts'

export interface ReportDeps extends OwnWorkflowDeps {
  readonly migrations: Pick<MigrationsPort, 'events' | 'get'>
  readonly reports: ReportsPort
  readonly facts: FactsPort
  readonly accounts: AccountsPort
}

/**
 * Rehearsal results, trial-run reports and the signatures under them: for the move that its own workflow carries.
 * Each throws OtherWorkflowError for any other.
 */
export function createReportActivities(deps: ReportDeps) {
  const assertOwn = async (what: string, subject: string) =>
    assertOwnWorkflow(deps, { what, subject }, (id) => id === carrierOf(subject))
  return explained({
    ...createTrackedActivities(deps, assertOwn),

    /** Keeps the results of the rehearsal's steps and holds them against the policy's gates. */
    async judgeRehearsal(input: {
      readonly migration: string
      readonly plan: MigrationPlan
      readonly done: readonly StepOutcome[]
    }): Promise<Rehearsal> {
      await assertOwn('judgeRehearsal', input.migration)
      const done = await wholeOutcomes(deps.facts, input.done)
      const evidenceDigest = await deps.facts.put(done)
      return { ...judged(done, input.plan), evidenceDigest }
    },

    /** Keeps the results of the steps that wiped, their proofs among them, and adds up what they removed. */
    async keepProofs(input: {
      readonly migration: string
      readonly wipes: readonly StepOutcome[]
    }): Promise<{ readonly proofDigest: string; readonly removedBytes: number }> {
      await assertOwn('keepProofs', input.migration)
      const wipes = await wholeOutcomes(deps.facts, input.wipes)
      const proofDigest = await deps.facts.put(wipes)
      const bytes = wipes.map(({ result }) => Number(result['removedBytes'] ?? 0))
      return { proofDigest, removedBytes: bytes.reduce((sum, each) => sum + each, 0) }
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
      await assertOwn('compileReport', input.migration)
      const events = (await deps.migrations.events(input.migration)).filter(
        (e) => e.sequence <= input.upToSequence,
      )
      const findings = await findingsIn(deps.facts, events)
      const report = trialRunReport(events, findings, { ...input, methods })
      const stored = await deps.reports.put(input.migration, input.version, report)
      return { digest: stored.digest }
    },

    /**
     * Checks every signature again, with the keys as they are registered now, over the report as it is stored.
     * @returns why the recognition does not hold; null when it does.
     */
    async verifySignatures(input: { readonly migration: string }): Promise<RecordedReason | null> {
      await assertOwn('verifySignatures', input.migration)
      const m = await deps.migrations.get(input.migration)
      if (!m.report) return said('no-report')
      const altered = await alteredReport(deps.reports, input.migration, m.report.digest)
      if (altered !== undefined) return altered
      const missing = missingParties(m.plan.policy.parties, m.signoffs, m.report.digest)
      if (missing.length > 0) return said('signature-missing', { parties: missing })
      for (const signoff of m.signoffs) {
        const account = await deps.accounts.find(signoff.account)
        if (account?.role !== signoff.party || account.organisation !== signoff.organisation) {
          return said('signer-not-registered', {
            account: signoff.account,
            party: signoff.party,
            organisation: signoff.organisation,
          })
        }
        if (account.key?.keyId !== signoff.keyId) {
          return said('signing-key-not-registered', { keyId: signoff.keyId, account: signoff.account })
        }
        if (!isSignedBy(m, signoff, account.key.publicKeyPem)) {
          return said('signed-other-report', { account: signoff.account })
        }
      }
      return null
    },
  })
}

const methods = (plan: MigrationPlan) => methodsOf(plan, familiesInPlans)

/** What people attest is held against the same limits, by gates of other names. */
function judged(done: readonly StepOutcome[], { tracked, policy }: MigrationPlan) {
  return tracked === undefined ? judgeRehearsal(done, policy.gates) : judgeAttested(done, policy.gates)
}

/** Every finding of the assessment: whoever signs the report signs each of them. */
async function findingsIn(facts: FactsPort, events: readonly MigrationEvent[]): Promise<readonly Finding[]> {
  const assessed = events.findLast((event) => event.type === 'assessed')
  return assessed === undefined ? [] : keptFindings(facts, assessed.data.assessment)
}

async function alteredReport(
  reports: ReportsPort,
  migration: string,
  digest: string,
): Promise<RecordedReason | undefined> {
  try {
    await reports.get(migration, digest)
    return undefined
  } catch (error) {
    if (!(error instanceof AlteredError)) throw error
    return error.told ?? error.message
  }
}

function isSignedBy(m: Migration, s: Signoff, publicKeyPem: string): boolean {
  const text = signoffText({
    migration: m.migration,
    system: m.plan.system,
    profile: m.plan.policy.profile,
    reportVersion: s.reportVersion,
    digest: s.digest,
    party: s.party,
    organisation: s.organisation,
    account: s.account,
    decision: 'recognise',
  })
  return verify(null, Buffer.from(text), createPublicKey(publicKeyPem), Buffer.from(s.signature, 'base64'))
}
