import { beforeAll, describe, expect, it } from '@jest/globals'
import { dump } from 'js-yaml'

import type { MigrationEvent, MigrationView } from '../../api/contract.ts'
import { exitCondition } from '../../cli/use-cases/exit-condition.ts'
import { jsonDigest } from '../../storage/digest.ts'
import type { WayBackMeasurement } from '../../domain/move/way-back.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import { MeasurementStore } from '../../storage/measurements.ts'
import { movesOver } from '../support/api-move.ts'
import { useCli } from '../support/cli.ts'
import { useMoves } from '../support/moves.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { samplePlan } from '../support/plan.ts'
import { sitesOf } from '../../domain/plan/places.ts'

const { api } = useMoves()
const cli = useCli(api)
const system = 'permit-desk'

/** Waits until the move is as wanted, in the words of `--exit-when`. */
async function until(condition: string): Promise<void> {
  await movesOver(api, { system }).until(condition, exitCondition(condition))
}

/** The same by the program itself. */
async function watchUntil(condition: string): Promise<void> {
  await cli.as('coordinator', 'migration', 'watch', system, '--exit-when', condition, '--timeout', '60s')
}

async function show(): Promise<MigrationView> {
  return (await cli.as('coordinator', 'migration', 'show', system, '--json')).json as MigrationView
}

beforeAll(async () => {
  const systems = [
    {
      system,
      name: '行政许可受理系统',
      department: 'permit-bureau',
      vendor: 'permit-soft',
      mlpsLevel: 2,
      classified: false,
    },
  ]
  const { policy } = samplePlan({ profile: 'lab', trialRun: { seconds: 1 }, retention: { seconds: 1 } })
  await cli.as('coordinator', 'system', 'import', cli.file('systems.yaml', dump({ systems })))
  await cli.as('coordinator', 'plan', 'create', cli.file('plan.yaml', dump(samplePlanInput({ policy }))))
}, 60_000)

