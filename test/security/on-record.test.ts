import { ApplicationFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { createGivenCommandActivities } from '../../activities/given-commands.ts'
import { onRecord } from '../../activities/on-record.ts'
import { parentIn } from '../../activities/parent-workflow.ts'
import { createReportActivities } from '../../activities/report.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { releaseTextOf } from '../../domain/move/rules/release.ts'
import type { SignedText } from '../../domain/move/signoff.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import { AccountStore } from '../../storage/accounts.ts'
import { CommandStore } from '../../storage/commands.ts'
import { FactStore } from '../../storage/facts.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlanStore } from '../../storage/plans.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { ReportStore } from '../../storage/reports.ts'
import { migrationWorkflowId } from '../../workflows/migration/messages.ts'
import { actors } from '../support/actors.ts'
import { movesOver, planPermitDesk } from '../support/api-move.ts'
import { useMoves } from '../support/moves.ts'
import { refusedWith } from '../support/refused-with.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const { api, client } = useMoves()
const { until, signatureOf } = movesOver(api, { system: 'permit-desk' })
const plan = samplePlanInput({ policy: { ...samplePlanInput().policy, profile: 'lab' } })

beforeAll(async () => {
  await planPermitDesk(api, plan)
  await api.call('launchMigration', { as: 'coordinator', body: { plan: plan.plan } })
  await until('findings', (m) => m.tasks.some(({ id }) => id === 'accept-findings'))
}, 120_000)

const stored = () => new MigrationStore(api.pool)

describe('a runner that is to wipe', () => {
  it('does not when the release is unsigned, signed by another key, or signed for another statement', async () => {
    const m = await stored().get('permit-desk-1')
    const retention = {
      startedAtMs: 1,
      untilMs: 2,
      wayBack: { state: 'armed', reasons: [], atMs: 1 } as const,
    }
    const text = releaseTextOf({ ...m, retention }, { by: actors.owner, statement: 'wipe it' })
    const owner = signatureOf('owner', text)
    const cases: readonly [string, SignedText | undefined, unknown][] = [
      ['unsigned', undefined, 'not-on-record'],
      ['by another', signatureOf('provider', text), 'not-on-record'],
      ['under another key id', { ...signatureOf('provider', text), keyId: owner.keyId }, 'not-on-record'],
      ['another statement', signatureOf('owner', text.replace('wipe it', 'wipe all')), 'not-on-record'],
      ['the owner’s', owner, 'described'],
    ]
    const found = await Promise.all(
      cases.map(async ([name, given]) => [name, given, await describedOrWhy(m, retention, given)]),
    )
    expect(found).toEqual(cases)
  }, 60_000)

  async function describedOrWhy(
    m: Migration,
    retention: NonNullable<Migration['retention']>,
    signed: SignedText | undefined,
  ): Promise<unknown> {
    const release = { statement: 'wipe it', by: actors.owner, atMs: 1, ...(signed && { signed }) }
    const moved: Migration = { ...m, phase: 'closing', retention: { ...retention, release } }
    const activities = onRecord(
      { describePlaybook: async (_: { readonly request: RunRequest }) => Promise.resolve('described') },
      {
        ...recordDeps(),
        migrations: { find: async () => Promise.resolve(moved), events: async () => Promise.resolve([]) },
        parentOf: async () => Promise.resolve(migrationWorkflowId(m.plan.system)),
      },
    )
    const { plan: planned, migration, hostKeys } = m
    const request = {
      ...{ runId: `${migration}/1/close`, migration, system: planned.system, plan: planned, hostKeys },
      ...{ playbook: planned.playbooks.close, hosts: {}, databases: {}, inputs: {}, skip: [], confirmed: [] },
    }
    const workflowId = `playbook/${request.runId}/1.0`
    const environment = new MockActivityEnvironment({ workflowExecution: { workflowId, runId: 'a-run' } })
    return environment
      .run(async () => activities.describePlaybook({ request }))
      .catch((error: unknown) => (error instanceof ApplicationFailure ? error.type : error))
  }
})

function recordDeps() {
  const { pool } = api
  return {
    migrations: stored(),
    plans: new PlanStore(pool),
    playbookRuns: new PlaybookRunStore(pool),
    accounts: new AccountStore(pool),
    commands: new CommandStore(pool),
    parentOf: parentIn(client()),
  }
}

/** The type of the failure with which an activity ends that a workflow of this id asks for. */
async function askedBy(workflowId: string, ask: () => Promise<unknown>): Promise<unknown> {
  const environment = new MockActivityEnvironment({ workflowExecution: { workflowId, runId: 'a-run' } })
  return refusedWith(environment.run(ask))
}

describe('an activity that is asked for', () => {
  const runs = () => new PlaybookRunStore(api.pool)

  async function recordedRun(runId: string): Promise<RunRequest> {
    const { plan: planned, hostKeys } = await stored().get('permit-desk-1')
    const request = {
      ...{
        runId,
        migration: '',
        system: planned.system,
        plan: planned,
        playbook: planned.playbooks.deploy,
        hostKeys,
      },
      ...{ hosts: {}, databases: {}, inputs: {}, skip: [], confirmed: [] },
    }
    await runs().begin({ request, by: actors.coordinator, steps: [] }, 1)
    return request
  }

  it('by a plan does nothing for the sake of a run that stands beside it, nor for a move of another system', async () => {
    const request = await recordedRun('beside-1')
    const { plan: planned, hostKeys } = await stored().get('permit-desk-1')
    const done: string[] = []
    const names = [
      'settleSides',
      'rearmWayBack',
      'changeSchema',
      'dropGivenUp',
      'discover',
      'writeProbe',
      'awaitArmed',
    ]
    const made = names.map((name) => [name, async (_: object) => Promise.resolve(done.push(name))] as const)
    const activities = onRecord(Object.fromEntries(made), recordDeps())
    const asks = made.flatMap(([name]) => {
      const act = async (given: object) => activities[name]?.(given)
      const foreign = { ...planned, system: 'other-desk' }
      return [
        askedBy('playbook-run/beside-1', async () =>
          act({ plan: foreign, hostKeys, migration: 'other-desk-1', request }),
        ),
        askedBy('migration/other-desk', async () =>
          act({ plan: planned, hostKeys, migration: 'other-desk-1' }),
        ),
        askedBy('made-up', async () => act({})),
      ]
    })
    expect(new Set(await Promise.all(asks))).toEqual(new Set(['other-workflow']))
    expect(done).toEqual([])
  }, 60_000)

  it('by a run does nothing once that has ended', async () => {
    const request = await recordedRun('ended-1')
    await runs().end('ended-1', { done: [] }, 2)
    const { runSteps } = onRecord({ runSteps: async (_: object) => Promise.resolve('ran') }, recordDeps())
    expect(await askedBy('playbook-run/ended-1', async () => runSteps({ request, steps: [] }))).toBe(
      'not-on-record',
    )
  }, 60_000)

  it('by a move says and keeps nothing for another workflow', async () => {
    const { pool } = api
    const deps = { ...recordDeps(), reports: new ReportStore(pool), facts: new FactStore(pool) }
    const reports = createReportActivities({ ...deps, accounts: new AccountStore(pool) })
    const commands = createGivenCommandActivities(deps)
    const migration = 'permit-desk-1'
    const abort = {
      migration,
      requestId: 'made-up',
      name: 'abort',
      actor: actors.coordinator,
      data: {},
    } as const
    const found = await Promise.all([
      askedBy('made-up', async () =>
        reports.judgeRehearsal({ migration, plan: (await stored().get(migration)).plan, done: [] }),
      ),
      askedBy('made-up', async () => reports.keepProofs({ migration, wipes: [] })),
      askedBy('made-up', async () => reports.verifySignatures({ migration })),
      askedBy('made-up', async () => commands.assertGiven(abort as never)),
    ])
    expect(found).toEqual(found.map(() => 'other-workflow'))
  }, 60_000)
})
