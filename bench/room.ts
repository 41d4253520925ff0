import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { embeddedDatabaseUrl } from '../config/config.ts'
import { chooseHome } from '../config/home.mjs'
import { PlaybookStore, readPlaybookFolder } from '../config/playbooks.ts'
import { directToLoopback, temporalConnectionOptions } from '../config/temporal-connection.ts'
import { engineActor } from '../domain/organisation.ts'
import { MigrationPlan, type PlanInputV2 } from '../domain/plan/plan.ts'
import { type PlaybookRef, playbookFile } from '../domain/playbook/files.ts'
import type { PlaybookOutcome } from '../domain/playbook/outcome.ts'
import type { RunRequest } from '../domain/plan/run-request.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { permitDeskPlan } from '../lab/plan.ts'
import { bindSecrets } from '../lab/secrets.ts'
import type { LabSystem } from '../lab/systems/system.ts'
import type { StepResult } from '../runner/steps/kind.ts'
import { FrozenPlaybookStore } from '../storage/frozen-playbooks.ts'
import { MigrationStore } from '../storage/migrations.ts'
import { PlaybookRunStore } from '../storage/playbook-runs.ts'
import { createPool } from '../storage/pool.ts'
import { onEndRequests } from '../standalone/end-requests.ts'
import { findFreePorts } from '../standalone/ports.ts'
import { prepareStack, type Stack } from '../standalone/stack.ts'
import { orchestratorQueue } from '../workflows/migration/messages.ts'
import { playbookRunWorkflowId } from '../workflows/playbook-run/messages.ts'
import { playbookWorkflow, type PlaybookRunInput } from '../workflows/playbook/messages.ts'

const migration = 'bench'
const playbooks = new PlaybookStore(join(import.meta.dirname, '../playbooks'))

type Sides = Readonly<Record<'from' | 'to', 'source' | 'target'>>

/** A stack and a lab of the benchmark's own: what is measured runs as a workflow, in a runner's activity, journaled. */
export class Room {
  private runs = 0

  private constructor(
    readonly home: string,
    readonly lab: Lab,
    private readonly stack: Stack,
    private readonly client: Client,
    private readonly plan: MigrationPlan,
    private readonly databaseUrl: string,
  ) {}

  /** Brings everything up anew: a benchmark begins with an empty database. */
  static async open(say: (line: string) => void, system?: LabSystem): Promise<Room> {
    process.umask(0o022)
    const home = join(chooseHome().path, 'bench')
    await mkdir(home, { recursive: true, mode: 0o755 })
    const [api = 0, temporal = 0, temporalUi = 0, postgres = 0] = await findFreePorts(4)
    const ports = { api, temporal, temporalUi, postgres }
    const stack = prepareStack({ home, ports, lab: true, fresh: true, say })
    onEndRequests([() => void stack.stop().finally(() => process.exit(130))])
    await stack.start()
    try {
      return await Room.inStack(home, stack, embeddedDatabaseUrl(home, postgres), system)
    } catch (error) {
      await stack.stop()
      throw error
    }
  }

  private static async inStack(
    home: string,
    stack: Stack,
    databaseUrl: string,
    system: LabSystem | undefined,
  ): Promise<Room> {
    const { temporal } = stack.config
    const connection = await Connection.connect(directToLoopback(temporalConnectionOptions(temporal)))
    const client = new Client({ connection, namespace: temporal.namespace })
    const lab = await openLab(home)
    await system?.install?.(lab)
    const plan = benchPlan(system?.plan(lab.description) ?? permitDeskPlan(lab.description))
    if (system !== undefined) bindSecrets(home, plan)
    await recordLaunch(databaseUrl, plan)
    return new Room(home, lab, stack, client, plan, databaseUrl)
  }

  /** Runs a playbook between two sides; gives its steps' results. */
  async run(name: string, sides: Sides): Promise<readonly StepResult[]> {
    return this.runFrozen((await playbooks.read(name)).ref, sides)
  }

  /** Runs a playbook of the benchmark's own, given as the text of its file. Gives its steps' results. */
  async runText(name: string, text: string): Promise<readonly StepResult[]> {
    const folder = join(this.home, 'playbooks', name)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, playbookFile), text)
    const playbook = await readPlaybookFolder(folder)
    const pool = createPool(this.databaseUrl, { max: 1 })
    await new FrozenPlaybookStore(pool).keep([playbook]).finally(async () => pool.end())
    return this.runFrozen(playbook.ref, { from: 'source', to: 'target' })
  }

  private async runFrozen(playbook: PlaybookRef, sides: Sides): Promise<readonly StepResult[]> {
    this.runs += 1
    // Outside a move: nobody but the workflow of a move may start one of its runs.
    const runId = `bench-${this.runs}`
    const { hosts } = this.lab.description
    const request: RunRequest = {
      runId,
      migration,
      system: this.plan.system,
      playbook,
      plan: this.plan,
      hosts: sides,
      databases: sides,
      hostKeys: {
        old: hosts.old.hostKeyFingerprint,
        staging: hosts.staging.hostKeyFingerprint,
        cloud: hosts.cloud.hostKeyFingerprint,
        entry: hosts.entry.hostKeyFingerprint,
      },
      inputs: this.plan.inputs,
      skip: [],
      confirmed: [],
    }
    await recordRun(this.databaseUrl, request)
    const input: PlaybookRunInput = { request, stopAtSwitch: false, finishedTasks: [] }
    const workflow = { workflowId: playbookRunWorkflowId(runId), taskQueue: orchestratorQueue, args: [input] }
    const outcome = (await this.client.workflow.execute(playbookWorkflow, workflow)) as PlaybookOutcome
    if (outcome.failure !== undefined)
      throw new Error(`step "${outcome.failure.step}": ${outcome.failure.message}`)
    return outcome.done.map(({ result }) => result)
  }

  /** Ends what was started. The data stays until the next benchmark. */
  async close(): Promise<void> {
    await this.client.connection.close()
    await this.stack.stop()
  }
}

/** Steps that a move alone may ask for look their move up. */
async function recordLaunch(databaseUrl: string, plan: MigrationPlan): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1 })
  const data = { plan, planDigest: '0'.repeat(64) }
  const launched = {
    migration,
    sequence: 1,
    atMs: Date.now(),
    actor: engineActor,
    type: 'launched',
    data,
  } as const
  await new MigrationStore(pool).append([launched]).finally(async () => pool.end())
}

/** A runner runs nothing that nobody has begun. */
async function recordRun(databaseUrl: string, request: RunRequest): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1 })
  const run = { request, by: engineActor, steps: [] }
  await new PlaybookRunStore(pool).begin(run, Date.now()).finally(async () => pool.end())
}

function benchPlan(input: PlanInputV2): MigrationPlan {
  const none = '0'.repeat(64)
  const named = Object.fromEntries(
    Object.entries(input.playbooks).map(([purpose, name]) => [purpose, { name, digest: none }]),
  )
  return MigrationPlan.parse({
    ...input,
    playbooks: named,
    waivers: [
      ...input.waivers,
      {
        rule: 'table-without-key',
        pattern: 'public.pgbench_history',
        reason: 'A log of the benchmark, only ever added to.',
      },
    ],
  })
}
