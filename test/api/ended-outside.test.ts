import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { System } from '../../domain/ledger/system.ts'
import { AuditLog } from '../../storage/audit.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { LaunchStore } from '../../storage/launches.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { SystemStore } from '../../storage/systems.ts'
import { switchedHistory } from '../storage/history.ts'
import { actors } from '../support/actors.ts'
import { movesOver } from '../support/api-move.ts'
import { useCli } from '../support/cli.ts'
import { useMoves } from '../support/moves.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { samplePlan } from '../support/plan.ts'
import { resetWorkflow } from '../support/reset-workflow.ts'

const { api, room, client } = useMoves({ lookEveryMs: 100 })
const cli = useCli(api)
const at = { system: 'permit-desk' }
const { look, until } = movesOver(api, at)
const workflow = () => client().workflow.getHandle('migration/permit-desk')
const launch = { as: 'coordinator', body: { plan: 'permit-desk-plan' } } as const
const reason = 'seen with the provider; the old side serves'

beforeAll(async () => {
  const systems = ['permit-desk', 'archive'].map((system) =>
    System.parse({
      system,
      name: `${system} 系统`,
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
    }),
  )
  await new SystemStore(api.pool).import(systems, actors.coordinator, 1)
  await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })
  await api.call('launchMigration', launch)
  await until('findings', (m) => m.waitingFor.some(({ subject }) => subject === 'accept-findings'))
}, 60_000)

async function auditOf(migration: string, kind: string) {
  const lines = await new AuditLog(api.pool).list(0, 10_000)
  return lines.map(({ entry }) => entry).filter((entry) => entry.subject === migration && entry.kind === kind)
}

/** What the list says of the system, once the API has looked. */
async function listed(system: string, standing: string) {
  for (let tries = 0; tries < 100; tries += 1) {
    const { migrations } = await api.call('listMigrations', { as: 'operations' })
    const found = migrations.find((each) => each.system === system)
    if (found?.standing === standing) return found
    await sleep(50)
  }
  throw new Error(`The list never showed "${system}" as "${standing}"`)
}

