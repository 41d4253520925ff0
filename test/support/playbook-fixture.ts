import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { PlaybookStore, playbookDigest } from '../../config/playbooks.ts'
import { MigrationPlanV1 } from '../../domain/plan/plan-v1.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { upgradePlan } from '../../domain/plan/upgrade.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { PlaybookRef } from '../../domain/playbook/files.ts'
import { type Runner, createRunner } from '../../runner/runner.ts'
import type { RecordedRetention } from '../../runner/steps/kind.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { FileJournal } from './file-journal.ts'
import type { TestSshd } from './sshd.ts'

/** Playbooks in a folder of their own and a runner for them whose hosts are all one real sshd. */
export interface PlaybookFixture {
  readonly directory: string
  readonly scratch: string
  readonly runner: Runner
  readonly journal: FileJournal
  write(name: string, steps: string, files?: Readonly<Record<string, string>>): void
  /** A run of the playbook as it was written last. */
  request(name: string, over?: Partial<RunRequest>): RunRequest
  close(): Promise<void>
}

export interface FixtureSettings {
  readonly sshd: Pick<TestSshd, 'address' | 'port' | 'user' | 'hostKey' | 'privateKey'>
  /** A folder from an earlier fixture: its playbooks and its journal. */
  readonly directory?: string
  readonly secrets?: Readonly<Record<string, string>>
  /** What is on record of the move's retention: over and released, where nothing is said. */
  readonly retention?: RecordedRetention | undefined
}

const released: RecordedRetention = {
  untilMs: Date.parse('2020-01-01T00:00:00Z'),
  release: {
    statement: 'The old data may be wiped.',
    by: { account: 'owner-li', role: 'owner', organisation: 'owner' },
    atMs: Date.parse('2020-01-02T00:00:00Z'),
  },
}

export function playbookFixture(settings: FixtureSettings): PlaybookFixture {
  const { sshd, directory, secrets = {}, retention = released } = settings
  const home = directory ?? mkdtempSync(join(tmpdir(), 'qianyun-playbooks-'))
  const playbooksDirectory = join(home, 'playbooks')
  const scratch = join(home, 'scratch')
  for (const folder of [playbooksDirectory, scratch]) mkdirSync(folder, { recursive: true })
  const journal = new FileJournal(join(home, 'journal'))
  const written = new Map<string, PlaybookRef>()
  const known: Readonly<Record<string, string>> = { 'ssh-key': sshd.privateKey, ...secrets }
  const runner = createRunner({
    playbooks: new PlaybookStore(playbooksDirectory),
    journal,
    retentionOf: async () => retention,
    secrets: {
      read: async (name) => {
        const value = known[name]
        if (value === undefined) throw new Error(`this test has no secret "${name}"`)
        return value
      },
    },
  })
  return {
    directory: home,
    scratch,
    runner,
    journal,
    write(name, steps, files = {}) {
      const text = steps.includes('playbook:')
        ? steps
        : `playbook: ${name}\ntitle: { zh: 测试, en: Test }\n${steps}`
      const digests: Record<string, string> = {}
      for (const [path, content] of Object.entries({ ...files, 'playbook.yaml': text })) {
        const file = join(playbooksDirectory, name, path)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, content)
        digests[path] = sha256Hex(content)
      }
      written.set(name, { name, digest: playbookDigest(digests), files: digests })
    },
    request: (name, over = {}) => ({
      runId: `run-${name}`,
      migration: 'migration-1',
      system: 'permit-desk',
      playbook: written.get(name) ?? { name, digest: '0'.repeat(64) },
      plan: planOn(sshd, scratch),
      hosts: {},
      databases: {},
      hostKeys: {},
      inputs: {},
      skip: [],
      confirmed: [],
      ...over,
    }),
    async close() {
      await runner.close()
      if (directory === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A plan whose hosts are all the one sshd; its databases and endpoints lead nowhere. */
function planOn(sshd: FixtureSettings['sshd'], scratch: string): MigrationPlan {
  const { address, port, user, hostKey } = sshd
  const host = (name: string) => ({ name, address, port, user, hostKey, keySecret: 'ssh-key' })
  const database = (role: string) => ({
    host: role,
    address,
    port: 1,
    database: 'desk',
    adminUser: 'postgres',
    adminSecret: 'admin',
    appRoles: ['desk'],
    appSecret: 'app-password',
  })
  const site = (role: string) => ({
    url: `http://${address}:8080`,
    directory: join(scratch, role, 'srv'),
    configFile: join(scratch, role, 'desk.conf'),
    filesDirectory: join(scratch, role, 'files'),
    service: 'desk',
  })
  const playbook = { name: 'any', digest: '0'.repeat(64) }
  return upgradePlan(
    MigrationPlanV1.parse({
      plan: 'plan-1',
      system: 'permit-desk',
      hosts: { source: host('old'), staging: host('stage'), target: host('cloud'), entry: host('door') },
      databases: { source: database('source'), staging: database('staging'), target: database('target') },
      endpoints: {
        database: {
          address,
          port: 6432,
          adminUser: 'pgbouncer',
          adminSecret: 'pgbouncer',
          databasesFile: '/etc/databases.ini',
          entryName: 'desk',
        },
        http: {
          url: 'http://door',
          configFile: '/etc/proxy.cfg',
          service: 'proxy',
          backend: 'desk',
          server: 'desk',
        },
      },
      application: {
        healthPath: '/health',
        sites: { source: site('source'), staging: site('staging'), target: site('target') },
      },
      playbooks: Object.fromEntries(
        ['deploy', 'copy', 'rehearse', 'replicate', 'cutover', 'rollback', 'close'].map((purpose) => [
          purpose,
          playbook,
        ]),
      ),
      organisations: {
        owner: 'owner',
        provider: 'provider',
        vendor: 'vendor',
        coordinator: 'office',
        operations: 'ops',
      },
      policy: { profile: 'lab', retention: { seconds: 1 }, trialRun: { seconds: 1 } },
      waivers: {},
      inputs: { colour: 'green' },
    }),
  )
}
