import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { load } from 'js-yaml'

import { PlanInputV2 } from '../../domain/plan/plan.ts'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'

const api = useApi(undefined, { playbooksFolder: join(import.meta.dirname, '..', '..', 'playbooks') })
const cli = useCli(api)
const hosts = [
  ...['--host', 'old=qianyun@10.1.2.11:2222', '--host', 'staging=qianyun@10.8.2.12'],
  ...['--host', 'new=qianyun@10.8.2.13', '--host', 'new=qianyun@10.8.2.14', '--entry', 'qianyun@10.8.2.15'],
]
const organisations = ['--provider', 'city-cloud', '--operations', 'operations-centre']

beforeAll(async () => {
  const row = { name: '行政许可受理系统', department: 'permit-bureau', mlpsLevel: 2, classified: false }
  const known = { ...row, system: 'permit-office', vendor: 'permit-soft' }
  const unknown = { system: 'archive', name: '档案', department: 'permit-bureau' }
  await api.call('importSystems', { as: 'coordinator', body: [known, unknown] })
})

const drafted = async (...args: readonly string[]) =>
  (await cli.as('coordinator', 'plan', 'init', '--from', 'permit-office', '--lang', 'en', ...args)).stdout

/** What is wrong with a plan, by the paths of its schema. */
function problemsOf(yaml: string): readonly string[] {
  const parsed = PlanInputV2.safeParse(load(yaml))
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** As somebody would: every placeholder taken up as it stands. */
const filledIn = (yaml: string): string =>
  yaml
    .replaceAll('SHA256:…', `SHA256:${'A'.repeat(43)}`)
    .replaceAll(/^( *)# (\w+: .*?) {2}# .*$/gm, '$1$2')
    .replace('deploy-of-the-vendor', 'permit-desk-deploy')

describe('plan init', () => {
  it('fills in what the ledger, the server and the flags say', async () => {
    const plan = load(await drafted(...hosts, ...organisations, '--database', 'permits')) as Record<
      string,
      unknown
    >
    expect(plan).toMatchObject({
      version: 2,
      plan: expect.stringMatching(/^permit-office-20\d\d$/),
      system: 'permit-office',
      hosts: {
        old: {
          role: 'source',
          address: '10.1.2.11',
          port: 2222,
          user: 'qianyun',
          keySecret: 'permit-office-ssh',
        },
        staging: { role: 'staging' },
        'new-1': { role: 'target', address: '10.8.2.13' },
        'new-2': { role: 'target', address: '10.8.2.14' },
        entry: { role: 'entry' },
      },
      datasets: { 'permit-office': { target: { host: 'new-1', address: '10.8.2.13', database: 'permits' } } },
      applications: { 'permit-office': { sites: { target: [{ host: 'new-1' }, { host: 'new-2' }] } } },
      endpoints: { database: { entryName: 'permits', address: '10.8.2.15' } },
      playbooks: { cutover: 'system-cutover', close: 'system-close' },
      organisations: {
        coordinator: 'coordination-office',
        owner: 'permit-bureau',
        provider: 'city-cloud',
        vendor: 'permit-soft',
        operations: 'operations-centre',
      },
    })
  })

  it('says what the ledger has in comments that nothing in it ends, and no terminal obeys', async () => {
    const name = 'x\nwaivers: [all]\u2028plan: y\u0085hosts: {}\u001b]0;owned\u0007 */ \u202ehidden'
    const row = { system: 'trapped', name, department: 'permit-bureau', mlpsLevel: 2, classified: false }
    await api.call('importSystems', { as: 'coordinator', body: [row] })
    const file = join(cli.home, 'trapped.yaml')
    await cli.as('coordinator', 'plan', 'init', '--from', 'trapped', '--output', file)
    const yaml = readFileSync(file, 'utf8')
    expect(yaml.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(load(yaml)).toMatchObject({ plan: expect.stringMatching(/^trapped-20/), waivers: [] })
    expect(yaml).toContain('\\x1b]0;owned\\x07 */')
  })

  it('leaves nothing that the schema refuses but what it marks as missing', async () => {
    const yaml = await drafted(...hosts, ...organisations)
    const marked = [...yaml.matchAll(/^ *# (\w+): .*? {2}# .+$/gm)].map(([, name]) => name)
    const refused = problemsOf(yaml).filter(
      (problem) => !/received undefined|received null|url: must be/.test(problem),
    )
    expect(refused).toEqual([])
    expect(marked).toEqual(
      expect.arrayContaining(['hostKey', 'adminUser', 'healthPath', 'url', 'servers', 'deploy']),
    )
    expect(problemsOf(filledIn(yaml))).toEqual([])
  })

  it('says what belongs there where no host was given, and the system has no vendor yet', async () => {
    const ran = await cli.as('coordinator', 'plan', 'init', '--from', 'archive', '--lang', 'zh')
    expect(ran.stdout).toMatch(/^ {2}# new: \{ role: target, .*\} {2}# 云上主机$/m)
    expect(ran.stdout).toMatch(/^ {2}# vendor: some-vendor {2}# 承建厂商；台账未登记$/m)
    expect(ran.stdout).toContain('尚不能建立计划：台账尚不知该系统是否涉密')
    expect(problemsOf(filledIn(ran.stdout))).toEqual([])
  })

  it('writes a file, of which plan create names what is missing and takes it once it is filled in', async () => {
    const path = join(cli.home, 'permit-office.yaml')
    const args = ['plan', 'init', '--from', 'permit-office', '--output', path, '--lang', 'en'] as const
    const ran = await cli.as('coordinator', ...args, ...hosts, ...organisations)
    expect(ran.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /to be filled in yet, and ".* plan create .*" names what is missing/,
    )
    const refused = await cli.run(['plan', 'create', path, '--lang', 'en', '--context', 'coordinator'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toMatch(
      /"applications\.permit-office\.healthPath" is missing.*"endpoints\.database\.port" is missing/,
    )
    const again = await cli.run([...args, '--context', 'coordinator'])
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is there already') })

    writeFileSync(path, filledIn(readFileSync(path, 'utf8')))
    const created = await cli.as('coordinator', 'plan', 'create', path, '--lang', 'en')
    expect(created.stdout).toContain('is frozen')
  }, 60_000)

  it.each([
    [['--host', 'cloud=a@10.0.0.1'], /--host "cloud=a@10.0.0.1" is not a role and a host/],
    [['--host', 'old=10.0.0.1'], /is not a role and a host/],
    [['--use-secret', 'root=x'], /Kinds are ssh, admin-old/],
    [['--provider', 'City Cloud'], /--provider "City Cloud" is not lower case letters/],
    [['--database', 'a b'], /is not the name of a database/],
    [['--vendor', 'other-soft'], /the ledger has "permit-soft" as the vendor/],
  ])('refuses %j before anything is written', async (args, says) => {
    const path = join(cli.home, 'never.yaml')
    const call = [
      'plan',
      'init',
      '--from',
      'permit-office',
      '--output',
      path,
      '--context',
      'coordinator',
      '--lang',
      'en',
    ]
    const ran = await cli.run([...call, ...args])
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toMatch(says)
    expect(existsSync(path)).toBe(false)
  })
})

describe('plan methods', () => {
  it('says what each method has to be given while a system has no plan', async () => {
    const { stdout } = await cli.as('coordinator', 'plan', 'methods', 'archive', '--lang', 'en')
    expect(stdout).toContain('There is no plan of "archive" yet.')
    expect(stdout).toMatch(/stopped, by commands of its vendor, copied back at a rollback\nNeeds +stop\.sh/)
  })

  it('says of the newest plan how its datasets cross, why so, and what a rollback brings back', async () => {
    const plan = load(filledIn(await drafted(...hosts, ...organisations, '--vendor', 'permit-soft')))
    await api.call('createPlan', { as: 'coordinator', body: plan })
    const { stdout } = await cli.as('coordinator', 'plan', 'methods', 'permit-office', '--lang', 'en')
    expect(stdout).toContain('online, clients led by pgbouncer')
    expect(stdout).toContain('It is a PostgreSQL database, and its clients come through pgbouncer.')
    expect(stdout).toContain('Lossless: what the new side takes is replicated to the old one')
    const told = await cli.as('coordinator', 'plan', 'methods', 'permit-office', '--json')
    expect(JSON.parse(told.stdout)).toMatchObject({
      methods: expect.arrayContaining([expect.objectContaining({ isLossless: true })]),
    })
  })
})
