import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'
import { createDeskActivities } from '../../activities/desk.ts'
import { createPlaybookActivities } from '../../activities/playbook.ts'
import type { PlaybookRunView } from '../../api/contract.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import { createRunner } from '../../runner/runner.ts'
import { AuditLog } from '../../storage/audit.ts'
import { FactStore } from '../../storage/facts.ts'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'
import { makeNamespace, startWorkers } from '../support/orchestrator.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { startSshd, type TestSshd } from '../support/sshd.ts'
import { useTemporal } from '../support/temporal.ts'

const scratch = mkdtempSync(join(tmpdir(), 'qianyun-runs-'))
const playbooksFolder = join(scratch, 'playbooks')
const gate = join(scratch, 'gate')
const temporal = useTemporal()
let client: Client
let sshd: TestSshd
let stopWorkers: (() => Promise<void>) | undefined
const api = useApi(
  async () => {
    client = await makeNamespace(temporal)
    return { client, close: async () => undefined }
  },
  { playbooksFolder },
)
const cli = useCli(api)

/** Its second step waits for a file, its third is a person's, and its last fails where it is told to. */
const visit = `playbook: visit
title: { zh: 巡检, en: A visit }
inputs:
  exit: { type: number, default: 0 }
steps:
  - id: greet
    kind: command
    host: target
    with: { argv: [echo, hello], changesNothing: true }
  - id: wait
    kind: command
    host: target
    with: { argv: [sh, -c, 'while [ ! -e ${gate} ]; do sleep 0.05; done'], changesNothing: true }
  - id: ask
    kind: task
    with: { role: vendor, title: { zh: 看, en: Look } }
  - id: leave
    kind: command
    host: target
    with: { argv: [sh, -c, 'exit \${inputs.exit}'], changesNothing: true }
`

/** Its one step puts down a file that fills most of what a folder may hold. */
const bulk = `playbook: bulk
title: { zh: 大文件, en: Bulk }
steps:
  - id: put
    kind: file
    host: target
    with: { path: ${scratch}/bulk.txt, template: bulk.txt }
`
const bulkText = '行政许可受理系统\n'.repeat(120_000)

function writePlaybooks(): void {
  cpSync(join(import.meta.dirname, '../../playbooks'), playbooksFolder, { recursive: true })
  mkdirSync(join(playbooksFolder, 'visit'))
  writeFileSync(join(playbooksFolder, 'visit', 'playbook.yaml'), visit)
  mkdirSync(join(playbooksFolder, 'bulk'))
  writeFileSync(join(playbooksFolder, 'bulk', 'playbook.yaml'), bulk)
  writeFileSync(join(playbooksFolder, 'bulk', 'bulk.txt'), bulkText)
}
writePlaybooks()

beforeAll(async () => {
  sshd = await startSshd()
  const journal = new StepJournalStore(api.pool)
  const runner = createRunner({
    secrets: { read: async () => sshd.privateKey },
    journal,
    playbooks: new PlaybookStore(playbooksFolder),
  })
  const facts = new FactStore(api.pool)
  const activities = {
    ...createDeskActivities({ runner, facts }),
    ...createPlaybookActivities({ runner, journal, facts }),
  }
  stopWorkers = await startWorkers(temporal, client.options.namespace, api, { activities })
  await api.call('importSystems', {
    as: 'coordinator',
    body: [
      {
        system: 'permit-desk',
        name: '许可受理',
        department: 'permit-bureau',
        mlpsLevel: 2,
        classified: false,
      },
    ],
  })
  const { address, port, user, hostKey } = sshd
  const plan = samplePlanInput()
  const target = { ...plan.hosts.target, address, port, user, hostKey }
  await api.call('createPlan', {
    as: 'coordinator',
    body: { ...plan, hosts: { ...plan.hosts, target } },
  })
}, 120_000)

afterAll(async () => {
  await stopWorkers?.()
  await sshd.close()
  rmSync(scratch, { recursive: true })
}, 60_000)

const visiting = (inputs: object = {}) =>
  ({ as: 'operations', params: { name: 'visit' }, body: { plan: 'permit-desk-plan', inputs } }) as const
const command = ['playbook', 'run', 'visit', '--plan', 'permit-desk-plan', '--context', 'operations', '--yes']
const openGate = () => writeFileSync(gate, '')
const shutGate = () => rmSync(gate, { force: true })

