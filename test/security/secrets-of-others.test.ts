import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'
import { createDeskActivities } from '../../activities/desk.ts'
import { readingPlans } from '../../activities/given-plan.ts'
import { createPlaybookActivities } from '../../activities/playbook.ts'
import type { PlaybookRunView } from '../../api/contract.ts'
import { OwnPlaces } from '../../config/own-places.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import { ownSecretPath, SecretStore, writeSecretBindings } from '../../config/secrets.ts'
import type { PlanInputV2 } from '../../domain/plan/plan.ts'
import { createRunner } from '../../runner/runner.ts'
import { BoundSecrets } from '../../runner/secrets/bound-secrets.ts'
import { AuditLog } from '../../storage/audit.ts'
import { FactStore } from '../../storage/facts.ts'
import { SecretAddressStore } from '../../storage/secret-addresses.ts'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { useApi } from '../support/api.ts'
import type { Person } from '../support/credentials.ts'
import { makeNamespace, startWorkers } from '../support/orchestrator.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { startSshd, type TestSshd } from '../support/sshd.ts'
import { useTemporal } from '../support/temporal.ts'

const home = mkdtempSync(join(tmpdir(), 'qianyun-trust-'))
const playbooksFolder = join(home, 'playbooks')
const ownPassword = 'password-of-the-product'
const appPassword = 'password-of-the-application'
const ownPlaces = new OwnPlaces({
  isLab: true,
  servers: [{ what: 'database', host: '127.0.0.1', port: 7432 }],
})
const temporal = useTemporal()
let client: Client
let sshd: TestSshd
let stopWorkers: (() => Promise<void>) | undefined
const api = useApi(
  async () => {
    client = await makeNamespace(temporal)
    return { client, close: async () => undefined }
  },
  { playbooksFolder, ownPlaces },
)

const purposes = ['permit-desk-deploy', 'postgresql-copy', 'postgresql-rehearsal', 'postgresql-replicate']
const others = ['system-cutover', 'system-after-cutover', 'system-rollback', 'system-close']
const title = 'title: { zh: 一, en: one }'
const playbooks = {
  ...Object.fromEntries(
    [...purposes, ...others].map((name) => [name, `${title}\nsteps: [{ id: wipe, kind: wipe }]`]),
  ),
  visit: `${title}\nsteps: [{ id: look, kind: command, host: target, with: { argv: [echo, hello], changesNothing: true } }]`,
  password: `${title}
steps:
  - { id: put, kind: file, host: target, with: { path: '${home}/put', secret: '\${databases.target.appSecret}' } }`,
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
}
for (const [name, text] of Object.entries(playbooks))
  write(join(playbooksFolder, name, 'playbook.yaml'), `playbook: ${name}\n${text}\n`)

const secret = (name: string, value: string) => write(join(home, 'secrets', name), value)
const owner = { organisation: 'permit-bureau', system: 'permit-desk' }

beforeAll(async () => {
  sshd = await startSshd()
  secret('ssh-key', sshd.privateKey)
  secret('app-target', appPassword)
  secret('postgres-target', 'password-of-the-administrator')
  write(ownSecretPath(home, 'stack-postgres-admin'), ownPassword)
  const at = `${sshd.address}:${String(sshd.port)}`
  writeSecretBindings(home, 'ssh-key', [{ ...owner, purpose: 'ssh-login', addresses: [at] }])
  writeSecretBindings(home, 'app-target', [{ ...owner, purpose: 'host-file', addresses: [sshd.address] }])
  writeSecretBindings(home, 'postgres-target', [
    { ...owner, purpose: 'database-admin', addresses: ['127.0.0.13:5432'] },
  ])
  const journal = new StepJournalStore(api.pool)
  const runner = createRunner({
    secrets: new BoundSecrets({
      source: new SecretStore(home, {}),
      addresses: new SecretAddressStore(api.pool),
      ownPlaces,
    }),
    journal,
    playbooks: new PlaybookStore(playbooksFolder),
  })
  const facts = new FactStore(api.pool)
  const activities = readingPlans(
    { ...createDeskActivities({ runner, facts }), ...createPlaybookActivities({ runner, journal, facts }) },
    ownPlaces,
  )
  stopWorkers = await startWorkers(temporal, client.options.namespace, api, { activities })
  const row = { name: '受理', classified: false, mlpsLevel: 2 }
  await api.call('importSystems', {
    as: 'coordinator',
    body: [{ ...row, system: 'permit-desk', department: 'permit-bureau' }],
  })
  await api.call('importSystems', {
    as: 'otherCoordinator',
    body: [{ ...row, system: 'water-desk', department: 'water-bureau' }],
  })
  await planned('permit-plan', {})
}, 120_000)

