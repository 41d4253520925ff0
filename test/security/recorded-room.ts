import { generateKeyPairSync, sign } from 'node:crypto'
import { expect } from '@jest/globals'
import type { CommandName } from '../../domain/move/command.ts'
import { eventsOf } from '../../domain/move/command-events.ts'
import type { EventData, EventType, MigrationEvent } from '../../domain/move/event.ts'
import { signoffText } from '../../domain/move/signoff.ts'
import { System } from '../../domain/ledger/system.ts'
import { AccountStore, ensureAccounts, keyId } from '../../storage/accounts.ts'
import { AuditLog } from '../../storage/audit.ts'
import { CommandStore } from '../../storage/commands.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { EvidenceStore } from '../../storage/evidence.ts'
import { FactStore } from '../../storage/facts.ts'
import { FrozenPlaybookStore } from '../../storage/frozen-playbooks.ts'
import { LaunchStore } from '../../storage/launches.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlanStore } from '../../storage/plans.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { ReportStore } from '../../storage/reports.ts'
import { SecretAddressStore } from '../../storage/secret-addresses.ts'
import { SystemStore } from '../../storage/systems.ts'
import { WorkflowEndStore } from '../../storage/workflow-ends.ts'
import { actors } from '../support/actors.ts'
import type { TestDatabase } from '../support/clone-database.ts'
import { samplePlan } from '../support/plan.ts'

const migration = 'permit-desk-1'

/** Fills every table that is verified, by the stores and roles of the product. */
export async function fillRecord(database: TestDatabase): Promise<void> {
  const [api, orchestrator, runner] = [database.as('api'), database.as('orchestrator'), database.as('runner')]
  const keys = await enrol(database)
  const refused = {
    atMs: 1,
    kind: 'refusal',
    actor: actors.vendor,
    subject: '/plans',
    detail: { code: 'no' },
  } as const
  await new AuditLog(api).append(refused)
  const { plan, digest } = await launchOnRecord(api)
  await new PlanStore(api).create({ ...plan, plan: 'late-plan' }, actors.coordinator, Date.now() + 86_400_000)
  const evidence = await new EvidenceStore(api).put(Buffer.from('proof'), '证明 proof.txt', actors.vendor, 30)
  const facts = new FactStore(runner)
  const [factsDigest, findingsDigest] = [await facts.put({ cpus: 4 }), await facts.put([])]
  await new FactStore(api).put({ sql: 'select 1' })
  const reports = new ReportStore(orchestrator)
  const report = await reports.put(migration, 1, { kind: 'trial-run-report', migration, version: 1 })
  const moves = new MigrationStore(orchestrator)
  const event = writer(moves, new CommandStore(api))
  await event('launched', { plan, planDigest: digest }, actors.coordinator)
  await event('assessed', { assessment: { ...assessment, factsDigest, findingsDigest } })
  await event('task-opened', { task })
  await event('task-completed', { task: task.id, note: 'done', evidence: [evidence] }, actors.vendor)
  await event('paused', { reason: '雨 rain' }, actors.operations)
  await event('resumed', { note: 'sun' }, actors.operations)
  await event('report-issued', { version: 1, digest: report.digest, remark: '' })
  await event('signed-off', { signoff: signedBy(keys.owner, report.digest, plan) }, actors.owner)
  await new WorkflowEndStore(api).found(
    migration,
    { how: 'terminated', by: '', reason: 'by hand', endedAtMs: 50 } as never,
    60,
  )
  await decideAddresses(api)
  await new FrozenPlaybookStore(api).keep([{ files: new Map([['playbook.yaml', 'steps: []']]) } as never])
  const runs = {
    request: {
      runId: 'run-1',
      plan,
      playbook: { name: 'system-health', digest: 'd'.repeat(64) },
      inputs: { port: 1 },
    },
  }
  await new PlaybookRunStore(api).begin({ ...runs, by: actors.vendor, steps: [] } as never, 70)
  await new PlaybookRunStore(orchestrator).end('run-1', { done: [] }, 80)
  await new AuditLog(api).append({ ...refused, subject: '/last' })
}

