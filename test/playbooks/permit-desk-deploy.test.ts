import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'

import { PlaybookStore } from '../../config/playbooks.ts'
import { PlanInput } from '../../domain/plan/plan.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { PlaybookRef } from '../../domain/playbook/files.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import { type Lab, removeLab, startLab } from '../../lab/lab.ts'
import { permitDeskPlan } from '../../lab/plan.ts'
import { runOn } from '../../lab/ssh.ts'
import { type Runner, createRunner } from '../../runner/runner.ts'
import { FileJournal } from '../support/file-journal.ts'

const playbooks = new PlaybookStore(join(__dirname, '../../playbooks'))
const home = mkdtempSync(join(tmpdir(), 'qianyun-lab-'))
let lab: Lab
let runner: Runner
let playbook: PlaybookRef

beforeAll(async () => {
  lab = await startLab({ home })
  runner = createRunner({
    playbooks,
    journal: new FileJournal(join(home, 'journal')),
    secrets: { read: async (name) => lab.secret(name) },
  })
  playbook = (await playbooks.read('permit-desk-deploy')).ref
}, 60_000)

afterAll(async () => {
  await runner.close()
  await removeLab(home)
  rmSync(home, { recursive: true, force: true })
}, 30_000)

function request(runId: string, here: 'staging' | 'target'): RunRequest {
  const { playbooks: _playbooks, ...plan } = PlanInput.parse(permitDeskPlan(lab.description))
  const { staging, cloud } = lab.description.hosts
  return {
    runId,
    migration: 'migration-1',
    system: 'permit-desk',
    playbook,
    plan: plan as MigrationPlan,
    hosts: { here },
    databases: { there: here },
    hostKeys: { staging: staging.hostKeyFingerprint, cloud: cloud.hostKeyFingerprint },
    inputs: {},
    skip: [],
    confirmed: [],
  }
}

async function deploy(runId: string, here: 'staging' | 'target') {
  const groups = await runner.describe(request(runId, here))
  return runner.runSteps(
    request(runId, here),
    groups.flatMap(({ steps }) => steps),
  )
}

async function changes(runId: string, here: 'staging' | 'target'): Promise<readonly string[]> {
  const planned = await runner.plan(request(runId, here))
  return planned.filter(({ outcome }) => outcome === 'would-change').map(({ step }) => step)
}

it.each([
  ['staging', '127.0.0.12', false],
  ['target', '127.0.0.13', true],
] as const)(
  'the permit desk is deployed on %s, changes nothing a second time, and is gone after undo',
  async (here, address, withJob) => {
    const outcome = await deploy(`first-${here}`, here)
    expect(outcome.failure).toBeUndefined()
    const site = here === 'staging' ? 'staging' : 'cloud'
    const url = `http://${address}:${lab.description.ports.app}`
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', site })
    const { stdout: configuration } = await runOn(lab, site, 'cat etc/permit-desk.conf')
    expect(configuration).not.toContain(lab.description.hosts.old.address)
    expect(configuration).not.toContain(lab.description.hosts.old.home)
    const { stdout: jobs } = await runOn(lab, site, 'crontab -l 2>/dev/null || true')
    // Off until this side serves.
    expect(/^#qianyun-off# \*\/5 \* \* \* \* .*daily-summary/m.test(jobs)).toBe(withJob)
    expect(/^\*.*daily-summary/m.test(jobs)).toBe(false)
    expect(JSON.stringify(outcome)).not.toContain(lab.secret(lab.description.databases.old.appSecret))

    expect(await changes(`second-${here}`, here)).toEqual([])

    const { undone } = await runner.undo(
      request(`first-${here}`, here),
      outcome.done.map(({ step }) => step),
    )
    expect(undone).toContain('service')
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed')
    const { stdout: left } = await runOn(lab, site, 'ls etc srv | grep -c permit-desk.conf || true')
    expect(left.trim()).toBe('0')
  },
  60_000,
)
