import { describe, expect, it } from '@jest/globals'

import { System } from '../../../domain/ledger/system.ts'
import { readDatasets } from '../../../domain/plan/dataset-rules.ts'
import type { PlacedPlan } from '../../../domain/plan/place-conflicts.ts'
import { clientAddressesOf } from '../../../domain/plan/client-hosts.ts'
import { Endpoint } from '../../../domain/plan/endpoint.ts'
import { endpointsOf, hostOf } from '../../../domain/plan/places.ts'
import { methodsOf } from '../../../domain/plan/method.ts'
import { type MigrationPlan, PlanInput } from '../../../domain/plan/plan.ts'
import { planProblems, planSizeProblems } from '../../../domain/plan/rules.ts'
import { WaiverParams } from '../../../domain/plan/waiver-params.ts'
import { secretUsesOf } from '../../../domain/plan/secret-uses.ts'
import { toUrl } from '../../../domain/secret-use.ts'
import { familiesInPlans } from '../../../families/index.ts'
import { samplePlanInput, samplePlanInputV1 } from '../../support/plan-input.ts'
import { samplePlan } from '../../support/plan.ts'
import { widePlan } from '../../support/wide-plan.ts'

const plan = samplePlan()
const system = System.parse({
  system: plan.system,
  name: '行政许可受理系统',
  department: 'permit-bureau',
  mlpsLevel: 2,
  classified: false,
})
const problemsOf = (changed: MigrationPlan) => planProblems(changed, system, familiesInPlans)
const pathsOf = (changed: MigrationPlan) => problemsOf(changed).map(({ path }) => path)
const database = plan.datasets['database'] ?? {
  family: '',
  source: { host: '' },
  staging: { host: '' },
  target: { host: '' },
}

/** The places of another database, on servers of the wide plan. */
const second = {
  source: { ...database.source, host: 'old-1', database: 'other' },
  staging: { ...database.staging, host: 'test', database: 'other' },
  target: { ...database.target, host: 'new-1', database: 'other' },
}
const register = (host: string) => ({ host, paths: ['/var/lib/register'], commands: 'commands', values: {} })
const byCommands = {
  family: 'commands',
  source: register('old-1'),
  staging: register('test'),
  target: register('new-1'),
}

