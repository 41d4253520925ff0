import { MockActivityEnvironment } from '@temporalio/testing'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { createGuardActivities } from '../../activities/guard.ts'
import { commandRoles, type CommandName } from '../../domain/move/command.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import { engineActor } from '../../domain/organisation.ts'
import { AuditLog } from '../../storage/audit.ts'
import { CommandStore } from '../../storage/commands.ts'
import { MeasurementStore } from '../../storage/measurements.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { WatchedMoves } from '../../storage/watched-moves.ts'
import { guardWorkflowId } from '../../workflows/guard/messages.ts'
import {
  commandUpdates,
  migrationWorkflowId,
  orchestratorQueue,
  type MigrationInput,
} from '../../workflows/migration/messages.ts'
import { verifyAudit } from '../../storage/audit-verification/verify.ts'
import { actors } from '../support/actors.ts'
import { resetWorkflow } from '../support/reset-workflow.ts'
import { movesOver, planPermitDesk } from '../support/api-move.ts'
import { useMoves } from '../support/moves.ts'
import { refusedWith } from '../support/refused-with.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const { api, room, client } = useMoves()
const at = { system: 'permit-desk' }
const { look, until } = movesOver(api, at)
const plan = samplePlanInput({ policy: { ...samplePlanInput().policy, profile: 'lab' } })

beforeAll(async () => {
  await planPermitDesk(api, plan)
  await api.call('launchMigration', { as: 'coordinator', body: { plan: plan.plan } })
  await until('findings', (m) => m.tasks.some(({ id }) => id === 'accept-findings'))
}, 120_000)

const handle = () => client().workflow.getHandle(migrationWorkflowId('permit-desk'))
const stored = () => new MigrationStore(api.pool)

async function send(name: CommandName, actor: Actor, data: object, requestId = `sent-${name}`) {
  return handle().executeUpdate(commandUpdates[name] as never, {
    args: [{ requestId, actor, data }] as never,
  })
}

async function notGiven(): Promise<readonly unknown[]> {
  const lines = await new AuditLog(api.pool).list(0, 10_000)
  return lines.flatMap(({ entry }) => (entry.kind === 'command-not-given' ? [entry.detail] : []))
}