afterAll(async () => {
  await stopWorkers?.()
  await sshd.close()
  rmSync(home, { recursive: true })
}, 60_000)

type Change = (plan: PlanInputV2) => Partial<PlanInputV2>
/** A plan whose target is the real host. */
async function planned(
  plan: string,
  hostChange: object,
  change: Change = () => ({}),
  as: Person = 'coordinator',
) {
  const { address, port, user, hostKey } = sshd
  const base = samplePlanInput({ plan, system: as === 'coordinator' ? 'permit-desk' : 'water-desk' })
  const target = {
    ...base.hosts['target'],
    address,
    port,
    user,
    hostKey,
    keySecret: 'ssh-key',
    ...hostChange,
  }
  const body = { ...base, hosts: { ...base.hosts, target }, ...change(base) }
  return api.call('createPlan', { as, body })
}

async function run(name: string, plan: string, as: Person = 'operations'): Promise<PlaybookRunView> {
  const { runId } = await api.call('runPlaybook', { as, params: { name }, body: { plan } })
  for (;;) {
    const view = await api.call('showPlaybookRun', { as, params: { run: runId } })
    if (view.state !== 'running') return view
    await sleep(50)
  }
}
const appSecret =
  (name: string): Change =>
  ({ datasets }) => {
    const { database } = datasets
    if (database === undefined) throw new Error('the sample has a database')
    return {
      datasets: { ...datasets, database: { ...database, target: { ...database.target, appSecret: name } } },
    }
  }

describe('a secret', () => {
  it('is used for what it was put there for', async () => {
    expect(await run('visit', 'permit-plan')).toMatchObject({ state: 'done' })
    await planned('app-plan', {}, appSecret('app-target'))
    expect(await run('password', 'app-plan')).toMatchObject({ state: 'done' })
  })

  it('of one system is not used by another’s plan, address and pinned key copied, while a connection is open', async () => {
    await planned(
      'water-plan',
      {},
      ({ organisations }) => ({
        organisations: {
          ...organisations,
          owner: 'water-bureau',
          coordinator: 'other-office',
          provider: 'other-cloud',
        },
      }),
      'otherCoordinator',
    )
    const ended = await run('visit', 'water-plan', 'otherCoordinator')
    expect(ended).toMatchObject({ state: 'failed', failure: { code: 'secret-not-for-this' } })
    expect(ended.failure?.message).toContain('was not put there for "water-desk"')
  })

  it('of one system is not used in a dry run of another’s plan', async () => {
    const call = {
      as: 'otherCoordinator',
      params: { name: 'password' },
      body: { plan: 'water-plan' },
    } as const
    const refused = await api.refused('planPlaybook', call)
    expect(refused).toMatchObject({ status: 422, code: 'secret-not-for-this' })
  })

  it.each([
    ['the product’s own', 'stack-postgres-admin', 'secret-not-bound'],
    ['an administrator’s', 'postgres-target', 'secret-not-for-this'],
    ['a host’s key', 'ssh-key', 'secret-not-for-this'],
    ['nobody’s', 'made-up', 'secret-not-bound'],
  ])('is not written into an application’s file when it is %s', async (_, name, code) => {
    await planned(`steals-${name}`, {}, appSecret(name))
    const ended = await run('password', `steals-${name}`)
    expect(ended).toMatchObject({ state: 'failed', failure: { code } })
    expect(JSON.stringify(ended)).not.toContain(ownPassword)
  })

  it('of the product cannot be bound by its name, since plans’ secrets are in another folder', async () => {
    writeSecretBindings(home, 'stack-postgres-admin', [
      { ...owner, purpose: 'host-file', addresses: [sshd.address] },
    ])
    expect(await run('password', 'steals-stack-postgres-admin')).toMatchObject({
      failure: { code: 'unknown-secret' },
    })
    rmSync(join(home, 'secrets', 'stack-postgres-admin.for.json'))
  })
})

