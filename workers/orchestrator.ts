import { Worker } from '@temporalio/worker'
import { createEventActivities } from '../activities/events.ts'
import { createGivenCommandActivities } from '../activities/given-commands.ts'
import { createPlaybookRunActivities } from '../activities/playbook-runs.ts'
import { createReportActivities } from '../activities/report.ts'
import { AccountStore } from '../storage/accounts.ts'
import { CommandStore } from '../storage/commands.ts'
import { FactStore } from '../storage/facts.ts'
import { LaunchStore } from '../storage/launches.ts'
import { MigrationStore } from '../storage/migrations.ts'
import { PlaybookRunStore } from '../storage/playbook-runs.ts'
import { ReportStore } from '../storage/reports.ts'
import { waitingFor } from '../storage/waiting.ts'
import { orchestratorQueue } from '../workflows/migration/messages.ts'
import { announceReady, installRuntime, WorkerContext } from './context.ts'
import { workflowCode } from './workflow-code.ts'

/** Carries the workflows, and the activities that know storage alone. SIGTERM ends it after what it is doing. */
installRuntime('orchestrator')
await using context = await WorkerContext.open('orchestrator')
const { pool } = context
const migrations = new MigrationStore(pool)
const given = { commands: new CommandStore(pool), launches: new LaunchStore(pool) }
const facts = new FactStore(pool)
/** Shorter than one attempt of an activity about reports, which is then made again. */
const waits = { forMs: 60_000 }

const worker = await Worker.create({
  connection: context.connection,
  namespace: context.config.temporal.namespace,
  taskQueue: orchestratorQueue,
  ...workflowCode,
  activities: {
    ...createEventActivities({ ...given, migrations }),
    ...createGivenCommandActivities(given),
    ...createPlaybookRunActivities({ ...given, runs: new PlaybookRunStore(pool), facts }),
    ...createReportActivities({
      ...given,
      migrations: waitingFor(migrations, waits),
      reports: waitingFor(new ReportStore(pool), waits),
      facts: waitingFor(facts, waits),
      accounts: waitingFor(new AccountStore(pool), waits),
    }),
  },
  maxCachedWorkflows: 500,
  shutdownGraceTime: '20s',
})
announceReady()
await worker.run()