/** Waits until the workflow waits: what it decided is recorded, and it knows that. */
async function settled(): Promise<void> {
  for (;;) {
    const { raw } = await workflow().describe()
    if ((raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask) return
    await sleep(50)
  }
}

describe('a move whose workflow', () => {
  it('is asked to cancel in Temporal goes on: it ends by its own commands alone', async () => {
    await workflow().cancel()
    await api.call('pause', { as: 'operations', params: at, body: { reason: 'holiday' } })
    await api.call('resume', { as: 'operations', params: at, body: {} })
    expect((await workflow().describe()).status.name).toBe('RUNNING')
  })

  it('runs has no end to acknowledge', async () => {
    const call = { as: 'operations', params: at, body: { reason } } as const
    expect(await api.refused('acknowledgeEnd', call)).toMatchObject({ status: 409, code: 'move-runs' })
  })

  it('was terminated is shown as that, by whom and why, though nobody asks Temporal', async () => {
    await settled()
    await workflow().terminate('cleaning up')
    const inList = await listed('permit-desk', 'ended-outside')
    const { endedOutside } = inList
    expect(endedOutside?.end).toMatchObject({ how: 'terminated', reason: 'cleaning up' })
    expect(endedOutside?.end.by).not.toBe('')
    expect(Math.abs(Date.now() - endedOutside!.end.endedAtMs!)).toBeLessThan(60_000)
    expect(endedOutside).not.toHaveProperty('acknowledged')
    expect(inList.waitingFor).toEqual([
      { code: 'end-acknowledgement', roles: ['coordinator', 'operations'], subject: 'terminated' },
    ])
    expect(await look()).toMatchObject({ standing: 'ended-outside', phase: 'assessment', endedOutside })
    const shown = await cli.as('operations', 'migration', 'show', 'permit-desk')
    expect(shown.stdout).toMatch(/ended outside Qianyun\s+terminated by \S+ at .*, reason "cleaning up"/)
    expect(shown.stdout).toContain('by the record the old side serves')
    expect(shown.stdout).toContain('qianyun migration acknowledge-end permit-desk')
    const list = await cli.as('operations', 'migration', 'list', '--lang', 'zh')
    expect(list.stdout).toMatch(/permit-desk-1：被终止，操作者 \S+，.*，理由“cleaning up”/)
  }, 60_000)

  it('was terminated is put into the audit log once, however many look', async () => {
    await Promise.all([look(), look(), api.refused('launchMigration', launch)])
    const found = await auditOf('permit-desk-1', 'workflow-ended')
    expect(found).toMatchObject([
      {
        actor: { role: 'engine' },
        // What people wrote stands in the log as its digest.
        detail: { phase: 'assessment', end: { reason: `sha256:${sha256Hex('cleaning up')}` } },
      },
    ])
    expect(await api.call('verifyAudit', { as: 'auditor' })).toMatchObject({ verified: true })
  })

  it('was terminated takes no command and no launch, and both say where it was and what to do', async () => {
    const refused = await api.refused('launchMigration', launch)
    expect(refused).toMatchObject({ status: 409, code: 'ended-outside', phase: 'assessment', serves: 'old' })
    expect(refused.detail).toMatch(/terminated by .+ at .+: "cleaning up"\)\. It was in assessment/)
    expect(refused.detail).toContain('by its record the old side serves')
    const pause = { as: 'operations', params: at, body: { reason: 'holiday' } } as const
    expect(await api.refused('pause', pause)).toMatchObject({ status: 409, code: 'ended-outside' })
  })

  it('was reset goes on where it was, and that is on record too', async () => {
    await resetWorkflow(client(), 'migration/permit-desk')
    await listed('permit-desk', 'moving')
    expect(await auditOf('permit-desk-1', 'workflow-runs-again')).toHaveLength(1)
    const params = { migration: 'permit-desk', task: 'accept-findings' }
    await api.call('completeTask', { as: 'owner', params, body: { note: 'they are right' } })
    await until('resources', (m) => m.waitingFor.some(({ subject }) => subject === 'approve-resources'))
  }, 60_000)
})

