import { join } from 'node:path'
import { Worker } from '@temporalio/worker'
import { assessedWaivers } from '../activities/assessed-waivers.ts'
import { createBothSidesActivities } from '../activities/both-sides.ts'
import { createDeskActivities } from '../activities/desk.ts'
import { readingPlans } from '../activities/given-plan.ts'
import { createGuardActivities } from '../activities/guard.ts'
import { onRecord } from '../activities/on-record.ts'
import { parentIn } from '../activities/parent-workflow.ts'
import { PlanPlaces } from '../activities/plan-places.ts'
import { createPlaybookActivities } from '../activities/playbook.ts'
import { createProbeActivities } from '../activities/probes.ts'
import { wayBackWatchers } from '../activities/way-back-watchers.ts'
import { createZoneActivities } from '../activities/zone.ts'
import { ownPlacesOf } from '../config/own-places.ts'
import { PlaybookStore } from '../config/playbooks.ts'
import { createRunner } from '../runner/runner.ts'
import { BoundSecrets } from '../runner/secrets/bound-secrets.ts'
import { HostPool } from '../runner/ssh/pool.ts'
import { CommandStore } from '../storage/commands.ts'
import { AccountStore } from '../storage/accounts.ts'
import { FactStore } from '../storage/facts.ts'
import { FrozenPlaybookStore } from '../storage/frozen-playbooks.ts'
import { MeasurementStore } from '../storage/measurements.ts'
import { FoldedMoves } from '../storage/folded-moves.ts'
import { MigrationStore } from '../storage/migrations.ts'
import { PlanStore } from '../storage/plans.ts'
import { PlaybookRunStore } from '../storage/playbook-runs.ts'
import { SecretAddressStore } from '../storage/secret-addresses.ts'
import { StepJournalStore } from '../storage/step-journal.ts'
import { waitingFor } from '../storage/waiting.ts'
import { WatchedMoves } from '../storage/watched-moves.ts'
import { guardWorkflow, guardWorkflowId } from '../workflows/guard/messages.ts'
import { orchestratorQueue, runnerQueue } from '../workflows/migration/messages.ts'
import { announceReady, installRuntime, WorkerContext } from './context.ts'

/** What connections of work that was cut off may take to end once everything else has. */
const lingerMs = 2_000

/** Carries out what touches the hosts of one network zone. SIGTERM ends it after what it is doing. */
const log = installRuntime('runner')
const say = ({ message }: Error): void => {
  log.warn(message)
}
await using context = await WorkerContext.open('runner')
const { pool, secrets, client, config } = context
const { zone } = config
const shipped = new PlaybookStore(join(import.meta.dirname, '../playbooks'))
const frozenPlaybooks = waitingFor(new FrozenPlaybookStore(pool), { say })

const hostPool = new HostPool()
const ownPlaces = ownPlacesOf(config)
const boundSecrets = new BoundSecrets({
  source: secrets,
  addresses: waitingFor(new SecretAddressStore(pool), { say }),
  ownPlaces,
})
const places = new PlanPlaces(hostPool, boundSecrets)
const journal = waitingFor(new StepJournalStore(pool), { say })
const facts = waitingFor(new FactStore(pool), { say })
const migrations = waitingFor(new MigrationStore(pool), { say })
// What people have decided is read from their events: an orchestrator writes the states of moves.
const folded = new FoldedMoves(migrations)
const commands = new CommandStore(pool)
const waivedOf = async (migration: string, dataset: string) =>
  assessedWaivers({ migrations, facts }, migration, dataset)
const closedTasksOf = async (migration: string) =>
  (await folded.get(migration)).tasks.filter(({ state }) => state === 'closed')
const runner = createRunner({
  secrets: boundSecrets,
  journal,
  // What a move froze is what it runs, also after an upgrade has changed what is shipped.
  playbooks: { read: async (name, frozen) => (await frozenPlaybooks.find(frozen)) ?? shipped.read(name) },
  hostPool,
  closedTasksOf,
  retentionOf: async (migration) => (await folded.get(migration)).retention,
  waivedOf,
})
const measurements = new MeasurementStore(pool)
// The guard forgets every move that is not in retention; one that is only being armed is looked at apart.
const watchers = async () => wayBackWatchers({ places, measurements })

const worker = await Worker.create({
  connection: context.connection,
  namespace: config.temporal.namespace,
  taskQueue: runnerQueue(zone),
  activities: readingPlans(
    onRecord(
      {
        ...createZoneActivities({
          places,
          facts,
          watchers,
        }),
        ...createBothSidesActivities({ places, facts, waivedOf, closedTasksOf }),
        ...createPlaybookActivities({ runner, journal, facts }),
        ...createProbeActivities({ places }),
        ...createDeskActivities({ runner, facts }),
        ...createGuardActivities({
          temporal: client,
          commands,
          moves: new WatchedMoves(pool),
          measurements,
          watchers,
        }),
      },
      // It waits for the record itself, and gives what happened meanwhile time to come there.
      {
        migrations: new FoldedMoves(new MigrationStore(pool)),
        plans: new PlanStore(pool),
        playbookRuns: new PlaybookRunStore(pool),
        accounts: new AccountStore(pool),
        commands,
        parentOf: parentIn(client),
      },
    ),
    ownPlaces,
  ),
  // Trial runs and the guard are watched for months; the default of a hundred places would leave none for a rollback.
  maxConcurrentActivityTaskExecutions: 2_000,
  // Cancelling is heard at the next heartbeat; an abort before the commit point must not wait for the usual throttle.
  maxHeartbeatThrottleInterval: '1s',
  shutdownGraceTime: '2s',
})
await client.workflow.start(guardWorkflow, {
  workflowId: guardWorkflowId(zone),
  taskQueue: orchestratorQueue,
  args: [{ zone }],
  workflowIdConflictPolicy: 'USE_EXISTING',
})
announceReady({ zone })
await worker.run()
await hostPool.close()
// Work that was cut off ends within bounds of its own; nobody who stops this process waits for them.
setTimeout(() => process.exit(), lingerMs).unref()
