import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'

import { exitCondition } from '../../cli/use-cases/exit-condition.ts'
import { movesOver } from '../support/api-move.ts'
import { useCli } from '../support/cli.ts'
import { useMoves } from '../support/moves.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { withoutStreams } from '../support/proxy.ts'

const { api } = useMoves()
const cli = useCli(api)
const system = 'permit-desk'
const { look, until } = movesOver(api, { system })

beforeAll(async () => {
  const body = [{ system, name: '许可受理', department: 'permit-bureau', mlpsLevel: 2, classified: false }]
  await api.call('importSystems', { as: 'coordinator', body })
  await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })
  await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
  await until('waiting', exitCondition('waiting'))
}, 60_000)

describe('a move that is stopped', () => {
  it('is not aborted before what that means was shown and confirmed', async () => {
    const abort = ['migration', 'abort', system, '--reason', 'the budget is gone', '--context', 'coordinator']
    const unconfirmed = await cli.run(abort)
    expect(unconfirmed.exitCode).toBe(2)
    expect(unconfirmed.stderr).toContain('continues to serve: old')
    expect(unconfirmed.stderr).toContain('it cannot be resumed')
    expect((await look()).abortRequested).toBeUndefined()
  }, 60_000)

  it('stops and goes on by the coordinator, with a reason', async () => {
    await cli.as('coordinator', 'migration', 'pause', system, '--reason', 'the audit looks at it')
    const paused = await cli.as('coordinator', 'migration', 'show', system)
    expect(paused.stdout).toContain('paused: the audit looks at it')
    expect(paused.stdout).toContain(`npx qianyun migration resume ${system}\n`)
    await cli.as('coordinator', 'migration', 'resume', system)
    const refused = await cli.run(['migration', 'resume', system, '--json'])
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(JSON.parse(refused.stderr)).toMatchObject({
      error: { code: 'not-stopped', problem: { status: 409 } },
    })
  }, 60_000)

  it('is followed by asking again where server-sent events do not come through', async () => {
    await using proxy = await withoutStreams(api.url)
    const until = ['--exit-when', 'aborted', '--timeout', '60s']
    const watching = cli.run(['migration', 'watch', system, ...until, '--server', proxy.url])
    await cli.as('coordinator', 'migration', 'hold', system, '--reason', 'the heating season')
    await cli.as('coordinator', 'migration', 'resume', system)
    await cli.as('coordinator', 'migration', 'abort', system, '--reason', 'the budget is cut', '--yes')
    const watched = await watching
    expect(watched.exitCode).toBe(0)
    expect(watched.stdout).toMatch(/put on hold +the heating season — coordinator-chen/)
    const tasks = await cli.as('owner', 'task', 'list')
    expect(tasks.stdout).toMatch(/Aborted lately[^\n]*\npermit-desk, .*: the budget is cut/)
  }, 60_000)
})

describe('the audit log', () => {
  it('is exported and verified on this side, and a changed line is found', async () => {
    const file = join(cli.home, 'audit.ndjson')
    await cli.as('auditor', 'audit', 'export', '-o', file)
    const online = (await cli.as('auditor', 'audit', 'verify', '--json')).json as {
      head: { sequence: number; hash: string }
    }
    // No server, no account: the file alone.
    const alone = { env: { QIANYUN_HOME: join(cli.home, 'nowhere'), QIANYUN_SERVER: 'http://127.0.0.1:9' } }
    const offline = await cli.run(['audit', 'verify', file, '--json'], alone)
    expect(offline.exitCode).toBe(0)
    const verdict = offline.json as { verified: boolean; head: { sequence: number; hash: string } }
    expect(verdict.verified).toBe(true)
    expect(online.head.sequence).toBeGreaterThanOrEqual(verdict.head.sequence)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    const changed = cli.file(
      'changed.ndjson',
      lines.map((line, index) => (index === 9 ? line.replace('"atMs":1', '"atMs":2') : line)).join('\n'),
    )
    const found = await cli.run(['audit', 'verify', changed], alone)
    expect(found.exitCode).toBe(1)
    expect(found.stderr).toMatch(/broken at entry 10: its content has the hash [0-9a-f]{64}/)
    const head = `${lines.length}:${verdict.head.hash}`
    expect((await cli.run(['audit', 'verify', file, '--head', head], alone)).exitCode).toBe(0)
    const shortened = cli.file('shortened.ndjson', lines.slice(0, -1).join('\n'))
    const short = await cli.run(['audit', 'verify', shortened, '--head', head], alone)
    expect(short.exitCode).toBe(1)
    expect(short.stderr).toContain('the head kept earlier')
  }, 60_000)

  it('is held against the records beside it: what differs is named, and what to do', async () => {
    const { rows } = await api.pool.query<{ content: string }>('select content::text as content from system')
    const before = rows[0]!.content
    await api.pool.query('update system set content = $1', [
      before.replace('"classified":false', '"classified":null'),
    ])
    const found = await cli.run(['audit', 'verify', '--context', 'auditor'])
    const machine = await cli.run(['audit', 'verify', '--context', 'auditor', '--json'])
    const chinese = await cli.run(['audit', 'verify', '--context', 'auditor', '--lang', 'zh'])
    await api.pool.query('update system set content = $1', [before])
    expect(found.exitCode).toBe(1)
    expect(found.stdout).toMatch(
      /entry of the ledger "[^"]+" has content\.classified "—"; by entry \d+ it is "false"/,
    )
    expect(found.stdout).toMatch(/qianyun audit list --after \d+ --limit 1/)
    expect(found.stderr).toContain('The record does not hold; faults: 1.')
    expect(machine).toMatchObject({
      exitCode: 1,
      json: { verified: false, faultCount: 1, faults: [{ table: 'system' }] },
    })
    expect(chinese.stdout).toContain('台账条目')
    expect((await cli.run(['audit', 'verify', '--context', 'auditor'])).exitCode).toBe(0)
  }, 60_000)

  it('that is exported with a key twice is found, though its hash is the same', async () => {
    const file = join(cli.home, 'twice.ndjson')
    await cli.as('auditor', 'audit', 'export', '-o', file)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    const twice = lines.map((line) => line.replace('{"entry":{', '{"entry":{"kind":"refusal",'))
    const found = await cli.run(['audit', 'verify', cli.file('twice.ndjson', twice.join('\n'))])
    expect(found.exitCode).toBe(1)
    expect(found.stderr).toContain('line 1 is not written as the log writes it')
  }, 60_000)

  it('holds the refusals of this file, and no token', async () => {
    const all = (await cli.as('auditor', 'audit', 'export')).stdout
    expect(all).toContain('not-stopped')
    for (const { token } of Object.values(api.people)) expect(all).not.toContain(token)
  }, 60_000)
})
