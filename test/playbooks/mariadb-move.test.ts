import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlaybookStore } from '../../config/playbooks.ts'
import { backward, fromGone } from '../../domain/move/way-back.ts'
import { datasetProblems } from '../../domain/plan/dataset-rules.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import { familiesInPlans } from '../../families/index.ts'
import { type Runner, createRunner } from '../../runner/runner.ts'
import { switchResultOf } from '../../workflows/migration/switch-result.ts'
import { FileJournal } from '../support/file-journal.ts'
import {
  appUser,
  makePermits,
  type MariadbPair,
  MariadbWriters,
  permit,
  startMariadbPair,
} from '../support/mariadb-pair.ts'
import {
  askMariadb,
  mariadbAdmin,
  mariadbAdminPassword,
  type MariadbServer,
  startMariadb,
} from '../support/mariadb-servers.ts'
import { type PlaybookFixture, playbookFixture } from '../support/playbook-fixture.ts'
import { appPassword, makeFolder, removeFolder } from '../support/postgres-servers.ts'
import { type TestSshd, startSshd } from '../support/sshd.ts'

type Way = Pick<RunRequest, 'hosts' | 'databases'>
const forward: Way = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
}
const toStaging: Way = {
  hosts: { from: 'source', to: 'staging' },
  databases: { from: 'source', to: 'staging' },
}
const shipped = new PlaybookStore(join(import.meta.dirname, '../../playbooks'))

let sshd: TestSshd
let pair: MariadbPair
let folder: string
let staging: MariadbServer
let fixture: PlaybookFixture
let runner: Runner
let runs = 0

beforeAll(async () => {
  sshd = await startSshd()
  fixture = playbookFixture({ sshd })
  pair = await startMariadbPair('mariadb-move')
  folder = await makeFolder('mariadb-move-staging')
  staging = await startMariadb(folder, 'staging', 3)
  await makePermits(pair)
  const secrets: Readonly<Record<string, string>> = {
    'ssh-key': sshd.privateKey,
    admin: mariadbAdminPassword,
    app: appPassword,
  }
  runner = createRunner({
    playbooks: shipped,
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
  await Promise.all([pair.stop(), staging.stop()])
  await removeFolder(folder)
  await sshd.close()
}, 60_000)

/** A plan whose one database is of MariaDB, with nothing in front of it. */
function plan(): MigrationPlan {
  const { plan: base } = fixture.request('system-cutover')
  const place = (host: string, { port }: MariadbServer) => ({
    ...{ host, address: '127.0.0.1', port, database: permit },
    ...{ adminUser: mariadbAdmin, adminSecret: 'admin', appUsers: [appUser], appSecret: 'app' },
  })
  const ledger = {
    family: 'mysql',
    source: place('source', pair.old),
    staging: place('staging', staging),
    target: place('target', pair.new),
  }
  const { http } = base.endpoints
  const direct = { kind: 'none' as const, fronts: 'ledger', clients: [] }
  return {
    ...base,
    datasets: { ledger },
    endpoints: { http, ledger: direct } as MigrationPlan['endpoints'],
  }
}

/** Runs the steps of a playbook that is shipped which are those of the database. */
async function run(
  playbook: string,
  way: Way,
  steps: readonly string[],
  inputs: RunRequest['inputs'] = {},
): Promise<PlaybookOutcome> {
  runs += 1
  const { ref } = await shipped.read(playbook)
  const request = {
    ...fixture.request(playbook),
    ...{ runId: `run-${String(runs)}`, playbook: ref, plan: plan(), inputs },
    ...way,
  }
  const outcome = await runner.runSteps(
    request,
    steps.map((step) => `${step}-ledger`),
  )
  expect([playbook, outcome.failure]).toEqual([playbook, undefined])
  expect(outcome.done).toHaveLength(steps.length)
  return outcome
}

const resultOf = ({ done }: PlaybookOutcome): Readonly<Record<string, unknown>> => done[0]?.result ?? {}
const cutover = async () => run('system-cutover', forward, ['switch-mysql'])

describe('a system with a database of MariaDB', () => {
  it('is a plan, and is none with an entry that its family does not know', () => {
    const { ledger: _, ...others } = plan().endpoints

    expect(datasetProblems(plan(), familiesInPlans)).toEqual([])
    expect(datasetProblems({ ...plan(), endpoints: others }, familiesInPlans)).toHaveLength(1)
  })

  it('goes through all the playbooks that are shipped, under writers, and nothing is lost', async () => {
    const writers = new MariadbWriters([pair.old.port, pair.new.port], 3)
    await run('mysql-copy', toStaging, ['copy', 'verify', 'open'])
    const rehearsed = await run('mysql-rehearsal', toStaging, ['switches'])
    await run('mysql-replicate', forward, ['replicate', 'verify'])
    const over = await cutover()
    await run('system-after-cutover', forward, ['verify-mysql'])
    const back = await run('system-rollback', backward, ['switch-mysql', 'verify-mysql'])
    // Replicates on, from where the switch back has left it.
    await run('mysql-replicate', forward, ['replicate', 'verify'])
    const again = await cutover()
    await run('system-after-cutover', forward, ['verify-mysql'])
    await writers.stop()
    const lost = [await writers.lostOn(pair.old.port), await writers.lostOn(pair.new.port)]

    expect(resultOf(rehearsed)).toMatchObject({ lostWrites: 0 })
    expect([over, back, again].map((one) => switchResultOf(resultOf(one)).generation)).toEqual([1, 2, 3])
    expect(writers.acked.length).toBeGreaterThan(500)
    expect(lost).toEqual([0, 0])
  }, 240_000)

  it('has its old side removed by the one that closes it, and goes on being served', async () => {
    const writers = new MariadbWriters([pair.new.port], 2)
    await run('system-close', forward, ['disarm-mysql', 'wipe-mysql'])
    await writers.stop()

    expect(writers.acked.length).toBeGreaterThan(0)
    expect(await writers.lostOn(pair.new.port)).toBe(0)
    expect(await askMariadb(pair.new.port, 'SHOW ALL SLAVES STATUS')).toEqual([])
    const left = await askMariadb(
      pair.old.port,
      `SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('${permit}', 'qianyun_control')
       UNION ALL SELECT user FROM mysql.global_priv WHERE user LIKE 'permit%' OR user LIKE 'qianyun_f%'`,
    )
    expect(left).toEqual([])
  }, 60_000)

  it('is opened on the old side alone, with all that had arrived, when the new side is gone for good', async () => {
    await pair.stop()
    pair = await startMariadbPair('mariadb-move-alone')
    await makePermits(pair)
    await run('mysql-replicate', forward, ['replicate'])
    const writers = new MariadbWriters([pair.old.port, pair.new.port], 2)
    await cutover()
    await writers.stop()
    expect(await writers.lostOn(pair.old.port)).toBe(0)
    await pair.new.kill()

    const alone = await run('system-rollback', backward, ['reopen-mysql'], { [fromGone]: true })

    expect(switchResultOf(resultOf(alone))).toMatchObject({
      generation: 2,
      currentUntilMs: expect.any(Number),
    })
    const later = new MariadbWriters([pair.old.port], 1)
    await sleep(200)
    await later.stop()
    expect(later.acked.length).toBeGreaterThan(0)
    expect(await writers.lostOn(pair.old.port)).toBe(0)
  }, 120_000)
})
