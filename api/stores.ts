import { AccountStore } from '../storage/accounts.ts'
import { AuditLog } from '../storage/audit.ts'
import { CommandStore } from '../storage/commands.ts'
import { EvidenceStore } from '../storage/evidence.ts'
import { FactStore } from '../storage/facts.ts'
import { FrozenPlaybookStore } from '../storage/frozen-playbooks.ts'
import { LaunchStore } from '../storage/launches.ts'
import { MeasurementStore } from '../storage/measurements.ts'
import { MigrationStore } from '../storage/migrations.ts'
import { PlanStore } from '../storage/plans.ts'
import { PlaybookRunStore } from '../storage/playbook-runs.ts'
import { ReportStore } from '../storage/reports.ts'
import { SecretAddressStore } from '../storage/secret-addresses.ts'
import { StepJournalStore } from '../storage/step-journal.ts'
import { SystemStore } from '../storage/systems.ts'
import { WorkflowEndStore } from '../storage/workflow-ends.ts'
import type { Pool } from '../storage/pool.ts'

/** Storage as the API reads it, a store for each aggregate. */
export type Stores = ReturnType<typeof createStores>

export function createStores(pool: Pool) {
  return {
    accounts: new AccountStore(pool),
    audit: new AuditLog(pool),
    commands: new CommandStore(pool),
    evidence: new EvidenceStore(pool),
    facts: new FactStore(pool),
    frozenPlaybooks: new FrozenPlaybookStore(pool),
    journal: new StepJournalStore(pool),
    launches: new LaunchStore(pool),
    measurements: new MeasurementStore(pool),
    migrations: new MigrationStore(pool),
    plans: new PlanStore(pool),
    playbookRuns: new PlaybookRunStore(pool),
    reports: new ReportStore(pool),
    secretAddresses: new SecretAddressStore(pool),
    systems: new SystemStore(pool),
    workflowEnds: new WorkflowEndStore(pool),
  }
}