async function until(run: string, what: string, wanted: (view: PlaybookRunView) => boolean) {
  let seen: PlaybookRunView | undefined
  for (let tries = 0; tries < 300; tries += 1) {
    seen = await api.call('showPlaybookRun', { as: 'auditor', params: { run } })
    if (wanted(seen)) return seen
    await sleep(50)
  }
  throw new Error(`The run did not come to "${what}": ${JSON.stringify(seen)}`)
}
const statesOf = ({ steps }: PlaybookRunView) => steps.map(({ state }) => state)
const waits = (view: PlaybookRunView) => view.steps[1]?.state === 'running'
const ended = ({ state }: PlaybookRunView) => state !== 'running'

async function auditOf(run: string) {
  const lines = await new AuditLog(api.pool).list(0, 10_000)
  return lines.map(({ entry }) => entry).filter(({ subject }) => subject === run)
}

describe('a dry run', () => {
  it('shows the whole of what would be written, however much it is', async () => {
    const params = { name: 'bulk' }
    const body = { plan: 'permit-desk-plan' }
    const { steps } = await api.call('planPlaybook', { as: 'operations', params, body })
    expect(steps).toMatchObject([{ step: 'put', outcome: 'would-change' }])
    expect(steps[0]?.commands.some(({ text }) => text.endsWith(bulkText))).toBe(true)
  }, 60_000)
})

describe('a run of a playbook outside a move', () => {
  it('is answered at once with where to look, and shown step by step until it is done', async () => {
    shutGate()
    const answer = await api.send('runPlaybook', visiting())
    expect(answer.status).toBe(202)
    const { runId } = answer.json as PlaybookRunView
    expect(answer.headers.get('location')).toBe(`/playbook-runs/${runId}`)
    const running = await until(runId, 'its second step', waits)
    expect(running).toMatchObject({ state: 'running', playbook: 'visit', by: { account: 'operations-sun' } })
    expect(statesOf(running)).toEqual(['done', 'running', 'for-person', 'waiting'])
    openGate()
    const done = await until(runId, 'its end', ended)
    expect(done.state).toBe('done')
    expect(statesOf(done)).toEqual(['done', 'done', 'for-person', 'done'])
    expect(done.steps[0]).toMatchObject({ host: 'target', result: { stdout: 'hello' } })
    expect(done.endedAtMs).toBeGreaterThanOrEqual(done.startedAtMs)
    expect(await auditOf(runId)).toMatchObject([
      { kind: 'playbook-run', actor: { account: 'operations-sun' }, detail: { playbook: 'visit' } },
      { kind: 'playbook-run-ended', detail: { done: ['greet', 'wait', 'leave'] } },
    ])
  }, 60_000)

  it('is one run however often the same request is sent, also after its end', async () => {
    openGate()
    const again = { ...visiting(), headers: { 'idempotency-key': 'visit-0001' } }
    const [first, second] = await Promise.all([
      api.call('runPlaybook', again),
      api.call('runPlaybook', again),
    ])
    expect(second.runId).toBe(first.runId)
    const done = await until(first.runId, 'its end', ended)
    expect(await api.call('runPlaybook', again)).toEqual(done)
    expect(await auditOf(first.runId)).toHaveLength(2)
    expect((await api.call('runPlaybook', visiting())).runId).not.toBe(first.runId)
  }, 60_000)

  it('is refused under the key of another, before anything is begun', async () => {
    openGate()
    const headers = { 'idempotency-key': 'visit-0002' }
    const first = await api.call('runPlaybook', { ...visiting({ exit: 0 }), headers })
    await until(first.runId, 'its end', ended)
    const other = await api.refused('runPlaybook', { ...visiting({ exit: 3 }), headers })
    expect(other).toMatchObject({ status: 422, code: 'request-id-reused' })
    expect(other.detail).toContain(first.runId)
    const both = { 'idempotency-key': 'visit-0003' }
    const answers = await Promise.all(
      [4, 5].map((exit) => api.send('runPlaybook', { ...visiting({ exit }), headers: both })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 422])
  }, 60_000)

  it('is listed with the others, the newest first and no more than asked for', async () => {
    openGate()
    const { runId } = await api.call('runPlaybook', visiting({ exit: 3 }))
    await until(runId, 'its end', ended)
    const newest = await api.call('listPlaybookRuns', { as: 'auditor', query: { limit: '1' } })
    expect(newest).toMatchObject({
      more: true,
      runs: [{ runId, playbook: 'visit', state: 'failed', failure: { step: 'leave' } }],
    })
    const { runs, more } = await api.call('listPlaybookRuns', { as: 'coordinator' })
    expect(more).toBe(false)
    expect(runs.length).toBeGreaterThan(2)
    const began = runs.map(({ startedAtMs }) => startedAtMs)
    expect(began).toEqual([...began].sort((a, b) => b - a))
    expect(await api.refused('listPlaybookRuns', { as: 'vendor' })).toMatchObject({ status: 403 })
  }, 60_000)

  it('that fails says at which step and why, and what was not reached', async () => {
    openGate()
    const { runId } = await api.call('runPlaybook', visiting({ exit: 3 }))
    const failed = await until(runId, 'its end', ended)
    expect(failed).toMatchObject({ state: 'failed', failure: { step: 'leave', code: 'command-failed' } })
    expect(statesOf(failed)).toEqual(['done', 'done', 'for-person', 'failed'])
    expect(failed.steps[3]?.error).toContain('3')
  }, 60_000)

  it('that is ended from outside is lost, with what is known of its steps', async () => {
    shutGate()
    const { runId } = await api.call('runPlaybook', visiting())
    await until(runId, 'its second step', waits)
    await client.workflow.getHandle(`playbook-run/${runId}`).terminate('cleaning up')
    const lost = await until(runId, 'its end', ended)
    expect(lost.state).toBe('lost')
    expect(statesOf(lost)).toEqual(['done', 'interrupted', 'for-person', 'not-reached'])
    openGate()
  }, 60_000)

  it('is refused at once where it cannot be, and recorded as a run only where it can', async () => {
    const wrong = await api.refused('runPlaybook', visiting({ nonsense: 1 }))
    expect(wrong).toMatchObject({ status: 422, code: 'invalid-input' })
    const run = 'visit-0123456789abcdef'
    const unknown = await api.refused('showPlaybookRun', { as: 'operations', params: { run } })
    expect(unknown).toMatchObject({ status: 404, code: 'unknown-playbook-run' })
    const theirs = await api.refused('showPlaybookRun', { as: 'vendor', params: { run } })
    expect(theirs).toMatchObject({ status: 403 })
  })
})