describe('the end of a move', () => {
  const call = (body: object) => ({ as: 'operations', params: at, body: { reason, ...body } }) as const

  beforeAll(async () => {
    await workflow().terminate('cleaning up again')
    await listed('permit-desk', 'ended-outside')
  }, 60_000)

  it('is acknowledged by coordination team or operations of the move alone, with a reason', async () => {
    const others = [
      ['owner', 403, 'role-not-allowed'],
      ['otherOperations', 404, 'unknown-migration'],
    ] as const
    for (const [as, status, code] of others) {
      expect(await api.refused('acknowledgeEnd', { ...call({}), as })).toMatchObject({ status, code })
    }
    expect(await api.refused('acknowledgeEnd', call({ reason: '' }))).toMatchObject({ status: 400 })
  })

  it('is not acknowledged while a playbook of it is at work on the hosts', async () => {
    const playbook = await client().workflow.start('playbook', {
      workflowId: 'playbook/permit-desk-1/1/deploy-target/1.0',
      taskQueue: 'nobody-works-here',
    })
    // Which workflows run is known to lists a moment later.
    for (let code = ''; code !== 'playbook-runs';) {
      const problem = await api.refused('acknowledgeEnd', { ...call({ serves: 'new' }) })
      code = problem.code
      expect(['playbook-runs', 'other-side-serves']).toContain(code)
    }
    await playbook.terminate()
    for (let code = 'playbook-runs'; code === 'playbook-runs';) {
      code = (await api.refused('acknowledgeEnd', call({ serves: 'new' }))).code
    }
  }, 60_000)

  it('is not acknowledged while people run a playbook in its place; a run of another move holds nothing up', async () => {
    const runs = new PlaybookRunStore(api.pool)
    const runOf = async (migration: string, runId: string) => {
      const request = { runId, migration, system: 'permit-desk', plan: samplePlan(), inputs: {} }
      const playbook = { name: 'system-rollback', digest: 'a'.repeat(64) }
      const unused = { hosts: {}, databases: {}, hostKeys: {}, skip: [], confirmed: [] }
      await runs.begin({ request: { ...request, playbook, ...unused }, by: actors.operations, steps: [] }, 1)
      const workflowId = `playbook-run/${runId}`
      return client().workflow.start('playbookRun', { workflowId, taskQueue: 'nobody-works-here' })
    }
    await runOf('another-1', 'system-rollback-0000000000000001')
    const own = await runOf('permit-desk-1', 'system-rollback-0000000000000002')
    for (let code = ''; code !== 'playbook-runs';) {
      code = (await api.refused('acknowledgeEnd', call({ serves: 'new' }))).code
      expect(['playbook-runs', 'other-side-serves']).toContain(code)
    }
    await own.terminate()
    for (let code = 'playbook-runs'; code === 'playbook-runs';) {
      code = (await api.refused('acknowledgeEnd', call({ serves: 'new' }))).code
    }
  }, 60_000)

  it('is not acknowledged as long as nobody can say which side serves, or against what the sides say', async () => {
    room.of('permit-desk').sides = { old: 'closed', new: 'no-answer' }
    const unknown = await api.refused('acknowledgeEnd', call({}))
    expect(unknown).toMatchObject({ status: 409, code: 'sides-unknown' })
    expect(unknown.detail).toContain('the old one is "closed", the new one "no answer"')
    expect(unknown.detail).toMatch(
      /qianyun playbook run .* --host from=source --host to=target.*; qianyun playbook run .* --host from=target/,
    )
    room.of('permit-desk').sides = { old: 'open', new: 'closed' }
    const contrary = await api.refused('acknowledgeEnd', call({ serves: 'new' }))
    expect(contrary).toMatchObject({ status: 409, code: 'other-side-serves' })
    expect((await look()).endedOutside).not.toHaveProperty('acknowledged')
  })

  it('is acknowledged once, as an event by the person, and the system can then be moved anew', async () => {
    const refused = await cli.run(['migration', 'acknowledge-end', 'permit-desk', '--reason', reason])
    expect(refused).toMatchObject({ exitCode: 2 })
    const args = ['migration', 'acknowledge-end', 'permit-desk', '--reason', reason, '--yes'] as const
    const said = await cli.as('operations', ...args)
    expect(said.stdout).toContain('permit-desk-1: over; the old side serves')
    expect(said.stderr).toContain('its workflow must not be reset')
    const { sequence } = await look()
    expect((await cli.as('operations', ...args, '--json')).json).toMatchObject({ sequence, serves: 'old' })
    expect(await look()).toMatchObject({
      standing: 'ended-outside',
      waitingFor: [],
      endedOutside: { acknowledged: { by: actors.operations, reason, serves: 'old', servesBy: 'look' } },
    })
    const { events } = await api.call('listEvents', { as: 'auditor', params: at })
    expect(events.at(-1)).toMatchObject({ sequence, type: 'ended-outside', actor: actors.operations })
    const pause = { as: 'operations', params: at, body: { reason: 'holiday' } } as const
    expect(await api.refused('pause', pause)).toMatchObject({ status: 409, code: 'migration-over' })
    expect(await api.call('launchMigration', launch)).toMatchObject({ migration: 'permit-desk-2' })
    await until('second move', (m) => m.migration === 'permit-desk-2')
    const { verified } = await api.call('verifyAudit', { as: 'auditor' })
    expect(verified).toBe(true)
  }, 60_000)
})

describe('a move into whose record another has written', () => {
  it('stops at its next event, and people are told which it was and what to do', async () => {
    await until('findings', (m) => m.waitingFor.some(({ subject }) => subject === 'accept-findings'))
    await settled()
    const { migration, sequence } = await look()
    const held = { type: 'held', data: { reason: 'by another' }, actor: actors.coordinator } as const
    await new MigrationStore(api.pool).append([{ migration, sequence: sequence + 1, atMs: 1, ...held }])
    const body = { reason: 'holiday' }
    await api.call('pause', { as: 'operations', params: at, body }).catch(() => undefined)
    const { endedOutside } = await listed('permit-desk', 'ended-outside')
    expect(endedOutside?.end.how).toBe('failed')
    const shown = await cli.as('operations', 'migration', 'show', 'permit-desk')
    expect(shown.stdout).toContain(
      `Event ${String(sequence + 1)} of "${migration}" is recorded as "put on hold"`,
    )
  }, 60_000)
})

