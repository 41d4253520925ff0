import { beforeAll, describe, expect, it } from '@jest/globals'
import { explained } from '../../activities/failure.ts'
import type { QianyunError } from '../../domain/errors.ts'
import { System } from '../../domain/ledger/system.ts'
import { PlacesTakenError } from '../../domain/ports/errors.ts'
import { names } from '../../domain/words/catalogue.ts'
import { said, say, inForeignWords } from '../../domain/words/said.ts'
import { SwitchoverAbortedError, TargetRoleUnfitError } from '../../families/postgresql/switchover/errors.ts'
import { HttpCheckFailedError } from '../../runner/http/check.ts'
import { WriteProbeFailedError } from '../../runner/http/write-probe.ts'
import { AssertionFailedError } from '../../runner/steps/assert/index.ts'
import { ServerLineNotFoundError } from '../../runner/steps/endpoint-http/proxy-config.ts'
import { HostUnreachableError } from '../../runner/ssh/errors.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { historyOf } from '../storage/history.ts'
import { actors } from '../support/actors.ts'
import { expectChinese } from '../support/in-chinese.ts'
import { movesOver } from '../support/api-move.ts'
import { useCli } from '../support/cli.ts'
import { useMoves } from '../support/moves.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const { api, room } = useMoves()
const cli = useCli(api)
const { until } = movesOver(api, { system: 'permit-desk' })

const side = { called: 'source', address: '10.1.2.11', port: 5432, database: 'permit' }
const gone = new HostUnreachableError('new-1', '10.0.0.2', 22, inForeignWords('ECONNREFUSED'))
/** What steps fail with, as the runner throws it. */
const failures: QianyunError[] = [
  gone,
  new AssertionFailedError(['facts.free > 10'], { free: '3' }, undefined),
  new ServerLineNotFoundError({ proxy: 'haproxy', backend: 'permits', server: 'old' }, 2),
  new HttpCheckFailedError('http://permits.test/', 3, said('no-answer-in-time', { timeoutMs: 50 })),
  new WriteProbeFailedError(
    'http://permits.test/',
    true,
    said('write-not-read-back', { finding: said('http-body-lacks', { text: 'qy-1' }) }),
  ),
  new WriteProbeFailedError(
    'http://permits.test/',
    false,
    said('write-not-prepared', {
      method: 'POST',
      path: '/login',
      finding: said('http-status-signed-in', { status: 403 }),
    }),
  ),
  new TargetRoleUnfitError('"target" (10.1.2.12:5432/permit)', [
    { role: 'web', reason: said('role-with-other-password') },
    {
      role: 'app',
      reason: said('role-looked-up-in-vain', { authUser: 'pooler', reason: said('role-absent') }),
    },
  ]),
  new SwitchoverAbortedError('fence', side, 80, { cause: gone }),
]
let failing: QianyunError | undefined
const discover = room.activities.discover.bind(room.activities)
room.activities.discover = explained({
  discover: async (input: Parameters<typeof discover>[0]) => {
    if (failing !== undefined) throw failing
    return discover(input)
  },
}).discover

const as = async (person: string, ...args: readonly string[]) =>
  cli.run([...args, '--context', person, '--lang', 'zh'])

beforeAll(async () => {
  const system = {
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { as: 'coordinator', body: [system] })
  await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })
  failing = failures[0]
  await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
}, 60_000)