/** The launch of `permit-desk-1`, as the API puts it on record. */
export async function launchOnRecord(api: TestDatabase['pool']) {
  await importLedger(api)
  const plan = samplePlan()
  const { system, plan: name } = plan
  const { digest } = await new PlanStore(api).create(plan, actors.coordinator, 10)
  const request = { requestId: 'launch-1', system, plan: name, planDigest: digest, content: plan }
  await new LaunchStore(api).reserve(request, actors.coordinator, 20)
  return { plan, digest }
}

async function enrol(database: TestDatabase) {
  const owner = generateKeyPairSync('ed25519')
  const publicKeyPem = owner.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const of = (who: (typeof actors)[keyof typeof actors]) => ({
    ...who,
    name: `人 ${who.account}`,
    tokenHash: sha256Hex(who.account),
  })
  await ensureAccounts(database.pool, [
    { ...of(actors.owner), publicKeyPem },
    {
      ...of(actors.coordinator),
      scope: { programme: 'coordination-office', departments: ['permit-bureau'] },
    },
    of(actors.auditor),
  ])
  expect(await new AccountStore(database.as('api')).find('owner-li')).toBeDefined()
  return { owner: { privateKey: owner.privateKey, keyId: keyId(publicKeyPem) } }
}

async function importLedger(pool: TestDatabase['pool']): Promise<void> {
  const row = {
    name: '许可 desk',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  const store = new SystemStore(pool)
  await store.import([System.parse({ ...row, system: 'permit-desk' })], actors.coordinator, 2)
  await store.import([System.parse({ ...row, system: 'permit-desk', mlpsLevel: 3 })], actors.coordinator, 3)
  await store.import([System.parse({ ...row, system: 'permit-archive' })], actors.coordinator, 4)
}

async function decideAddresses(pool: TestDatabase['pool']): Promise<void> {
  const decided = {
    secret: 'ssh-key',
    system: 'permit-desk',
    purpose: 'ssh-login',
    address: '10.0.0.1:22',
  } as const
  for (const approved of [true, false])
    await new SecretAddressStore(pool).decide({
      ...decided,
      ...{ organisation: 'permit-bureau', approved, reason: 'moved 搬', by: actors.owner, atMs: 65 },
    })
}

type Actor = MigrationEvent['actor']

function writer(moves: MigrationStore, commands: CommandStore) {
  let sequence = 0
  return async <T extends EventType>(type: T, data: EventData[T], by: Actor = engine) => {
    sequence += 1
    const [name] = (Object.keys(eventsOf) as CommandName[]).filter((one) => eventsOf[one][0] === type)
    const command = by === engine || name === undefined ? {} : { command: `${name}-1` }
    if (name !== undefined && by !== engine) {
      const given = { migration, name, requestId: `${name}-1`, actor: by, data: data as never }
      await commands.give({ ...given, bodyDigest: sha256Hex(name) }, 40)
    }
    const event = { migration, sequence, atMs: 100 + sequence, actor: by, ...command, type, data }
    await moves.append([event as unknown as MigrationEvent], `run-${sequence % 2}`)
  }
}

const engine: Actor = { account: 'engine', role: 'engine', organisation: 'qianyun' }

const assessment = {
  findings: [],
  readinessScore: 90,
  disposition: 'rehost' as never,
  dispositionReason: { zh: '可迁', en: 'fits' },
}

const task = {
  id: 'adapt-1',
  kind: 'adapt-code' as never,
  title: { zh: '改造', en: 'adapt' },
  assignee: { role: 'vendor', organisation: 'permit-soft' },
  wantsEvidence: true,
  wantsSignature: false,
  details: {},
  state: 'open',
  evidence: [],
  rejections: [],
} as const

function signedBy(
  key: { readonly privateKey: Parameters<typeof sign>[2]; readonly keyId: string },
  digest: string,
  plan: ReturnType<typeof samplePlan>,
) {
  const { account, organisation } = actors.owner
  const who = { party: 'owner', organisation, account } as const
  const { profile } = plan.policy
  const text = {
    migration,
    system: plan.system,
    profile,
    reportVersion: 1,
    digest,
    ...who,
    decision: 'recognise' as const,
  }
  const signedText = signoffText(text)
  const signature = sign(null, Buffer.from(signedText), key.privateKey).toString('base64')
  return {
    ...who,
    keyId: key.keyId,
    algorithm: 'ed25519' as const,
    digest,
    reportVersion: 1,
    signature,
    signedText,
    atMs: 90,
  }
}
