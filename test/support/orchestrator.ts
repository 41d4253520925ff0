import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { createEventActivities } from '../../activities/events.ts'
import { createGivenCommandActivities } from '../../activities/given-commands.ts'
import { onRecord } from '../../activities/on-record.ts'
import { parentIn } from '../../activities/parent-workflow.ts'
import { createPlaybookRunActivities } from '../../activities/playbook-runs.ts'
import { createReportActivities } from '../../activities/report.ts'
import { openConnection } from '../../config/temporal-connection.ts'
import { AccountStore } from '../../storage/accounts.ts'
import { CommandStore } from '../../storage/commands.ts'
import { FactStore } from '../../storage/facts.ts'
import { LaunchStore } from '../../storage/launches.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlanStore } from '../../storage/plans.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { ReportStore } from '../../storage/reports.ts'
import { orchestratorQueue, runnerQueue } from '../../workflows/migration/messages.ts'
import { nothingFound, paperFacts, PaperRoom } from './paper-room.ts'
import type { TestDatabase } from './clone-database.ts'
import type { TestTemporal } from './temporal.ts'

/** INDEXED_VALUE_TYPE_KEYWORD of Temporal's API. */
const keyword = 2

/** A namespace of a file's own: the product's task queues have fixed names, and files share the server. */
export async function makeNamespace({ env }: Pick<TestTemporal, 'env'>): Promise<Client> {
  const namespace = `test-${randomBytes(4).toString('hex')}`
  const { connection } = env
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  })
  for (let tries = 0; ; tries += 1) {
    try {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries([['MigrationPhase', keyword]]),
      })
      break
    } catch (error) {
      // The server's own cache learns of a namespace a moment later.
      if (tries === 50) throw error
      await sleep(200)
    }
  }
  return new Client({ connection, namespace })
}

/** The workers that carry moves in a namespace, with a paper room for hosts by default. Gives what ends them. */
export async function startWorkers(
  { address, bundlePath }: Pick<TestTemporal, 'address' | 'bundlePath'>,
  namespace: string,
  pools: Pick<TestDatabase, 'as'>,
  room: { readonly activities: Parameters<typeof onRecord>[0] } = new PaperRoom(),
): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address })
  const pool = pools.as('orchestrator')
  const migrations = new MigrationStore(pool)
  const given = { commands: new CommandStore(pool), launches: new LaunchStore(pool) }
  const facts = new FactStore(pool)
  await facts.put(nothingFound)
  await facts.put(paperFacts)
  const shared = { connection, namespace }
  const workers = [
    await Worker.create({
      ...shared,
      taskQueue: orchestratorQueue,
      workflowBundle: { codePath: bundlePath },
      activities: {
        ...createEventActivities({ ...given, migrations }),
        ...createGivenCommandActivities(given),
        ...createPlaybookRunActivities({ ...given, runs: new PlaybookRunStore(pool), facts }),
        ...createReportActivities({
          ...given,
          migrations,
          reports: new ReportStore(pool),
          facts,
          accounts: new AccountStore(pool),
        }),
      },
    }),
  ]
  const running = workers.map((worker) => worker.run())
  const stopRunner = await startRunner({ address }, namespace, pools, room)
  return async () => {
    for (const worker of workers) worker.shutdown()
    await Promise.all([...running, stopRunner()])
    await connection.close()
  }
}

/** The runner of a zone alone. Gives what ends it. */
export async function startRunner(
  { address }: Pick<TestTemporal, 'address'>,
  namespace: string,
  pools: Pick<TestDatabase, 'as'>,
  room: { readonly activities: Parameters<typeof onRecord>[0] },
  zone = 'default',
): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address })
  const looking = openConnection({ address })
  const pool = pools.as('runner')
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: runnerQueue(zone),
    activities: onRecord(room.activities, {
      migrations: new MigrationStore(pool),
      plans: new PlanStore(pool),
      playbookRuns: new PlaybookRunStore(pool),
      accounts: new AccountStore(pool),
      commands: new CommandStore(pool),
      parentOf: parentIn(new Client({ connection: looking, namespace })),
    }),
  })
  const running = worker.run()
  return async () => {
    worker.shutdown()
    await running
    await connection.close()
    await looking.close()
  }
}
