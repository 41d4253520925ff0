import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { PlaybookStore } from '../../config/playbooks.ts'
import { backward, fromGone } from '../../domain/move/way-back.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { datasetProblems } from '../../domain/plan/dataset-rules.ts'
import { switchesIn } from '../../domain/playbook/outcome.ts'
import { familiesInPlans } from '../../families/index.ts'
import type { LedgerWriters } from '../../families/postgresql/rehearsal/ledger-writers.ts'
import { type Runner, createRunner } from '../../runner/runner.ts'
import { switchResultOf } from '../../workflows/migration/switch-result.ts'
import { goOn, lostOn } from '../support/acknowledged.ts'
import { FileJournal } from '../support/file-journal.ts'
import { type PlaybookFixture, playbookFixture } from '../support/playbook-fixture.ts'
import {
  type Pair,
  appRole,
  addDatabase,
  makeApplication,
  startPair,
  startWriters,
} from '../support/postgres-pair.ts'
import { adminPassword, adminUser, appPassword } from '../support/postgres-servers.ts'
import { type TestSshd, startSshd } from '../support/sshd.ts'

const names = ['orders', 'permit'] as const
type Name = (typeof names)[number]
const forward = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
} as const

let sshd: TestSshd
let pair: Pair
/** The pair as each of its databases sees it. */
let views: Readonly<Record<Name, Pair>>
let fixture: PlaybookFixture
let runner: Runner
let runs = 0

beforeAll(async () => {
  sshd = await startSshd()
  pair = await startPair('several-databases')
  fixture = playbookFixture({ sshd })
  views = { permit: pair, orders: await addDatabase(pair, 'orders') }
  for (const name of names) await makeApplication(views[name])
  const secrets: Readonly<Record<string, string>> = {
    'ssh-key': sshd.privateKey,
    admin: adminPassword,
    app: appPassword,
    pgbouncer: pair.entry.adminPassword,
  }
  runner = createRunner({
    playbooks: new PlaybookStore(join(import.meta.dirname, '../../playbooks')),
    journal: new FileJournal(join(fixture.directory, 'journal')),
    retentionOf: async () => ({
      untilMs: 0,
      release: { statement: 'It may go.', by: { account: 'li', role: 'owner', organisation: 'o' }, atMs: 0 },
    }),
    secrets: { read: async (name) => secrets[name] ?? '' },
  })
}, 120_000)

afterAll(async () => {
  await runner.close()
  await fixture.close()
  await pair.stop()
  await sshd.close()
}, 60_000)

/** A plan of a system with both databases, behind two lines of one pooler. */
function plan(): MigrationPlan {
  const { plan: base } = fixture.request('system-cutover')
  const { entry, old, new: neu } = pair
  const place = (host: string, server: number, database: string) => ({
    ...{ host, address: '127.0.0.1', port: server, database },
    ...{ adminUser, adminSecret: 'admin', appRoles: [appRole], appSecret: 'app' },
  })
  const dataset = (name: Name) => ({
    family: 'postgresql',
    source: place('source', old.port, name),
    staging: place('staging', neu.port, `${name}_staged`),
    target: place('target', neu.port, name),
  })
  const line = (name: Name) => ({
    ...base.endpoints['database'],
    ...{ fronts: name, address: '127.0.0.1', port: entry.port, adminUser: entry.adminUser },
    ...{ adminSecret: 'pgbouncer', databasesFile: entry.databasesFile, entryName: name },
  })
  const { http } = base.endpoints
  return {
    ...base,
    datasets: { permit: dataset('permit'), orders: dataset('orders') },
    endpoints: { http, permit: line('permit'), orders: line('orders') } as MigrationPlan['endpoints'],
  }
}

/** Runs steps of a playbook that is shipped. */
async function run(
  playbook: string,
  way: typeof forward | typeof backward,
  steps: readonly string[],
  inputs: RunRequest['inputs'] = {},
) {
  runs += 1
  const { ref } = await new PlaybookStore(join(import.meta.dirname, '../../playbooks')).read(playbook)
  const request = {
    ...fixture.request(playbook),
    runId: `run-${String(runs)}`,
    playbook: ref,
    plan: plan(),
    inputs,
    ...way,
  }
  const outcome = await runner.runSteps(request, steps)
  expect([playbook, outcome.failure]).toEqual([playbook, undefined])
  return outcome
}

const each = (step: string) => names.map((name) => `${step}-${name}`)

describe('a system with two databases', () => {
  it('is a plan, with one entry before each', () => {
    const { permit: _, ...others } = plan().endpoints
    const without = datasetProblems({ ...plan(), endpoints: others }, familiesInPlans)

    expect(datasetProblems(plan(), familiesInPlans)).toEqual([])
    expect(without.map(({ message }) => message)).toEqual([expect.stringContaining('front "permit"')])
  })

  it('is replicated, cut over and rolled back by the playbooks that are shipped, both at once, and nothing is lost', async () => {
    await run('postgresql-replicate', forward, [...each('replicate'), ...each('verify')])
    const writers: LedgerWriters[] = []
    for (const name of names) writers.push(await startWriters(views[name]))

    const over = await run('system-cutover', forward, ['switch-database'])
    await run('system-after-cutover', forward, each('verify'))
    const back = await run('system-rollback', backward, ['switch-database', ...each('verify')])

    for (const outcome of [over, back])
      expect(switchesIn(outcome).map(({ dataset, result }) => [dataset, result['armed']])).toEqual([
        ['orders', true],
        ['permit', true],
      ])
    for (const one of writers) expect(await goOn(one)).toBe(true)
    for (const [at, one] of writers.entries()) {
      await one.stop()
      for (const server of [pair.old, pair.new]) expect(await lostOn(server.port, one, names[at])).toBe(0)
    }
  }, 240_000)

  it('is opened on the old side alone, both of them, when the new side is gone for good, and is told what may be lost of each', async () => {
    await run('system-cutover', forward, ['switch-database'])
    pair.new.kill()

    const { done } = await run('system-rollback', backward, ['reopen-database'], { [fromGone]: true })
    const result = switchResultOf(done[0]?.result ?? {})

    const alone = switchesIn({ done })
    expect(alone.map(({ dataset }) => dataset)).toEqual(['orders', 'permit'])
    const until = alone.map(({ result: one }) => Date.parse(String(one['currentUntil'])))
    expect(result.currentUntilMs).toBe(Math.min(...until))
    for (const name of names) {
      const writers = await startWriters(views[name])
      expect(await goOn(writers)).toBe(true)
      await writers.stop()
    }
  }, 120_000)
})