describe('a plan', () => {
  it('is taken when its sides are different places', () => {
    expect(problemsOf(plan)).toEqual([])
  })

  it('is taken with several hosts of a role, applications and file trees', () => {
    expect(problemsOf(widePlan())).toEqual([])
  })

  it('has a database of a managed service on the new side alone, from PostgreSQL 16 on', () => {
    const managedOn = (role: 'source' | 'target', managed: unknown) => ({
      ...plan,
      datasets: { ...plan.datasets, database: { ...database, [role]: { ...database[role], managed } } },
    })
    expect(problemsOf(managedOn('target', { version: 16 }))).toEqual([])
    expect(methodsOf(managedOn('target', { version: 16 }), familiesInPlans)).toContainEqual(
      expect.objectContaining({
        dataset: 'database',
        because: expect.objectContaining({ code: 'method-for-managed' }),
      }),
    )
    expect(pathsOf(managedOn('source', { version: 16 }))).toEqual(['datasets.database.source.managed'])
    const tooOld = readDatasets(managedOn('target', { version: 15 }), familiesInPlans).problems
    expect(tooOld).toMatchObject([
      {
        path: 'datasets.database.target.managed.version',
        message: expect.stringContaining(
          'nothing is moved online, since nobody but a superuser subscribes there',
        ),
      },
    ])
  })

  it('is refused when it is too large to travel with every step', () => {
    const waiving = (tables: number) =>
      samplePlanInputV1({
        waivers: Object.fromEntries(
          Array.from({ length: tables }, (_, n) => [`archive.表_${String(n)}`, '只增不改']),
        ),
      })
    expect(planSizeProblems(waiving(1_000))).toEqual([])
    expect(planSizeProblems(waiving(10_000))).toMatchObject([
      {
        path: '',
        message: expect.stringMatching(
          /^comes to \d{3} KiB, where 256 KiB are the most; waive a schema's tables by one pattern/,
        ),
      },
    ])
  })

  it('is refused when a side is another one too, host and database told apart', () => {
    const { address, port } = hostOf(plan, 'source')
    const target = { ...hostOf(plan, 'target'), address, port }
    expect(problemsOf({ ...plan, hosts: { ...plan.hosts, target } })).toMatchObject([
      {
        path: 'hosts.target',
        message: `is "${address}:${port}", which is the source too; source, staging and target are different places`,
      },
    ])
    const sameDatabase = { ...database, staging: { ...database.target, host: 'staging' } }
    expect(pathsOf({ ...plan, datasets: { database: sameDatabase } })).toEqual(['datasets.database.staging'])
  })

  it('is taken when its clients connect to the database itself, and refused when it does not say how they do', () => {
    const { http } = plan.endpoints
    const direct = Endpoint.parse({ kind: 'none', fronts: 'database' })
    const reached = (endpoints: Record<string, unknown>) => ({
      ...plan,
      endpoints: { ...(http && { http }), ...endpoints } as MigrationPlan['endpoints'],
    })
    expect(problemsOf(reached({ database: direct }))).toEqual([])
    expect(secretUsesOf(reached({ database: direct })).filter(({ purpose }) => purpose === 'pooler')).toEqual(
      [],
    )
    expect(problemsOf(reached({}))).toMatchObject([
      { path: 'endpoints', message: expect.stringContaining('has 0 of the kinds "pgbouncer", "none"') },
    ])
    expect(problemsOf(reached({ one: direct, other: direct }))).toMatchObject([{ path: 'endpoints' }])
    expect(pathsOf(reached({ database: direct, other: { ...direct, fronts: 'elsewhere' } }))).toEqual([
      'endpoints.other.fronts',
    ])
  })

  it('expects clients of a database itself from the hosts of its applications, and from the server where they run there', () => {
    const address = (host: string) => hostOf(plan, host).address
    const given = { fronts: 'database', clients: ['10.9.9.9'] }
    expect(clientAddressesOf(plan, given)).toEqual([
      '10.9.9.9',
      ...['source', 'staging', 'target'].map(address),
      ...['local', '127.0.0.1', '::1'],
    ])
    const apart = { ...database, source: { ...database.source, host: 'elsewhere' } }
    const sides = {
      ...apart,
      staging: { ...apart.staging, host: 'x' },
      target: { ...apart.target, host: 'y' },
    }
    expect(clientAddressesOf({ ...plan, datasets: { database: sides } }, given)).not.toContain('local')
  })

  it('may have two databases on one server', () => {
    const staging = { ...database.target, host: 'staging', database: 'permits_test' }
    expect(problemsOf({ ...plan, datasets: { database: { ...database, staging } } })).toEqual([])
  })
})

