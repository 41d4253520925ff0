import type { Client } from '@temporalio/client'
import type pg from 'pg'
import { PlaybookStore } from '../config/playbooks.ts'
import { AccountStore } from '../storage/accounts.ts'
import { AuditLog } from '../storage/audit.ts'
import type { EventFeed } from '../storage/event-feed.ts'
import { EvidenceStore } from '../storage/evidence.ts'
import { FrozenPlaybookStore } from '../storage/frozen-playbooks.ts'
import { FactStore } from '../storage/facts.ts'
import { LaunchStore } from '../storage/launches.ts'
import { MeasurementStore } from '../storage/measurements.ts'
import { MigrationStore } from '../storage/migrations.ts'
import { PlanStore } from '../storage/plans.ts'
import { PlaybookRunStore } from '../storage/playbook-runs.ts'
import { ReportStore } from '../storage/reports.ts'
import { StepJournalStore } from '../storage/step-journal.ts'
import { SystemStore } from '../storage/systems.ts'
import { WorkflowEndStore } from '../storage/workflow-ends.ts'
import { Launcher } from '../moves/launch.ts'
import { MoveWatch } from '../moves/watch.ts'
import { RefusalLog } from './use-cases/refusal-log.ts'

/** What the API stands on, as its process or a test hands it in. */
export interface ApiParts {
  readonly pool: pg.Pool
  /** Open. The caller closes it after the server. */
  readonly feed: EventFeed
  readonly temporal: Client
  readonly playbooksFolder: string
  readonly consoleFolder: string
  /** Where people look into Temporal; absent where it is not known. */
  readonly temporalUiUrl?: string
  /** How long a command may take to be accepted, and to be seen in the projection. */
  readonly commandTimeoutMs?: number
  readonly projectionTimeoutMs?: number
  /** How often every move is looked at for a workflow that ended; without it only a move that is asked for. */
  readonly lookEveryMs?: number
  /** How often and from which age on the looks at ways back are thinned; without it they are kept. */
  readonly thinning?: { readonly everyMs: number; readonly olderThanMs: number }
}

/** Everything the routes use, built by hand, once. */
export interface ApiContext extends ApiParts {
  readonly accounts: AccountStore
  readonly audit: AuditLog
  readonly evidence: EvidenceStore
  readonly facts: FactStore
  readonly journal: StepJournalStore
  readonly measurements: MeasurementStore
  readonly migrations: MigrationStore
  readonly plans: PlanStore
  readonly playbookRuns: PlaybookRunStore
  readonly frozenPlaybooks: FrozenPlaybookStore
  readonly playbooks: PlaybookStore
  readonly refusals: RefusalLog
  readonly launcher: Launcher
  readonly watch: MoveWatch
  readonly reports: ReportStore
  readonly systems: SystemStore
  readonly workflowEnds: WorkflowEndStore
}

export function createContext(parts: ApiParts): ApiContext {
  const { pool, temporal, commandTimeoutMs } = parts
  const audit = new AuditLog(pool)
  const migrations = new MigrationStore(pool)
  const systems = new SystemStore(pool)
  const playbooks = new PlaybookStore(parts.playbooksFolder)
  const workflowEnds = new WorkflowEndStore(pool)
  const asked = { temporal, withinMs: commandTimeoutMs }
  const watch = new MoveWatch({ ...asked, migrations, workflowEnds })
  const launches = new LaunchStore(pool)
  return {
    ...parts,
    accounts: new AccountStore(pool),
    audit,
    evidence: new EvidenceStore(pool),
    journal: new StepJournalStore(pool),
    measurements: new MeasurementStore(pool),
    migrations,
    plans: new PlanStore(pool),
    playbookRuns: new PlaybookRunStore(pool),
    facts: new FactStore(pool),
    frozenPlaybooks: new FrozenPlaybookStore(pool),
    playbooks,
    refusals: new RefusalLog(audit),
    launcher: new Launcher({ ...asked, migrations, launches, systems, playbooks, watch }),
    watch,
    reports: new ReportStore(pool),
    systems,
    workflowEnds,
  }
}
