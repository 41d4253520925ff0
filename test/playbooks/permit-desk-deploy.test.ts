import { createServer, type AddressInfo } from 'node:net'
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
}, 180_000)

afterAll(async () => {
  // First: a lab that was too slow to start has no runner yet.
  await removeLab(home)
  await runner.close()
  rmSync(home, { recursive: true, force: true })
}, 30_000)

type PlanOfLab = ReturnType<typeof permitDeskPlan>

function request(
  runId: string,
  here: 'staging' | 'target',
  given: PlanOfLab = permitDeskPlan(lab.description),
): RunRequest {
  const { playbooks: _playbooks, ...plan } = PlanInput.parse(given)
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

async function deploy(asked: RunRequest) {
  const groups = await runner.describe(asked)
  return runner.runSteps(
    asked,
    groups.flatMap(({ steps }) => steps),
  )
}

async function freePort(address: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The lab's plan with a second desk of the same program beside the first, with a file tree of its own where it is named. */
async function twoDesks(tree?: string): Promise<PlanOfLab> {
  const plan = permitDeskPlan(lab.description)
  const [desk, uploads] = [plan.applications['permit-desk'], plan.datasets['uploads']]
  if (desk === undefined || uploads === undefined) throw new Error('The lab moves one desk with its uploads.')
  const port = await freePort('127.0.0.13')
  const second = ([site]: typeof desk.sites.target) => {
    if (site === undefined) throw new Error('The desk has a site on each side.')
    const url = new URL(site.url)
    url.port = String(port)
    return [
      {
        ...site,
        url: url.origin,
        directory: `${site.directory}-2`,
        configFile: `${site.configFile}.2`,
        service: 'desk-2',
      },
    ]
  }
  const beside = ({ host, path }: { readonly host: string; readonly path?: unknown }) => ({
    host,
    path: `${String(path)}-2`,
  })
  const { source, staging, target } = uploads
  return {
    ...plan,
    datasets: {
      ...plan.datasets,
      ...(tree !== undefined && {
        [tree]: { family: 'files', source: beside(source), staging: beside(staging), target: beside(target) },
      }),
    },
    applications: {
      ...plan.applications,
      'fee-desk': {
        healthPath: desk.healthPath,
        sites: {
          source: desk.sites.source,
          staging: second(desk.sites.staging),
          target: second(desk.sites.target),
        },
      },
    },
  }
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
    const outcome = await deploy(request(`first-${here}`, here))
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
    expect(undone).toContain('service-permit-desk')
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed')
    const { stdout: left } = await runOn(lab, site, 'ls etc srv | grep -c permit-desk.conf || true')
    expect(left.trim()).toBe('0')
  },
  60_000,
)

it('two applications on one host are deployed side by side, each with its own folder of uploads', async () => {
  // The tree of the first is called otherwise: of two trees on the host nobody could tell which is whose.
  const unnamed = await deploy(request('unnamed', 'target', await twoDesks('others')))
  expect(unnamed.failure?.step).toMatch(/^file-tree-/)

  const {
    datasets: { uploads, ...datasets },
    ...plan
  } = await twoDesks('fee-desk')
  const asked = request('two', 'target', {
    ...plan,
    datasets: { ...datasets, ...(uploads && { 'permit-desk': uploads }) },
  })
  const outcome = await deploy(asked)
  expect(outcome.failure).toBeUndefined()
  for (const { sites } of Object.values(plan.applications))
    expect(await (await fetch(`${sites.target[0]?.url ?? ''}/health`)).json()).toMatchObject({ status: 'ok' })
  const { stdout } = await runOn(
    lab,
    'cloud',
    'grep -h UPLOAD_DIR etc/permit-desk.conf etc/permit-desk.conf.2',
  )
  const [first = '', second = ''] = stdout.trim().split('\n')
  expect(second).toBe(`${first}-2`)
  const { undone } = await runner.undo(
    asked,
    outcome.done.map(({ step }) => step),
  )
  expect(undone).toEqual(expect.arrayContaining(['service-permit-desk', 'service-fee-desk']))
}, 90_000)