describe('the names in a plan', () => {
  it.each<[string, (wide: MigrationPlan) => MigrationPlan, readonly string[]]>([
    [
      'a role without a host',
      (wide) => ({
        ...wide,
        hosts: Object.fromEntries(Object.entries(wide.hosts).filter(([, { role }]) => role !== 'staging')),
      }),
      [
        'hosts',
        'datasets.database.staging.host',
        'datasets.exports.staging.host',
        'datasets.scans.staging.host',
        'datasets.uploads.staging.host',
        'applications.desk.sites.staging.0.host',
        'applications.portal.sites.staging.0.host',
      ],
    ],
    [
      'a host named like a role it does not have',
      (wide) => ({
        ...wide,
        hosts: { ...wide.hosts, target: { ...hostOf(wide, 'old-1'), address: '10.0.0.99' } },
      }),
      ['hosts.target'],
    ],
    [
      'a host named like a role that others have too',
      (wide) => ({
        ...wide,
        hosts: { ...wide.hosts, source: { ...hostOf(wide, 'old-1'), address: '10.0.0.99' } },
      }),
      ['hosts.source'],
    ],
    [
      'a host named twice, and one in a zone of its own',
      (wide) => ({ ...wide, hosts: { ...wide.hosts, 'old-3': { ...hostOf(wide, 'old-1'), zone: 'dmz' } } }),
      ['hosts.old-3.zone', 'hosts.old-3'],
    ],
    [
      'a dataset on no host, one on a host of another role, and one of no known family',
      (wide) => ({
        ...wide,
        datasets: {
          ...wide.datasets,
          scans: {
            family: 'files',
            source: { host: 'nowhere', path: '/srv/a' },
            staging: { host: 'test', path: '/srv/a' },
            target: { host: 'old-1', path: '/srv/a' },
          },
        },
      }),
      ['datasets.scans.source.host', 'datasets.scans.target.host'],
    ],
    [
      'a file tree inside another one',
      (wide) => ({
        ...wide,
        datasets: {
          ...wide.datasets,
          inner: {
            family: 'files',
            source: { host: 'old-1', path: '/srv/uploads/inner' },
            staging: { host: 'test', path: '/srv/inner' },
            target: { host: 'new-1', path: '/srv/inner' },
          },
        },
      }),
      ['datasets.uploads.source'],
    ],
    [
      'a second database that no endpoint fronts',
      (wide) => ({ ...wide, datasets: { ...wide.datasets, second: { ...database, ...second } } }),
      ['endpoints'],
    ],
    [
      'a database and data moved by commands, which no switch carries together',
      (wide) => ({ ...wide, datasets: { ...wide.datasets, second: byCommands } }),
      ['datasets'],
    ],
    ['no application', (wide) => ({ ...wide, applications: {} }), ['applications']],
    [
      'an application nobody can reach, and an endpoint that fronts nothing',
      (wide) => ({
        ...wide,
        endpoints: { ...wide.endpoints, web: { ...httpOf(wide, 'web'), fronts: 'nothing' } },
      }),
      ['endpoints', 'endpoints.web.fronts'],
    ],
    [
      'fewer server lines than sites, a line twice',
      (wide) => ({
        ...wide,
        endpoints: { ...wide.endpoints, web: { ...httpOf(wide, 'web'), servers: ['desk-1', 'desk-1'] } },
      }),
      ['endpoints.web.servers', 'endpoints.web.servers'],
    ],
    [
      'server lines that another endpoint switches too',
      (wide) => ({
        ...wide,
        endpoints: { ...wide.endpoints, web: { ...httpOf(wide, 'web'), ...lines(httpOf(wide, 'portal')) } },
      }),
      ['endpoints.web.servers'],
    ],
    [
      'a pgbouncer on a host that is no entry',
      (wide) => ({
        ...wide,
        endpoints: { ...wide.endpoints, database: { ...pgbouncerOf(wide), host: 'old-1' } },
      }),
      ['endpoints.database.host'],
    ],
    [
      'two sites of an application on one host',
      (wide) => {
        const desk = wide.applications['desk']
        if (desk === undefined) throw new Error('the plan has no desk')
        const [first] = desk.sites.source
        return {
          ...wide,
          applications: {
            ...wide.applications,
            desk: { ...desk, sites: { ...desk.sites, source: first === undefined ? [] : [first, first] } },
          },
        }
      },
      ['applications.desk.sites.source.1.host'],
    ],
  ])('are refused with %s', (_, change, paths) => {
    expect(pathsOf(change(widePlan()))).toEqual(paths)
  })

  it('of families are read by them: what is wrong with a part is told with its place', () => {
    const files = {
      family: 'files',
      source: { host: 'source', path: 'relative' },
      staging: { host: 'staging' },
      target: { host: 'target', path: '/srv/x/' },
    }
    const buckets = { ...files, family: 'buckets' }
    const { problems } = readDatasets({ datasets: { files, buckets } }, familiesInPlans)
    expect(problems).toMatchObject([
      { path: 'datasets.files.source.path', message: expect.stringContaining('must be an absolute path') },
      { path: 'datasets.files.staging.path', message: expect.any(String) },
      { path: 'datasets.files.target.path', message: 'must not end in "/"' },
      {
        path: 'datasets.buckets.family',
        message: expect.stringContaining(
          'is the unknown family "buckets"; expected one of "commands", "files"',
        ),
      },
    ])
  })
})

const lines = ({ backend, servers }: { readonly backend: string; readonly servers: string[] }) => ({
  backend,
  servers,
})

const httpOf = (wide: MigrationPlan, name: string) => {
  const endpoint = wide.endpoints[name]
  if (endpoint?.kind !== 'http') throw new Error(`the plan has no http endpoint "${name}"`)
  return endpoint
}

