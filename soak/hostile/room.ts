import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { endingRetries } from '../../config/temporal-connection.ts'
import { FactStore } from '../../storage/facts.ts'
import { PlanStore } from '../../storage/plans.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { actors } from '../../test/support/actors.ts'
import { cloneDatabase } from '../../test/support/clone-database.ts'
import { openApi, type TestApi } from '../../test/support/open-api.ts'
import { makeNamespace, startWorkers } from '../../test/support/orchestrator.ts'
import { nothingFound, PaperRoom } from '../../test/support/paper-room.ts'
import { samplePlanInput } from '../../test/support/plan-input.ts'
import type { Subject } from '../../test/support/requests.ts'
import type { TestServerAnswers } from '../../test/support/servers/test-servers.ts'

/** Where the servers of a soak are. */
export interface HostileServers {
  readonly database: TestServerAnswers['template']
  readonly temporal: TestServerAnswers['temporal']
  readonly bundle: TestServerAnswers['bundle']
}

/** A product that works, with a move of the permit desk in it, and everybody who may attack it. */
export interface HostileRoom {
  readonly api: TestApi
  readonly client: Client
  /** The hosts of its moves, on paper. */
  readonly hosts: PaperRoom
  readonly subject: Subject
  readonly close: () => Promise<void>
}

export const row = {
  system: 'permit-desk',
  name: '许可受理',
  department: 'permit-bureau',
  vendor: 'permit-soft',
  mlpsLevel: 2,
  classified: false,
}

/** Opens a room and launches its move, which then waits for the owner. */
export async function openRoom({ database, temporal, bundle }: HostileServers): Promise<HostileRoom> {
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-hostile-'))
  const db = await cloneDatabase(database.adminUrl, database.template)
  const env = await TestWorkflowEnvironment.createFromExistingServer(temporal)
  endingRetries(env.connection)
  const client = await makeNamespace({ env })
  const api = await openApi(db, client)
  const hosts = new PaperRoom()
  const stopWorkers = await startWorkers(
    { address: temporal.address, bundlePath: bundle.codePath },
    client.options.namespace,
    db,
    hosts,
  )
  return {
    api,
    client,
    hosts,
    subject: await launched(api),
    close: async () => {
      await api.close()
      await stopWorkers()
      await env.teardown()
      await db.drop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function launched(api: TestApi): Promise<Subject> {
  const { migration } = await launch(api)
  const { digest: evidence } = await api.call('storeEvidence', {
    as: 'owner',
    query: { name: 'findings.txt' },
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from('findings'),
  })
  const { content: plan } = await new PlanStore(api.pool).get('permit-desk-plan')
  const run = `permit-desk-deploy-${'0'.repeat(16)}`
  const request = {
    ...{ runId: run, migration: '', system: plan.system, plan, playbook: plan.playbooks.deploy },
    ...{ hosts: {}, databases: {}, hostKeys: {}, inputs: {}, skip: [], confirmed: [] },
  }
  await new PlaybookRunStore(api.pool).begin({ request, by: actors.coordinator, steps: [] }, Date.now())
  const fact = await new FactStore(api.pool).put(nothingFound)
  const [task, playbook] = ['accept-findings', 'permit-desk-deploy']
  return { system: plan.system, plan: plan.plan, migration, task, evidence, fact, run, playbook }
}

async function launch(api: TestApi): Promise<{ readonly migration: string }> {
  await api.call('importSystems', { as: 'coordinator', body: [row] })
  await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })
  const given = await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
  for (;;) {
    const { tasks } = await api.call('listTasks', { as: 'owner' })
    if (tasks.length > 0) return given
    await sleep(100)
  }
}