describe('a move that Temporal knows nothing of', () => {
  const params = { system: 'archive' }
  const plan = samplePlanInput({ plan: 'archive-plan', system: 'archive' })

  beforeAll(async () => {
    const moves = new MigrationStore(api.pool)
    const [first, ...more] = switchedHistory('archive-1')
    if (first?.type !== 'launched') throw new Error('a history begins with its launch')
    const { digest: planDigest, content } = await api.call('createPlan', { as: 'coordinator', body: plan })
    const data = { ...first.data, plan: content }
    const request = { requestId: 'launch-archive', system: 'archive', plan: plan.plan, planDigest, content }
    await new LaunchStore(api.pool).reserve(request, actors.coordinator, 1)
    await moves.append([{ ...first, data }, ...more])
  })

  it('is gone, and not begun anew at a side that was left', async () => {
    const { endedOutside, wayBack } = await listed('archive', 'ended-outside')
    expect(endedOutside?.end).toEqual({ how: 'gone', by: '', reason: '' })
    // What the guard finds from now on is told to nobody: the state it told last may be long past.
    expect(wayBack).toBe('unwatched')
    const again = { as: 'coordinator', body: { plan: plan.plan } } as const
    const before = await cli.as('operations', 'migration', 'show', 'archive')
    expect(before.stdout).toMatch(
      /acknowledge-end archive[^]*playbook run .*--host from=target --host to=source/,
    )
    const problem = await api.refused('launchMigration', again)
    expect(problem).toMatchObject({ status: 409, code: 'ended-outside', phase: 'retention', serves: 'new' })
    expect(problem.detail).toContain('by its record the new side serves and the old side is fenced')
    room.of('archive').sides = { old: 'closed', new: 'open' }
    const acknowledge = { as: 'operations', params, body: { reason: 'its history was deleted' } } as const
    expect(await api.call('acknowledgeEnd', acknowledge)).toMatchObject({ serves: 'new' })
    expect(await api.call('showSystem', { as: 'operations', params })).toMatchObject({ state: 'moved' })
    // Nothing is over for whoever wants the old side back, and no command of the move is taken any more.
    const back = `playbook run ${plan.playbooks.rollback} --plan ${plan.plan} --host from=target --host to=source --database from=target --database to=source`
    for (const language of ['en', 'zh']) {
      const shown = await cli.as('operations', 'migration', 'show', 'archive', '--lang', language)
      expect(shown.stdout).toContain(back)
      expect(shown.stdout).toContain('migration acknowledge-end archive')
    }
    const refused = await api.refused('launchMigration', again)
    expect(refused).toMatchObject({ status: 409, code: 'new-side-serves' })
    expect(refused.detail).toContain('fenced and stale')
  })

  it('is begun anew once the sides were switched back by hand and that is acknowledged', async () => {
    room.of('archive').sides = { old: 'no-answer', new: 'no-answer' }
    const body = { reason: 'rolled back by the playbook', serves: 'old' }
    const { sequence } = await api.call('acknowledgeEnd', { as: 'operations', params, body })
    const { endedOutside } = await api.call('showMigration', { as: 'operations', params })
    expect(endedOutside?.acknowledged).toMatchObject({ serves: 'old', servesBy: 'word' })
    const again = { as: 'coordinator', body: { plan: plan.plan } } as const
    expect(await api.call('launchMigration', again)).toMatchObject({ migration: 'archive-2' })
    const events = await new MigrationStore(api.pool).events('archive-1')
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['ended-outside', 'ended-outside'])
    expect(events.at(-1)?.sequence).toBe(sequence)
  })
})