const pgbouncerOf = (wide: MigrationPlan) => {
  const endpoint = wide.endpoints['database']
  if (endpoint?.kind !== 'pgbouncer') throw new Error('the plan has no pgbouncer')
  return endpoint
}

describe('the reason of a waiver', () => {
  it.each(['tmp', '误报', ' 误报 '])('is enough for steps where it is for the plan: "%s"', (reason) => {
    const waivers = [{ rule: 'table-without-key', pattern: 'archive.*', reason }]
    const { data } = PlanInput.safeParse({ ...samplePlanInput(), waivers })
    expect(WaiverParams.parse(data?.waivers)).toEqual([{ ...waivers[0], reason: reason.trim() }])
  })

  it.each(['', '无', '--------'])('is none where it says nothing: "%s"', (reason) => {
    const waivers = [{ rule: 'table-without-key', pattern: 'archive.*', reason }]
    expect(PlanInput.safeParse({ ...samplePlanInput(), waivers }).success).toBe(false)
    expect(WaiverParams.safeParse(waivers).success).toBe(false)
  })
})

describe('the public write that proves a new side', () => {
  const given = samplePlanInput().applications['application']
  if (given?.writeProbe === undefined) throw new Error('the sample has a write probe')
  const { writeProbe, ...unproved } = given

  it.each([
    ['with a name nobody reads', { ...writeProbe, readpath: '/permits/{id}' }],
    ['without the place where it is read back', { path: writeProbe.path, body: writeProbe.body }],
    ['that no other write can be told from', { ...writeProbe, body: '{"applicant":"the same"}' }],
    [
      'that is read back wherever it was written',
      { ...writeProbe, readPath: '/permits', contains: 'permit' },
    ],
    ['with a value that nothing stands for', { ...writeProbe, headers: { Authorization: 'Bearer {token}' } }],
    [
      'with a value that is taken later only',
      {
        ...writeProbe,
        before: [
          { path: '/in?t={t}', take: { t: { field: 't' } } },
          { path: '/in', body: '{t}' },
        ],
      },
    ],
    ['with a line break in a header', { ...writeProbe, headers: { Accept: 'a\r\nHost: other' } }],
    ['with a header of another name than one', { ...writeProbe, headers: { 'Host ': 'other' } }],
    ['that begins at another server', { ...writeProbe, before: [{ path: '//other.test/login' }] }],
    ['that names a secret as no secret is called', { ...writeProbe, secrets: { token: '../key' } }],
  ])('is refused in a plan %s', (_, mistyped) => {
    const applications = { application: { ...unproved, writeProbe: mistyped } }
    const { error } = PlanInput.safeParse({ ...samplePlanInput(), applications })
    expect(error?.issues.map(({ path }) => path.slice(0, 3).join('.'))).toEqual([
      'applications.application.writeProbe',
    ])
  })

  it('may sign in first, and be read back in a list', () => {
    const signedIn = {
      ...writeProbe,
      secrets: { password: 'probe-password' },
      before: [
        { path: '/in', take: { csrf: { cookie: 'csrftoken' } } },
        { path: '/in', headers: { 'X-CSRFToken': '{csrf}' }, body: '{"password":"{password}"}' },
      ],
      headers: { 'X-CSRFToken': '{csrf}' },
      readPath: '/permits',
    }
    const applications = { application: { ...unproved, writeProbe: signedIn } }
    const { data, error } = PlanInput.safeParse({ ...samplePlanInput(), applications })
    expect(error?.issues).toBeUndefined()
    expect(secretUsesOf(data as PlacedPlan)).toContainEqual({
      secret: 'probe-password',
      purpose: 'http-request',
      address: toUrl(endpointsOf(data as PlacedPlan, 'http')[0]!.url).address,
    })
  })

  it('is wanted in production, and may be missing in a lab', () => {
    const paths = (profile: 'production' | 'lab') =>
      pathsOf({ ...samplePlan({ profile }), applications: { application: unproved } })
    expect(paths('production')).toEqual(['applications.application.writeProbe'])
    expect(paths('lab')).toEqual([])
  })
})
