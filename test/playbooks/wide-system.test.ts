import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { PlaybookStore } from '../../config/playbooks.ts'
import { backward } from '../../domain/move/way-back.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import { type Runner, createRunner } from '../../runner/runner.ts'
import { FileJournal } from '../support/file-journal.ts'
import { widePlan } from '../support/wide-plan.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'

const playbooks = new PlaybookStore(join(__dirname, '../../playbooks'))
const home = mkdtempSync(join(tmpdir(), 'qianyun-wide-'))
const forward = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
} as const
let runner: Runner
beforeAll(() => {
  runner = createRunner({
    playbooks,
    journal: new FileJournal(join(home, 'journal')),
    secrets: { read: async () => 'a-secret-of-the-test' },
  })
})
afterAll(async () => {
  await runner.close()
  rmSync(home, { recursive: true, force: true })
})

async function requestOf(
  name: string,
  way: Pick<RunRequest, 'hosts' | 'databases'>,
  plan: MigrationPlan = widePlan(),
): Promise<RunRequest> {
  return {
    runId: name,
    migration: 'permit-desk-1',
    system: plan.system,
    playbook: (await playbooks.read(name)).ref,
    plan,
    ...way,
    hostKeys: {},
    inputs: {},
    skip: [],
    confirmed: [],
  }
}

async function stepsOf(...asked: Parameters<typeof requestOf>) {
  const groups = await runner.describe(await requestOf(...asked))
  return groups.flatMap(({ host, steps }) =>
    steps.map((step) => (host === undefined ? step : `${step} on ${host}`)),
  )
}

const trees = (id: string) => ['exports', 'scans', 'uploads'].map((name) => `${id}-${name}`)
const sites = (id: string, hosts: readonly string[]) =>
  ['desk', 'portal'].flatMap((name) => hosts.map((host) => `${id}-${name}-${host} on ${host}`))
const doors = ['entry-answers-portal', 'entry-answers-web']
const proxies = ['switch-http-portal on door', 'switch-http-web on door']

describe('a system with two applications on several hosts and three file trees', () => {
  it('is cut over by the playbook that is shipped', async () => {
    const news = ['new-1', 'new-2', 'new-3']
    expect(await stepsOf('system-cutover', forward)).toEqual([
      ...sites('application-running', news),
      ...sites('application-healthy', news).map((step) => step.replace(/ on .*/, '')),
      ...sites('same-keys', news).map((step) => step.replace(/ on .*/, '')),
      ...proxies.map((step) => step.replace('switch-http', 'entry-switchable')),
      ...trees('files-before'),
      ...sites('jobs-of-both-sides', ['old-1', 'old-2']),
      ...sites('jobs-of-the-new-side-off', news),
      ...sites('jobs-of-the-new-side-will-run', news),
      'switch-database',
      ...trees('files-meanwhile'),
      ...proxies,
      ...sites('jobs-off', ['old-1', 'old-2']),
      ...sites('jobs-on', news),
    ])
    expect(await stepsOf('system-after-cutover', forward)).toEqual([
      'requests-ended-door on door',
      ...sites('application-stopped', ['old-1', 'old-2']),
      ...trees('files-last'),
      'verify-database',
      ...doors,
    ])
  })

  it('is cut over and back with its applications started on an open database, where they connect to that itself', async () => {
    const { database: _, ...others } = widePlan().endpoints
    const plan = {
      ...widePlan(),
      endpoints: { ...others, database: { kind: 'none' as const, fronts: 'database', clients: [] } },
    }
    const at = (steps: readonly string[], id: string) => steps.findIndex((step) => step.startsWith(id))
    for (const [name, way, hosts] of [
      ['system-cutover', forward, ['new-1', 'new-2', 'new-3']],
      ['system-rollback', backward, ['old-1', 'old-2']],
    ] as const) {
      const steps = await stepsOf(name, way, plan)
      expect(steps.filter((step) => /^application-(running|healthy)/.test(step))).toEqual([])
      expect(steps).toEqual(expect.arrayContaining(sites('application-startable', hosts)))
      expect(steps).toEqual(expect.arrayContaining(sites('application-started', hosts)))
      const order = [
        'application-startable',
        'switch-database',
        'application-started',
        'application-ready',
        'files-meanwhile',
        'switch-http',
      ].map((id) => at(steps, id))
      expect(order).toEqual([...order].toSorted((one, other) => one - other))
      expect(order).not.toContain(-1)
    }
  })

  it('is rolled back, and its old side closed, by those that are shipped', async () => {
    const back = await stepsOf('system-rollback', backward)
    expect(back).toEqual(expect.arrayContaining([...trees('files-last'), ...proxies]))
    expect(back).toEqual(expect.arrayContaining(sites('jobs-off', ['new-1', 'new-2', 'new-3'])))
    expect(back).toEqual(expect.arrayContaining(sites('jobs-on', ['old-1', 'old-2'])))
    expect(back).toEqual(expect.arrayContaining(sites('application-stopped', ['new-1', 'new-2', 'new-3'])))
    expect(await stepsOf('system-close', forward)).toEqual([
      'disarm-database',
      ...sites('application-stopped', ['old-1', 'old-2']),
      ...['exports', 'scans', 'uploads'].map((tree) => `set-aside-removed-${tree} on new-1`),
      'wipe-database-database on old-1',
      'wipe-old-1 on old-1',
      'wipe-old-2 on old-2',
    ])
  })

  it('is deployed by the one of the lab, host by host as a move does it, or on all hosts of a side at once', async () => {
    const on = async (here: string) =>
      stepsOf('permit-desk-deploy', { hosts: { here }, databases: { there: 'target' } })
    expect(await on('new-2')).toEqual([
      ...sites('file-tree', ['new-2']).map((step) => step.replace(/ on .*/, '')),
      'tools-new-2 on new-2',
      'runtime-new-2 on new-2',
      ...sites('code', ['new-2']).map((step) => step.replace(/ on .*/, '')),
      ...['uploads', 'password', 'configuration', 'service', 'daily-summary'].flatMap((id) =>
        sites(id, ['new-2']),
      ),
      ...sites('health', ['new-2']).map((step) => step.replace(/ on .*/, '')),
    ])
    const news = ['new-1', 'new-2', 'new-3']
    const all = await on('target')
    expect(all).toEqual(expect.arrayContaining([...sites('service', news), ...sites('configuration', news)]))
    expect(all.filter((step) => step.startsWith('tools-'))).toHaveLength(news.length)
  })

  it('is load-tested application by application, each new site against the first old one', async () => {
    const toTarget = await requestOf('postgresql-rehearsal', forward)
    expect(await stepsOf('postgresql-rehearsal', forward)).toEqual([
      'load-desk',
      'load-portal',
      'switches-database',
    ])
    const planned = await runner.plan({
      ...toTarget,
      skip: [{ step: 'switches-database', reason: 'no database of this plan is there' }],
    })
    expect(planned.map(({ step, commands }) => [step, ...commands.map(({ title }) => title)])).toEqual([
      ['load-desk', ...['0.1', '2.1', '2.2', '2.3'].map((host) => offered(`http://10.0.${host}:8080`))],
      ['load-portal', ...['0.1', '2.1', '2.2', '2.3'].map((host) => offered(`http://10.0.${host}:8081`))],
      ['switches-database'],
    ])
  })
})

const { ratePerSecond, seconds } = widePlan().policy.loadTest
const offered = (url: string) =>
  `1 × ${String(seconds)} s of ${String(ratePerSecond)} requests/s to ${url} (GET /health, GET /)`