describe('a Chinese reader of the command line', () => {
  it.each(failures.map((error, at) => [error.code, error, at] as const))(
    'reads why a step failed (%s) with no English and no code',
    async (code, error, at) => {
      if (at > 0) {
        failing = error
        await api.call('retryStep', { as: 'operations', params: { system: 'permit-desk' }, body: {} })
      }
      await until(code, (m) => m.step?.failure?.code === code)
      const shown = await as('coordinator', 'migration', 'show', 'permit-desk')
      expect(shown.stdout).toContain(say('zh', error.told ?? said('internal')))
      expectChinese(shown.stdout)
    },
    60_000,
  )

  it.each([
    ['by the rules of a move', ['rollback', 'permit-desk', '--reason', '停电', '--yes'], 'operations'],
    ['for the role', ['migration', 'pause', 'permit-desk', '--reason', '停电'], 'auditor'],
    ['for a name nobody has', ['migration', 'show', 'permit-dusk'], 'coordinator'],
    [
      'for a secret in a reason',
      ['migration', 'pause', 'permit-desk', '--reason', '密码：Hunter22'],
      'coordinator',
    ],
    [
      'for a token nobody has',
      ['migration', 'show', 'permit-desk', '--token-file', '/dev/null'],
      'coordinator',
    ],
  ] as const)(
    'reads why something is refused %s',
    async (_why, args, person) => {
      const ran = await as(person, ...args)
      expect(ran.exitCode).not.toBe(0)
      expect(ran.stderr).toMatch(/[\u4e00-\u9fff]{4}/)
      expectChinese(ran.stderr)
    },
    60_000,
  )

  it.each([
    [
      'a plan that breaks the rules',
      ['plan', 'create'],
      'plan.json',
      JSON.stringify({
        ...samplePlanInput({ plan: 'no-plan' }),
        applications: {},
        organisations: { ...samplePlanInput().organisations, owner: 'archive-office' },
      }),
      [/“applications” 为空；一个系统至少有一个应用/, /“organisations\.owner” 为“archive-office”，而台账/],
    ],
    [
      'a plan of another shape',
      ['plan', 'create'],
      'shape.json',
      JSON.stringify({ ...samplePlanInput({ plan: 'no-plan' }), endpoints: 3, extra: 1 }),
      [/“endpoints” 应为映射，实为数字/, /没有字段“extra”/],
    ],
    [
      'a playbook with mistakes',
      ['playbook', 'lint'],
      'playbook.yaml',
      "playbook: x\ntitle: { zh: 一, en: one }\nsteps:\n  - { id: a, kind: fil }\n  - { id: b, kind: file, host: target, with: { path: '/', mode: rwx } }\n",
      [
        /steps\.a\.kind：为未知的步骤类型“fil”；是否指“file”？/,
        /steps\.b\.with\.mode：应为八进制权限.*，实为“rwx”/,
      ],
    ],
    [
      'a ledger with cells nobody can read',
      ['system', 'import', '--partial'],
      'systems.csv',
      'system,name,department,classified\nDesk_1,甲,b,也许\n',
      [/system 应由小写字母/, /classified 为 "也许"；是否涉密请写 true/],
    ],
  ] as const)('reads what is wrong with %s', async (_what, args, name, content, says) => {
    const ran = await as('coordinator', ...args, cli.file(name, content))
    expect(ran.exitCode).not.toBe(0)
    const text = `${ran.stdout}${ran.stderr}`.replaceAll(/\S*\/(playbook\.yaml|systems\.csv)/g, '')
    for (const one of says) expect(text).toMatch(one)
    expectChinese(text)
  })

  it('reads which gate was missed, why a cutover was aborted and what an abort has left', async () => {
    const gates = [said('writes-lost', { lost: 1, acknowledged: 9 })]
    const missed = said('gate-missed', { problem: said('rehearsal-gates-missed', { gates }) })
    const system = System.parse({ system: 'visit-desk', name: '来访登记', department: 'permit-bureau' })
    await new SystemStore(api.pool).import([system], actors.coordinator, 1)
    const left = [said('unreachable-in-undo', { side: 'source', stepId: 'slots' })]
    const failure = { step: 'rehearse', attempt: 1, ...missed, message: say('en', missed) }
    const acts = [
      { emit: 'step-started', data: { step: 'rehearse', attempt: 1 } },
      { emit: 'step-failed', data: failure },
      { emit: 'cutover-aborted', data: { reason: said('no-decision-in-time'), automatic: true } },
      { emit: 'aborted', data: { reason: '预算撤回', left } },
    ] as const
    const events = historyOf(acts, 'visit-desk-1').map((event) =>
      event.type === 'launched'
        ? { ...event, data: { ...event.data, plan: { ...event.data.plan, system: 'visit-desk' } } }
        : event,
    )
    await new MigrationStore(api.pool).append(events)
    const { stdout } = await as('coordinator', 'migration', 'watch', 'visit-desk', '--exit-when', 'aborted')
    expect(stdout).toContain('演练未通过：已确认的 9 次写入中丢失 1 次')
    expect(stdout).toContain('在最晚回退时间之前没有作出决定。')
    expect(stdout).toMatch(/预算撤回[;；] ?未能撤销：无法连接“source”/)
    expectChinese(stdout)
    for (const { en } of [...Object.values(names.event), ...Object.values(names.step)])
      expect({ en, stands: stdout.includes(en) }).toEqual({ en, stands: false })
  }, 60_000)

  it('reads whose move is in the way of a plan, and what both name', () => {
    const taker = {
      migration: 'visit-desk-1',
      system: 'visit-desk',
      content: { plan: 'visit', organisations: samplePlanInput().organisations },
      begun: true,
      atMs: 0,
    }
    const path = 'datasets.database.old'
    const { told } = new PlacesTakenError('permit', taker, [
      { path, otherPath: path, is: '10.1.2.11:5432/permit' },
    ])
    expect(say('zh', told ?? said('internal'))).toContain(
      `其“${path}”为“10.1.2.11:5432/permit”，即对方的“${path}”`,
    )
  })
})
