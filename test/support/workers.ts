import { beforeAll } from '@jest/globals'
import { Worker } from '@temporalio/worker'
import { createEventActivities } from '../../activities/events.ts'
import { createGivenCommandActivities } from '../../activities/given-commands.ts'
import { createReportActivities } from '../../activities/report.ts'
import { AccountStore } from '../../storage/accounts.ts'
import { CommandStore } from '../../storage/commands.ts'
import { FactStore } from '../../storage/facts.ts'
import { LaunchStore } from '../../storage/launches.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { ReportStore } from '../../storage/reports.ts'
import { orchestratorQueue, runnerQueue } from '../../workflows/migration/messages.ts'
import type { TestDatabase } from './clone-database.ts'
import { registerActors } from './move.ts'
import { nothingFound, paperFacts, PaperRoom } from './paper-room.ts'
import { samplePlan } from './plan.ts'
import type { TestTemporal } from './temporal.ts'

/** Workers for the whole file: the orchestrator's activities are the real ones on a real database, hosts are on paper. */
export function useWorkers(database: TestDatabase, temporal: TestTemporal): PaperRoom {
  const paper = new PaperRoom()
  const running: { worker: Worker; ended: Promise<void> }[] = []
  beforeAll(async () => {
    await registerActors(database.pool)
    const { env, bundlePath } = temporal
    const pool = database.as('orchestrator')
    const migrations = new MigrationStore(pool)
    const given = { commands: new CommandStore(pool), launches: new LaunchStore(pool) }
    const reports = new ReportStore(pool)
    const accounts = new AccountStore(pool)
    const facts = new FactStore(pool)
    await facts.put(nothingFound)
    await facts.put(paperFacts)
    const orchestrator = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: orchestratorQueue,
      workflowBundle: { codePath: bundlePath },
      activities: {
        ...createEventActivities({ ...given, migrations }),
        ...createGivenCommandActivities(given),
        ...createReportActivities({ ...given, migrations, reports, facts, accounts }),
      },
    })
    const runner = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: runnerQueue('default'),
      activities: paper.activities,
    })
    for (const worker of [orchestrator, runner]) running.push({ worker, ended: worker.run() })
  }, 60_000)
  temporal.beforeTeardown(async () => {
    for (const { worker } of running) worker.shutdown()
    await Promise.all(running.map(({ ended }) => ended))
  })
  return paper
}

let systems = 0

/** A plan for a system no other test has. */
export function nextPlan(policy: Parameters<typeof samplePlan>[0] = {}) {
  systems += 1
  return { ...samplePlan(policy), system: `system-${systems}` }
}