describe('the command line', () => {
  it('follows a run step by step, and ends with what came of it', async () => {
    openGate()
    const ran = await cli.run(command)
    expect(ran.exitCode).toBe(0)
    expect(ran.stderr).toMatch(/\[1\/4\] greet on target: done\n/)
    expect(ran.stderr).toMatch(/\[3\/4\] ask: a person does it\n/)
    expect(ran.stdout).toMatch(/greet:\n(.*\n)* {2}stdout: hello\n(.*\n)*Run visit-[0-9a-f]{16} is done\.\n$/)
  }, 60_000)

  it('ends in 1 for a run that failed, with --json as one document on standard output', async () => {
    openGate()
    const ran = await cli.run([...command, '--input', 'exit=3', '--json'])
    expect(ran).toMatchObject({ exitCode: 1, stderr: '' })
    expect(ran.json).toMatchObject({ state: 'failed', failure: { step: 'leave' } })
    const told = await cli.run([...command, '--input', 'exit=3'])
    expect(told.exitCode).toBe(1)
    expect(told.stdout).toMatch(/Run visit-\S+ failed at step "leave": /)
  }, 60_000)

  it('leaves the run going when it is interrupted, and says how to look at it again', async () => {
    shutGate()
    const ran = await cli.run(command, { interruptAt: '[2/4] wait on target: running' })
    expect(ran).toMatchObject({ exitCode: 130, stdout: '' })
    const [, run = ''] =
      /continues\. Follow it again: .*qianyun playbook watch (\S+)\n$/.exec(ran.stderr) ?? []
    expect((await until(run, 'its second step', waits)).state).toBe('running')
    openGate()
    const watched = await cli.as('operations', 'playbook', 'watch', run)
    expect(watched.stdout).toContain(`Run ${run} is done.`)
    const listed = await cli.as('auditor', 'playbook', 'runs', '--limit', '1')
    expect(listed.stdout).toMatch(new RegExp(`^RUN .*\\n${run} +permit-desk-plan +operations-sun .* done\\n`))
    expect(listed.stdout).toContain('npx qianyun playbook runs --limit 2')
  }, 60_000)
})