describe('one move, by the program alone', () => {
  it('is launched, and tells who has to type what', async () => {
    const launched = await cli.as('coordinator', 'migration', 'launch', 'permit-desk-plan')
    expect(launched.stdout).toContain(`Launched: ${system}-1.`)
    await watchUntil('waiting')
    const shown = await cli.as('coordinator', 'migration', 'show', system)
    expect(shown.stdout).toContain('[LAB]')
    expect(shown.stdout).toMatch(/▶ assessment {2}· resourcing/)
    expect(shown.stdout).toMatch(/owner \(permit-bureau\) to take task "accept-findings"/)
    expect(shown.stdout).toContain(`npx qianyun task take ${system} accept-findings --context owner\n`)
    const chinese = await cli.as('coordinator', 'migration', 'show', system, '--lang', 'zh')
    expect(chinese.stdout).toMatch(/所属部门（permit-bureau）领取任务“accept-findings”/)
    expect(chinese.stdout).toContain('[实验环境]')
  }, 60_000)

  it('is in the inbox of whoever has to decide, and each command names the context to type it with', async () => {
    await cli.as('coordinator', 'migration', 'pause', system, '--reason', '停电')
    const inbox = await cli.as('operations', 'task', 'list')
    expect(inbox.stdout).toContain('No task waits for you.')
    expect(inbox.stdout).toContain(`${system}: operations (operations-centre) to resume it: 停电\n`)
    expect(inbox.stdout).toContain(`npx qianyun migration resume ${system} --context operations\n`)
    expect((await cli.as('vendor', 'task', 'list')).stdout).toBe('No task waits for you.\n')
    await cli.as('coordinator', 'migration', 'resume', system)
    const task = await cli.as('owner', 'task', 'show', system, 'accept-findings')
    expect(task.stdout).toContain(`npx qianyun task take ${system} accept-findings --context owner\n`)
  }, 60_000)

  it('has its tasks done, with evidence by digest and a signature made here', async () => {
    await cli.as('owner', 'task', 'take', system, 'accept-findings')
    await cli.as('owner', 'task', 'complete', system, 'accept-findings', '--note', 'accepted')
    await until('resourcing')
    await until('waiting')
    const approval = ['task', 'show', system, 'approve-resources']
    expect((await cli.as('provider', ...approval)).stdout).toMatch(
      /^Details +hosts:\n +target \(new side\):\n +address: 127\.0\.0\.13\n +fingerprint: SHA256:A{43}\n/m,
    )
    expect((await cli.as('provider', ...approval, '--lang', 'zh')).stdout).toMatch(
      /^详情 +主机:\n +云上主机:\n +地址: 127\.0\.0\.13\n +主机密钥指纹: SHA256:/m,
    )
    await cli.as('provider', 'task', 'complete', system, 'approve-resources', '--note', 'allocated')
    await until('adaptation')
    await until('waiting')
    const evidence = cli.file('测试报告.txt', '全部通过\n')
    await cli.as(
      'vendor',
      'task',
      'complete',
      system,
      'adapt-code',
      '--note',
      '改造完成',
      '--evidence',
      evidence,
    )
    const signed = await cli.as('vendor', 'task', 'sign', system, 'adapt-code', '--yes')
    expect(signed.stderr).toContain('qianyun task v1')
    expect(signed.stderr).toMatch(/evidence: sha256:[0-9a-f]{64} "测试报告.txt"/)
    await cli.as('owner', 'task', 'reject', system, 'adapt-code', '--reason', 'the tests are missing')
    const task = await cli.as('vendor', 'task', 'show', system, 'adapt-code')
    expect(task.stdout).toMatch(/Sent back.*the tests are missing/)
    await cli.as(
      'vendor',
      'task',
      'complete',
      system,
      'adapt-code',
      '--note',
      'again',
      '--evidence',
      evidence,
      '--evidence',
      cli.file('second.txt', 'more'),
    )
    const evidenceLines = (await cli.as('vendor', 'task', 'show', system, 'adapt-code')).stdout
    expect(evidenceLines).toMatch(/测试报告\.txt, 13 bytes/)
    expect(evidenceLines).toMatch(/second\.txt, 4 bytes/)
    await cli.as('vendor', 'task', 'sign', system, 'adapt-code', '--yes')
    await cli.as('owner', 'task', 'accept', system, 'adapt-code')
    await until('recognition')
  }, 120_000)

  it('is not signed unasked: without a terminal the signature wants --yes', async () => {
    const ran = await cli.run(['signoff', 'sign', system, '--context', 'owner'])
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(ran.stderr).toContain('report-digest: sha256:')
    expect(ran.stderr).toContain('Add --yes if you mean it. Nothing was done.')
    expect((await show()).signoffs).toEqual([])
  }, 60_000)

  it('is recognised by its parties, each over a digest computed on this side', async () => {
    const { report } = await show()
    const checked = await cli.as('owner', 'report', 'show', system, '--json')
    expect(checked.json).toMatchObject({ verified: true, digest: report?.digest })
    const raw = await cli.as('owner', 'report', 'show', system, '--raw')
    expect(JSON.parse(raw.stdout)).toMatchObject({ kind: 'trial-run-report', system })
    await cli.as('owner', 'signoff', 'sign', system, '--yes')
    const twice = await cli.run([
      'signoff',
      'sign',
      system,
      '--yes',
      '--context',
      'second-owner',
      '--lang',
      'zh',
    ])
    expect(twice.exitCode).toBe(1)
    expect(twice.stderr).toContain('已以所属部门身份签署此报告')
    const json = await cli.as('provider', 'signoff', 'sign', system, '--yes', '--json')
    expect(json.json).toMatchObject({
      digest: report?.digest,
      signedText: expect.stringContaining('party: provider'),
    })
    expect(json.stderr).toBe('')
    await until('cutover')
  }, 120_000)

  it('is cut over in a window that is said in its zone', async () => {
    await until('waiting')
    const scheduled = await cli.as(
      'operations',
      'cutover',
      'schedule',
      system,
      '--start',
      '+0s',
      '--end',
      '+1h',
    )
    expect(scheduled.stdout).toMatch(/window \d{4}-.* to .* \(Asia\/Shanghai\), 1 h long/)
    expect(scheduled.stdout).toContain('Latest rollback time of the window: ')
    const unconfirmed = await cli.run(['cutover', 'go', system, '--context', 'operations'])
    expect(unconfirmed.exitCode).toBe(2)
    expect(unconfirmed.stderr).toContain('serves now: old')
    expect(unconfirmed.stderr).toMatch(/window: .* to .* \(Asia\/Shanghai\)/)
    expect(unconfirmed.stderr).toMatch(/report recognised by: owner.*provider/)
    expect((await show()).cutover?.decision).toBeUndefined()
    await goWhenReady()
    await watchUntil('retention')
    const list = await cli.as('coordinator', 'migration', 'list')
    expect(list.stdout).toMatch(/retention.*42 ms.*armed/)
  }, 120_000)

  it('tells how far each dataset of the old side has followed, and what holds it up', async () => {
    const failure = '"old" cannot be reached at 127.0.0.11:22.'
    const because = inForeignWords(failure)
    const database = { channel: 'running', lagMs: 12_000, figures: { errors: 0 }, reasons: [] } as const
    const files = { channel: 'running', lagMs: 300_000, figures: {}, reasons: [] } as const
    const reasons = [said('files-not-carried', { because })]
    const stopped = { channel: 'stopped', lagMs: 7_200_000, figures: { failedPasses: 3 }, reasons } as const
    const look = { newSideReachable: true, oldSideReachable: true }
    const atMs = Date.now()
    const measurements = new MeasurementStore(api.pool)
    const add = async (ms: number, datasets: WayBackMeasurement['datasets']) =>
      measurements.addWayBack(`${system}-1`, { ...look, atMs: ms, datasets })
    await add(atMs - 1, { database, files })
    await add(atMs, { database, files: stopped })
    const { stdout } = await cli.as('operations', 'retention', 'status', system)
    const [, secondsAgo] =
      /Old side +database: running, current until \d{4}-.* \((\d+) s ago\) \(errors 0\)\n/.exec(stdout) ?? []
    // As old as the look says, and as much older as the program took to show it.
    expect(Number(secondsAgo)).toBeGreaterThanOrEqual(12)
    expect(stdout).toMatch(/files: stopped, current until .* \(2 h ago\) \(failed passes 3\): files are not/)
    expect(stdout).toContain(`files are not carried back: ${failure}\n`)
    expect(stdout).toMatch(/; database running, 12 s behind; files stopped, 2 h behind\n.*, 5 min behind\n/)
    const chinese = await cli.as('operations', 'retention', 'status', system, '--lang', 'zh')
    expect(chinese.stdout).toMatch(/旧侧 +database：运行中，完整截至 .*（错误 0）\n/)
    expect(chinese.stdout).toMatch(/files：已停止，.*（失败的同步 3）：文件未同步：/)
    const { json } = await cli.as('auditor', 'retention', 'status', system, '--json')
    expect(json).toMatchObject({ measurements: [{ datasets: { files: stopped } }, {}] })
  }, 60_000)

  it('has its old data released only after what will be wiped was shown and confirmed', async () => {
    const [source] = sitesOf((await show()).plan, 'source')
    const statement = 'We do not need it any more.'
    const release = ['retention', 'release', system, '--statement', statement, '--context', 'owner']
    const unconfirmed = await cli.run(release)
    expect(unconfirmed.exitCode).toBe(2)
    for (const shown of [
      source?.directory,
      source?.configFile,
      'no rollback is possible any more',
      statement,
    ])
      expect(unconfirmed.stderr).toContain(shown)
    expect((await show()).retention?.release).toBeUndefined()
  }, 60_000)

  it('is rolled back only with a reason and the confirmation', async () => {
    const withoutReason = await cli.run(['rollback', system, '--context', 'operations'])
    expect(withoutReason.exitCode).toBe(2)
    expect(withoutReason.stderr).toContain('reason')
    const unconfirmed = await cli.run(['rollback', system, '--reason', 'too slow', '--context', 'operations'])
    expect(unconfirmed.exitCode).toBe(2)
    expect(unconfirmed.stderr).toContain('serves now: cloud')
    expect((await show()).switches).toHaveLength(1)
    await cli.as('operations', 'rollback', system, '--reason', 'too slow', '--yes')
    await until('recognition')
    const { switches, round } = await show()
    expect(switches.map(({ kind }) => kind)).toEqual(['cutover', 'rollback'])
    expect(round).toBe(2)
  }, 120_000)

  it('is told event by event, as lines or as JSON', async () => {
    const lines = await cli.as(
      'coordinator',
      'migration',
      'watch',
      system,
      '--events',
      '500',
      '--exit-when',
      'recognition',
    )
    expect(lines.stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}launched .*coordinator-chen \(coordinator\)$/m,
    )
    expect(lines.stdout).toMatch(/rolled back +42 ms/)
    const json = await cli.as(
      'coordinator',
      'migration',
      'watch',
      system,
      '--events',
      '500',
      '--exit-when',
      'recognition',
      '--json',
    )
    const events = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as MigrationEvent)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
  }, 60_000)

  it('gives what its events name by digest, checked against it', async () => {
    const list = await cli.as('auditor', 'migration', 'facts', system)
    expect(list.stdout).toMatch(/\n\d+ .* facts of the hosts +[0-9a-f]{64}\n/)
    const { facts } = (await cli.as('auditor', 'migration', 'facts', system, '--json')).json as {
      facts: { what: string; digest: string; event: { type: string } }[]
    }
    const { digest = '' } = facts.find(({ what }) => what === 'rehearsal') ?? {}
    const printed = await cli.as('auditor', 'migration', 'facts', system, digest.slice(0, 12))
    expect(printed.stdout).toMatch(/^ {2}step: verify$/m)
    const document = await cli.as('auditor', 'migration', 'facts', system, digest, '--json')
    expect(jsonDigest(document.json)).toBe(digest)
    const none = await cli.run(['migration', 'facts', system, 'abc', '--context', 'auditor'])
    expect(none.exitCode).toBe(2)
    expect(none.stderr).toContain(`begins with "abc"; there are: ${facts[0]!.digest.slice(0, 12)}, `)
  }, 60_000)

  it('says by its exit code whether a condition holds', async () => {
    expect((await cli.run(['migration', 'show', system, '--exit-when', 'recognition'])).exitCode).toBe(0)
    const not = await cli.run(['migration', 'show', system, '--exit-when', 'closed'])
    expect(not.exitCode).toBe(3)
    expect(not.stderr).toContain('Not reached: closed.')
    const late = await cli.run(['migration', 'watch', system, '--exit-when', 'closed', '--timeout', '1s'])
    expect(late.exitCode).toBe(3)
    const months = await cli.run([
      'migration',
      'watch',
      system,
      '--exit-when',
      'recognition',
      '--timeout',
      '90d',
    ])
    expect(months).toMatchObject({ exitCode: 0, stderr: '' })
  }, 60_000)

  it('leaves a record that holds against itself', async () => {
    const verdict = await cli.run(['audit', 'verify', '--context', 'auditor'])
    expect(verdict.stderr).toBe('')
    expect(verdict).toMatchObject({ exitCode: 0 })
    expect(verdict.stdout).toMatch(/^The chain holds: \d+ entries/)
    expect(verdict.stdout).toMatch(/Looked at: entry of the audit log \d+, event \d+, .*state of the move 1/)
    expect(verdict.stdout).toContain('Not looked at:\n- Whether somebody who may rewrite the whole database')
  }, 60_000)

  it.each(['doomsday', 'constructor'])('knows no condition "%s"', async (name) => {
    const unknown = await cli.run(['migration', 'watch', system, '--exit-when', name])
    expect(unknown.exitCode).toBe(2)
    expect(unknown.stderr).toContain('Use one of: waiting, blocked')
  })

  it('takes several conditions in any order: one that holds is enough', async () => {
    const several = ['closed', 'recognition', 'aborted'].flatMap((name) => ['--exit-when', name])
    expect((await cli.run(['migration', 'show', ...several, system])).exitCode).toBe(0)
    expect((await cli.run(['migration', 'watch', system, ...several])).exitCode).toBe(0)
    expect(
      (await cli.run(['--exit-when', 'cutover', ...several, 'migration', 'show', system])).exitCode,
    ).toBe(0)
    const neither = ['--exit-when', 'recognition', '--exit-when', 'nowhere']
    expect((await cli.run(['migration', 'show', system, ...neither])).exitCode).toBe(2)
    const [first, second] = ['closed', 'aborted']
    const not = await cli.run(['migration', 'show', system, '--exit-when', first, '--exit-when', second])
    expect(not.exitCode).toBe(3)
    expect(not.stderr).toContain('Not reached: closed, aborted.')
  }, 60_000)
})

/** The final sync may still be under way: go is refused until it is done. */
async function goWhenReady(): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const ran = await cli.run(['cutover', 'go', system, '--yes', '--context', 'operations', '--json'])
    if (ran.exitCode === 0) return
  }
  throw new Error('nobody took the go')
}