describe('whoever reaches Temporal, and nothing else', () => {
  it('gives no command in the name of anybody', async () => {
    const before = await look()
    const all: Readonly<Record<string, Actor>> = { ...actors, engine: engineActor }
    const codes: Record<string, unknown> = {}
    for (const name of Object.keys(commandUpdates) as CommandName[]) {
      const role = commandRoles[name][0] ?? 'engine'
      const data = { reason: 'a word', task: 'accept-findings', note: '', evidence: [], statement: 'yes' }
      codes[name] = await refusedWith(send(name, all[role] ?? engineActor, data))
    }
    // The others are refused by the rules before anybody asks who sent them.
    expect(codes).toMatchObject({
      pause: 'command-not-given',
      hold: 'command-not-given',
      abort: 'command-not-given',
      'take-task': expect.any(String),
    })
    expect(Object.values(codes).filter((code) => typeof code !== 'string')).toEqual([])
    expect(await look()).toEqual(before)
    expect(await notGiven()).toContainEqual({ what: 'abort', account: actors.coordinator.account })
  }, 60_000)

  it('cannot send anew what somebody asked for and was refused', async () => {
    const early = { note: 'go on' }
    const key = { 'idempotency-key': 'too-early-0001' }
    expect(
      await api.refused('resume', { as: 'operations', params: at, body: early, headers: key }),
    ).toMatchObject({
      code: 'not-stopped',
    })
    await api.call('pause', { as: 'operations', params: at, body: { reason: 'holiday' } })
    const { rows } = await api.pool.query<{ request_id: string; actor: Actor; data: object }>(
      `update command set given_at_ms = given_at_ms - 200000 where name = 'resume' returning request_id, actor, data`,
    )
    const [given] = rows
    if (given === undefined) throw new Error('nothing is on record')
    expect(await refusedWith(send('resume', given.actor, given.data, given.request_id))).toBe(
      'command-not-given',
    )
    expect((await look()).standing).toBe('paused')
    await api.call('resume', { as: 'operations', params: at, body: early, headers: key })
    expect((await look()).standing).toBe('moving')
  }, 60_000)

  it('begins no move that nobody has launched', async () => {
    const { plan: launched } = await stored().get('permit-desk-1')
    const input = {
      migration: 'other-desk-1',
      plan: { ...launched, system: 'other-desk' },
      planDigest: 'a'.repeat(64),
      launchedBy: actors.coordinator,
    }
    expect(await refusedWith(begin('other-desk', input))).toBe('command-not-given')
    expect(await stored().find('other-desk')).toBeUndefined()
  }, 60_000)

  it('brings nothing about by signals, whatever their names, nor by a cancel request', async () => {
    const before = [await look(), await ofPeople()]
    const data = { reason: 'a word', decision: 'go', statement: 'wipe it' }
    for (const name of [...Object.keys(commandUpdates), 'release', 'go', 'appendEvents'])
      await handle().signal(name, { requestId: `signal-${name}`, actor: actors.owner, data })
    await handle().cancel()
    // The next command is taken by a run that has seen them all.
    await api.call('pause', { as: 'operations', params: at, body: { reason: 'signals' } })
    await api.call('resume', { as: 'operations', params: at, body: { note: 'on' } })
    expect((await handle().describe()).status.name).toBe('RUNNING')
    const after = [await look(), await ofPeople()] as const
    expect(after[0]).toMatchObject({ standing: 'moving', phase: (before[0] as Migration).phase })
    expect(after[1].faults).toEqual([])
    expect(after[1].named.slice(-2).map((one) => one.split(' ')[1])).toEqual(['paused', 'resumed'])
    expect(after[1].named).toHaveLength((before[1] as (typeof after)[1]).named.length + 2)
  }, 60_000)

  it('has no person say anything anew by a reset', async () => {
    const before = await ofPeople()
    await resetWorkflow(client(), migrationWorkflowId('permit-desk'))
    await api.call('pause', { as: 'operations', params: at, body: { reason: 'reset' } })
    const after = await ofPeople()
    expect(after.faults).toEqual([])
    expect(after.named.slice(0, before.named.length)).toEqual(before.named)
    expect(after.named).toHaveLength(before.named.length + 1)
    await api.call('resume', { as: 'operations', params: at, body: { note: 'on' } })
  }, 60_000)

  it('completes no activity of which he has no token, and records nothing by a result he makes up', async () => {
    const before = await ofPeople()
    const activities = client().activity
    const made = { workflowId: migrationWorkflowId('permit-desk'), activityId: '1' }
    await expect(activities.complete(made, { standing: 'closed' })).rejects.toThrow()
    await expect(activities.complete(new Uint8Array([1, 2, 3]), {})).rejects.toThrow()
    expect(await ofPeople()).toEqual(before)
  }, 60_000)

  it('has nothing wiped, and nothing recorded, by a state it made up', async () => {
    const before = [await stored().events('permit-desk-1'), await look()]
    const { plan: launched, ...real } = await stored().get('permit-desk-1')
    const release = { statement: 'wipe it', by: actors.owner, atMs: 1 }
    const wayBack = { state: 'armed', reasons: [], atMs: 1 } as const
    const retention = { startedAtMs: 1, untilMs: 2, wayBack, release }
    const migration: Migration = { ...real, plan: launched, phase: 'closing', retention }
    const input: MigrationInput = {
      migration: migration.migration,
      plan: launched,
      planDigest: real.planDigest,
      launchedBy: real.launchedBy,
      resumed: { schemaVersion: 2, migration, unrecorded: [], answered: [] },
    }
    expect(await refusedWith(begin('made-up', input))).toBe('other-workflow')
    expect(await notGiven()).toContainEqual({ what: 'appendEvents', account: '' })
    expect(room.of('permit-desk').ran).not.toContain('close')
    expect([await stored().events('permit-desk-1'), await look()]).toEqual(before)
    await api.call('pause', { as: 'operations', params: at, body: { reason: 'after it' } })
    await api.call('resume', { as: 'operations', params: at, body: { note: 'on' } })
    expect((await handle().describe()).status.name).toBe('RUNNING')
    expect((await ofPeople()).faults).toEqual([])
  }, 90_000)

  it('runs no playbook, looks at no host and ends no run by workflows of other ids', async () => {
    const m = await stored().get('permit-desk-1')
    const { migration, plan: planned, hostKeys } = m
    const request = {
      ...{ runId: `${migration}/1/rehearse`, migration, system: planned.system, plan: planned, hostKeys },
      ...{
        playbook: planned.playbooks.rehearse,
        hosts: {},
        databases: {},
        inputs: {},
        skip: [],
        confirmed: [],
      },
    }
    const alone = { ...request, runId: 'deploy-1', migration: '' }
    const playbook = { request, finishedTasks: [], stopAtSwitch: false }
    const attempts = [
      ['playbook', 'made-up', playbook],
      ['playbook', `playbook/${migration}/2/rehearse/1.0`, playbook],
      // An id that a child of the move could have, and has not.
      ['playbook', `playbook/${request.runId}/9.9`, playbook],
      ['playbook', `playbook-run/${request.runId}`, playbook],
      ['playbook', 'playbook-run/deploy-3', { ...playbook, request: alone }],
      ['playbookRun', 'playbook-run/deploy-2', { request: alone, personSteps: [] }],
      ['sides', 'made-up-sides', { plan: planned }],
    ] as const
    const found = await Promise.all(
      attempts.map(async ([name, workflowId, input]) =>
        refusedWith(
          client().workflow.execute(name, { workflowId, taskQueue: orchestratorQueue, args: [input] }),
        ),
      ),
    )
    expect(found).toEqual(attempts.map(() => 'other-workflow'))
    expect(await notGiven()).toContainEqual({ what: 'endPlaybookRun', account: '' })
    expect(room.of('permit-desk').ran).not.toContain('rehearse')
  }, 60_000)
})

/** What people are on record with, and whether all of it holds. */
async function ofPeople() {
  const events = await stored().events('permit-desk-1')
  const { faults } = await verifyAudit(api.pool)
  const named = events.filter(({ actor }) => actor.role !== 'engine')
  return { named: named.map(({ sequence, type }) => `${String(sequence)} ${type}`), faults }
}

async function begin(system: string, input: MigrationInput): Promise<unknown> {
  return client().workflow.execute('migration', {
    workflowId: migrationWorkflowId(system),
    taskQueue: orchestratorQueue,
    args: [input],
  })
}

describe('a runner that is to watch a zone', () => {
  it('does not for a workflow that is not the zone’s guard', async () => {
    let isWatching = false
    const guard = createGuardActivities({
      ...{ temporal: client(), commands: new CommandStore(api.pool), moves: new WatchedMoves(api.pool) },
      measurements: new MeasurementStore(api.pool),
      watchers: async () => {
        isWatching = true
        return new Map()
      },
    })
    const workflowExecution = { workflowId: guardWorkflowId('other'), runId: 'a-run' }
    const watching = new MockActivityEnvironment({ workflowExecution }).run(async () =>
      guard.watchZone({ zone: 'default', forMs: 1 }),
    )
    expect(await refusedWith(watching)).toBe('other-workflow')
    expect(isWatching).toBe(false)
  })
})