describe('another address for a secret', () => {
  const elsewhere = { secret: 'ssh-key', system: 'permit-desk', purpose: 'ssh-login' } as const
  const decide = (as: Person, approved: boolean, address: string) =>
    api.call('decideSecretAddress', {
      as,
      body: { ...elsewhere, approved, address, reason: 'a new address' },
    })
  const visit = async () => {
    const { failure, state } = await run('visit', 'moved-plan')
    return failure?.code ?? state
  }

  it('needs the approval of the organisation that answers for it, is audited and can be withdrawn', async () => {
    // The same machine by another spelling: what was approved is an address, not what it leads to.
    await planned('moved-plan', { address: 'localhost' })
    const address = `localhost:${String(sshd.port)}`
    expect(await visit()).toBe('secret-address-not-approved')
    await decide('provider', true, address)
    expect(await visit()).toBe('secret-address-not-approved')
    await decide('owner', true, address)
    expect(await visit()).toBe('done')
    await decide('owner', false, address)
    expect(await visit()).toBe('secret-address-not-approved')
    const lines = await new AuditLog(api.pool).list(0, 1000)
    expect(lines.filter(({ entry }) => entry.kind === 'secret-address')).toHaveLength(3)
    const { addresses } = await api.call('listSecretAddresses', { as: 'operations' })
    expect(addresses.map(({ approved }) => approved).sort()).toEqual([false, true])
  })

  it.each([
    ['coordinator', 403],
    ['operations', 403],
    ['vendor', 403],
    ['otherOwner', 404],
    ['otherProvider', 404],
  ] as const)('is not approved by %s', async (as, status) => {
    const body = { ...elsewhere, approved: true, address: '10.9.9.9:22', reason: 'mine' }
    expect(await api.refused('decideSecretAddress', { as, body })).toMatchObject({ status })
  })
})

describe('the product’s own places', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '127.0.0.2',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    'localhost',
    'LOCALHOST.',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0.0.0.0',
    '::',
  ])('are no target of a plan, spelt "%s"', async (address) => {
    const plan = `own-${address.replaceAll(/[^a-z0-9]/gi, '-').toLowerCase()}x`
    const change: Change = ({ datasets }) => {
      const { database } = datasets
      if (database === undefined) throw new Error('the sample has a database')
      return {
        datasets: {
          ...datasets,
          database: { ...database, target: { ...database.target, address, port: 7432 } },
        },
      }
    }
    const base = samplePlanInput({ plan })
    const refused = await api.refused('createPlan', { as: 'coordinator', body: { ...base, ...change(base) } })
    expect(refused.problems).toContainEqual(
      expect.objectContaining({
        path: 'datasets.database.target.address',
        message: expect.stringMatching(/is the product's own database/),
      }),
    )
  })

  it('are no place at all where the server is no lab', async () => {
    const strict = new OwnPlaces({ isLab: false, servers: [{ what: 'api', host: '10.1.2.3', port: 7070 }] })
    for (const address of ['127.0.0.11:22', 'http://127.9.9.9/', 'http://[::1]:80/x', 'localhost'])
      expect(await strict.find(address)).toBe('machine')
    expect(await strict.find('10.1.2.3:22')).toBe('api')
    expect(await strict.find('10.1.2.4:7070')).toBeUndefined()
  })
})
