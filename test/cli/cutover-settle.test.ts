import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { Worker } from '@temporalio/worker'
import { System } from '../../domain/ledger/system.ts'
import type { SidesLook } from '../../domain/move/workflow-end.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { migrationWorkflowId, orchestratorQueue, runnerQueue } from '../../workflows/migration/messages.ts'
import { historyOf } from '../storage/history.ts'
import { actors } from '../support/actors.ts'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'

const temporal = useOwnTemporal()
const api = useApi(async () => ({ client: temporal.env.client, close: async () => undefined }), {
  playbooksFolder: join(import.meta.dirname, '../../playbooks'),
})
const cli = useCli(api)
let found: SidesLook = { old: 'closed', new: 'no-answer' }
const workers: { worker: Worker; ended: Promise<void> }[] = []

beforeAll(async () => {
  const systems = ['permit-desk', 'lost-desk'].map((system) =>
    System.parse({ system, name: system, department: 'permit-bureau' }),
  )
  await new SystemStore(api.pool).import(systems, actors.coordinator, 1)
  const failure = { code: 'sides-unclear', message: 'which side serves cannot be told' }
  const away = historyOf(
    [
      { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
      { emit: 'cut-over', data: { result: { gapMs: 42, generation: 1, anatomyMs: {} } } },
      { emit: 'phase-entered', data: { phase: 'retention', round: 1 } },
      { emit: 'retention-started', data: { untilMs: Date.UTC(2027, 1, 28) } },
      { emit: 'way-back-changed', data: { state: 'lost', reasons: ['reverse-slot-missing'] } },
    ],
    'lost-desk-1',
  ).map((event) =>
    event.type === 'launched'
      ? {
          ...event,
          data: { ...event.data, plan: { ...event.data.plan, plan: 'lost-plan', system: 'lost-desk' } },
        }
      : event,
  )
  await new MigrationStore(api.pool).append(away)
  await new MigrationStore(api.pool).append(
    historyOf(
      [
        { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
        { emit: 'step-started', data: { step: 'switch-over', attempt: 1 } },
        { emit: 'step-failed', data: { step: 'switch-over', attempt: 1, ...failure } },
      ],
      'permit-desk-1',
    ),
  )
  const { env, bundlePath } = temporal
  // The moves are looked at meanwhile: each has a workflow that runs, and goes nowhere.
  for (const system of ['permit-desk', 'lost-desk']) {
    await env.client.workflow.start('migration', {
      workflowId: migrationWorkflowId(system),
      taskQueue: 'nobody-works-here',
      memo: { migration: `${system}-1` },
    })
  }
  const lookAtSides = async () => found
  for (const options of [
    { taskQueue: orchestratorQueue, workflowBundle: { codePath: bundlePath } },
    { taskQueue: runnerQueue('default'), activities: { lookAtSides } },
  ]) {
    const worker = await Worker.create({ connection: env.nativeConnection, ...options })
    workers.push({ worker, ended: worker.run() })
  }
}, 60_000)

temporal.beforeTeardown(async () => {
  for (const { worker } of workers) worker.shutdown()
  await Promise.all(workers.map(async ({ ended }) => ended))
})

const settle = (...more: readonly string[]) =>
  cli.run(['cutover', 'settle', 'permit-desk', '--reason', 'cut off', '--context', 'operations', ...more])

describe('seeding an old side anew by the command line', () => {
  it.each([
    ['en', ['its tables are emptied there', 'cannot be opened', 'closed; way back: lost']],
    ['zh', ['将清空其中的表', '旧侧不能启用', '已封锁；退路：已失去']],
  ])(
    'shows what is emptied, and asks (%s)',
    async (lang, shown) => {
      found = { old: 'closed', new: 'open' }
      const ran = await cli.run([
        ...['retention', 'rearm', 'lost-desk', '--reason', 'the slot is gone'],
        ...['--context', 'operations', '--lang', lang],
      ])
      expect(ran.exitCode).toBe(2)
      for (const text of shown) expect(ran.stderr).toContain(text)
    },
    60_000,
  )
})

describe('settling a cutover by the command line', () => {
  it.each<[SidesLook, readonly string[], string, string]>([
    [{ old: 'closed', new: 'no-answer' }, [], 'give --new-side-gone', '请使用 --new-side-gone'],
    [{ old: 'closed', new: 'no-answer' }, ['--new-side-gone'], 'is lost; the move goes on', '将丢失；迁移按'],
    [{ old: 'closed', new: 'closed' }, [], 'the one that served last is opened', '启用最后提供服务的一侧'],
    [{ old: 'open', new: 'closed' }, [], 'this cutover is over', '本次割接结束'],
    [{ old: 'closed', new: 'open' }, ['--new-side-gone'], 'nothing is given up', '不会放弃任何内容'],
    [{ old: 'open', new: 'open' }, [], 'Nothing is opened or closed', '不会启用或封锁任何一侧'],
    [{ old: 'open', new: 'stale' }, [], 'was given up and came back', '曾被放弃而后恢复'],
    [
      { old: 'open', new: 'stale' },
      ['--give-up', 'new-1:/b/permit.dump'],
      'is fenced and dropped',
      '然后封锁并删除',
    ],
    [
      { old: 'open', new: 'stale' },
      ['--give-up', 'permit.dump'],
      'is no place of a dump',
      '不是导出文件的位置',
    ],
  ])(
    'shows what was found and what will be done first, and asks: %j %j',
    async (sides, flags, en, zh) => {
      found = sides
      const ran = await settle(...flags, '--lang', 'en')
      expect(ran.exitCode).toBe(2)
      expect(ran.stderr).toContain(en)
      expect((await settle(...flags, '--lang', 'zh')).stderr).toContain(zh)
    },
    60_000,
  )

  it('is for operations alone', async () => {
    const params = { system: 'permit-desk' }
    const body = { reason: 'cut off' }
    expect(await api.refused('settleCutover', { as: 'owner', params, body })).toMatchObject({ status: 403 })
    expect(await api.refused('showSides', { as: 'vendor', params })).toMatchObject({ status: 403 })
  }, 60_000)

  it('says of sides that do not answer that nobody knows which serves', async () => {
    found = { old: 'no-answer', new: 'no-answer' }
    const {
      old,
      new: newSide,
      serves,
    } = await api.call('showSides', { as: 'operations', params: { system: 'permit-desk' } })
    expect({ old, new: newSide, serves }).toEqual({ old: 'no-answer', new: 'no-answer', serves: undefined })
  }, 60_000)
})
