import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'

import { PlaybookStore } from '../../config/playbooks.ts'
import { backward } from '../../domain/move/way-back.ts'
import { type MigrationPlan, PlanInput } from '../../domain/plan/plan.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import { type Lab, removeLab, startLab } from '../../lab/lab.ts'
import { permitDeskPlan } from '../../lab/plan.ts'
import { runOn } from '../../lab/ssh.ts'
import { type Runner, createRunner } from '../../runner/runner.ts'
import { FileJournal } from '../support/file-journal.ts'

const playbooks = new PlaybookStore(join(__dirname, '../../playbooks'))
const home = mkdtempSync(join(tmpdir(), 'qianyun-jobs-'))
let lab: Lab
let runner: Runner

beforeAll(async () => {
  lab = await startLab({ home })
  runner = createRunner({
    playbooks,
    journal: new FileJournal(join(home, 'journal')),
    secrets: { read: async (name) => lab.secret(name) },
  })
}, 180_000)
afterAll(async () => {
  // First: a lab that was too slow to start has no runner yet.
  await removeLab(home)
  await runner.close()
  rmSync(home, { recursive: true, force: true })
}, 30_000)

const forward = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
} as const

/** Runs the steps of a playbook that are about scheduled jobs. */
async function jobsOf(name: string, way: Pick<RunRequest, 'hosts' | 'databases'>, step: RegExp) {
  const { playbooks: _playbooks, ...plan } = PlanInput.parse(permitDeskPlan(lab.description))
  const { old, cloud } = lab.description.hosts
  const request: RunRequest = {
    runId: `${name}-${String(Math.random())}`,
    migration: 'permit-desk-1',
    system: 'permit-desk',
    playbook: (await playbooks.read(name)).ref,
    plan: plan as MigrationPlan,
    ...way,
    hostKeys: { old: old.hostKeyFingerprint, cloud: cloud.hostKeyFingerprint },
    inputs: {},
    skip: [],
    confirmed: [],
  }
  const steps = (await runner.describe(request)).flatMap((group) => group.steps).filter((id) => step.test(id))
  const { failure } = await runner.runSteps(request, steps)
  expect(failure).toBeUndefined()
}

async function dueOn(): Promise<readonly string[]> {
  const due = await Promise.all(
    (['old', 'cloud'] as const).map(async (host) => {
      const { stdout } = await runOn(lab, host, 'crontab -l 2>/dev/null')
      return /^\*.*\/bin\/daily-summary /m.test(stdout) ? [host] : []
    }),
  )
  return due.flat()
}

it('a scheduled job is due on the side that serves and on no other, through deployment, cutover and rollback', async () => {
  await jobsOf(
    'permit-desk-deploy',
    { hosts: { here: 'target' }, databases: { there: 'target' } },
    /daily-summary/,
  )
  expect(await dueOn()).toEqual(['old'])
  await jobsOf('system-cutover', forward, /^jobs-/)
  expect(await dueOn()).toEqual(['cloud'])
  await jobsOf('system-rollback', backward, /^jobs-/)
  expect(await dueOn()).toEqual(['old'])
  await jobsOf('system-cutover', forward, /^jobs-/)
  expect(await dueOn()).toEqual(['cloud'])
}, 120_000)

it('a job that somebody put on by hand on the side that does not serve is off before the switch', async () => {
  await runOn(lab, 'old', "crontab -l | sed 's/^#qianyun-off# //' | crontab -")
  expect(await dueOn()).toEqual(['old', 'cloud'])
  await jobsOf(
    'system-cutover',
    { hosts: { from: 'target', to: 'source' }, databases: { from: 'target', to: 'source' } },
    /^jobs-of-/,
  )
  expect(await dueOn()).toEqual(['cloud'])
}, 60_000)
