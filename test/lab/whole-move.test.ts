import { createPublicKey, verify } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Client } from '@temporalio/client'
import pg from 'pg'

import type { AuditLine, MigrationView } from '../../api/contract.ts'
import { switchNames } from '../../lab/demo/decisions.ts'
import type { DemoSummary } from '../../lab/demo/summary.ts'
import type { EventType, MigrationEvent } from '../../domain/move/event.ts'
import { type Lab, openLab, removeLab } from '../../lab/lab.ts'
import { permitDeskPlan } from '../../lab/plan.ts'
import { runOn } from '../../lab/ssh.ts'
import { withSide } from '../../lab/writers/places.ts'
import { readDigests } from '../../lab/writers/upload-folder.ts'
import { openConnection, temporalConnectionOptions } from '../../config/temporal-connection.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import { startStack, type Stack } from '../../standalone/stack.ts'
import { runCli } from '../support/cli.ts'
import { CanarySearch, everythingInTemporal, everythingStored, ProcessWatch } from '../support/canaries.ts'
import { Demo, type DemoRun, processesIn } from '../support/demo.ts'
import { logEverything, madeByStack, writeLabPasswords } from '../support/lab-canaries.ts'
import { strikeInSwitches, type Struck } from '../support/server-strikes.ts'

const folder = mkdtempSync(join(tmpdir(), 'qianyun-whole-move-'))
const home = join(folder, 'demo')
const kills = 3
let demo: Demo
let run: DemoRun
let summary: DemoSummary
let canaries: CanarySearch
let struck: readonly Struck[]
let inProcesses: Awaited<ReturnType<ProcessWatch['end']>>

beforeAll(async () => {
  chmodSync(folder, 0o755)
  const passwords = writeLabPasswords(home)
  const byVariable = passwords.find(({ name }) => name === 'lab-pgbouncer')
  // Fewer writers than the demo has by itself: the other tests need the processors, too.
  demo = new Demo(folder, ['--writers', '4', '--kill-workers', String(kills)], {
    QIANYUN_SECRET_LAB_PGBOUNCER: byVariable?.value ?? '',
  })
  const ended = demo.ended()
  ended.catch(() => undefined)
  canaries = new CanarySearch([...passwords, ...(await madeByStack(home))])
  const watch = new ProcessWatch(
    canaries,
    (command, found) => found.startsWith('lab-pgbouncer') && reads(command),
  )
  await logEverything(home)
  struck = await Promise.race([strikeInSwitches(home), ended.then(() => [])])
  run = await ended
  inProcesses = await watch.end()
  summary = run.summary
}, 600_000)

/** Who may have a secret in its environment: whoever starts the stack, what is started beside it, and the runner with its compiler. */
const reads = (command: string): boolean =>
  ['lab/demo/main.ts', 'lab/writers/main.ts', 'workers/runner.ts', '/esbuild --service'].some((program) =>
    command.includes(program),
  )

afterAll(async () => {
  await demo.stop()
  await removeLab(home)
  rmSync(folder, { recursive: true })
}, 120_000)

describe('a whole move on real hosts, under writers, its workers killed on the way', () => {
  it('closes, and says so by its exit code', () => {
    expect({ exitCode: run.exitCode, system: summary.system, closed: summary.closed }).toEqual({
      exitCode: 0,
      system: 'permit-desk',
      closed: true,
    })
    expect(run.said.filter((line) => line.includes('kill -9 of the '))).toHaveLength(kills)
  })

  it('goes on after Temporal was killed in a switch, and after the connections of its own database were used up in one', () => {
    const [killed, usedUp] = struck
    expect(killed?.answers).toContainEqual(expect.stringMatching(/^503 .*own Temporal/))
    expect(usedUp?.answers).toEqual(
      usedUp?.answers.map(() => expect.stringMatching(/^503 .*database of Qianyun/)),
    )
    expect(run.said.join('\n')).toMatch(/temporal.*signal SIGKILL/)
    const runnerLog = readFileSync(join(home, 'logs', 'runner.log'), 'utf8')
    expect(runnerLog).toMatch(/own database \(127\.0\.0\.1:\d+\) has taken nothing since/)
  })

  it.each(switchNames)('loses no acknowledged write in its %s, and leaves none in doubt', (name) => {
    expect(summary[name]).toEqual({
      writeGapMs: expect.any(Number),
      ackedWrites: expect.any(Number),
      lostWrites: 0,
      ambiguousWrites: 0,
    })
    expect(summary[name].ackedWrites).toBeGreaterThan(0)
    expect(summary[name].writeGapMs).toBeGreaterThan(0)
  })

  it('has its scheduled jobs due on the side that serves, and on no other, after each switch', () => {
    expect(summary.jobs).toEqual({ cutover: 'new', rollback: 'old', recutover: 'new' })
  })

  it('goes through all nine phases, and after the rollback again from the trial run', () => {
    const once = ['trial-run', 'recognition', 'cutover', 'retention']
    const names = ['assessment', 'resourcing', 'adaptation', 'rehearsal', ...once, ...once, 'closing']
    expect(summary.phases.map(({ name }) => name)).toEqual(names)
    const moments = summary.phases.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt])
    expect(moments).toEqual(moments.toSorted())
  })

  it('is recognised by three parties, each with a key of its own', () => {
    expect(summary.report.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(summary.signatures.map(({ party }) => party).toSorted()).toEqual(['owner', 'provider', 'vendor'])
    expect(new Set(summary.signatures.map(({ keyId }) => keyId)).size).toBe(3)
  })

  it('gives up its way back on purpose, when its time was over', () => {
    expect(summary.retention.state).toBe('disarmed')
    const { startedAt = '' } = summary.phases.at(-1) ?? {}
    expect(startedAt >= summary.retention.until).toBe(true)
  })

  it('leaves no process behind', () => {
    expect(processesIn(folder)).toEqual([])
  })
})

describe('what it leaves, looked at when all is up again', () => {
  let stack: Stack
  let lab: Lab
  let log: AuditLine[]
  let events: MigrationEvent[]

  beforeAll(async () => {
    const [api = 0, temporal = 0, temporalUi = 0, postgres = 0] = await findFreePorts(4)
    const variables = { PATH: process.env['PATH'], HOME: folder }
    stack = await startStack({ home, ports: { api, temporal, temporalUi, postgres }, lab: true, variables })
    lab = await openLab(home)
    const file = join(folder, 'audit.ndjson')
    await cli('audit', 'export', '--output', file, '--context', 'auditor-qian')
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    log = lines.map((line) => JSON.parse(line) as AuditLine)
    events = log.flatMap(({ entry }) =>
      entry.kind === 'event' ? [entry.detail['event'] as MigrationEvent] : [],
    )
  }, 120_000)

  afterAll(() => stack.stop(), 60_000)

  /** The program, asked in this home; ends in an error when it does not end with 0. */
  async function cli(...args: string[]): Promise<string> {
    const ran = await runCli(args, home)
    if (ran.exitCode !== 0) throw new Error(`qianyun ${args.join(' ')}: ${ran.stderr}`)
    return ran.stdout
  }

  const typed = <T extends EventType>(type: T) =>
    events.filter((event): event is Extract<MigrationEvent, { type: T }> => event.type === type)

  it('is a move that everybody sees closed', async () => {
    const shown = JSON.parse(await cli('migration', 'show', 'permit-desk', '--json')) as MigrationView
    expect({ standing: shown.standing, serves: shown.switches.map(({ kind }) => kind) }).toEqual({
      standing: 'closed',
      serves: ['cutover', 'rollback', 'cutover'],
    })
  })

  it('is a record that the file alone proves, without a server', async () => {
    const nowhere = { QIANYUN_HOME: join(folder, 'nowhere'), QIANYUN_SERVER: 'http://127.0.0.1:9' }
    const alone = await runCli(['audit', 'verify', join(folder, 'audit.ndjson'), '--json'], home, {
      env: nowhere,
    })
    expect(alone.exitCode).toBe(0)
    expect(alone.json).toMatchObject({ verified: true, entries: log.length })
    expect(summary.audit.verified).toBe(true)
    expect(log.length).toBeGreaterThanOrEqual(summary.audit.entries)
  })

  it('is each switch after a go or a reason, and nothing wiped before its time and the release', () => {
    const decisive: readonly string[] = [
      ...['cutover-decided', 'cut-over', 'rollback-requested', 'rolled-back'],
      ...['retention-released', 'disarmed', 'wiped', 'closed'],
    ]
    expect(events.map(({ type }) => type).filter((type) => decisive.includes(type))).toEqual([
      ...['cutover-decided', 'cut-over', 'rollback-requested', 'rolled-back', 'cutover-decided', 'cut-over'],
      ...['retention-released', 'disarmed', 'wiped', 'closed'],
    ])
    const untilMs = typed('retention-started').at(-1)?.data.untilMs
    expect(typed('retention-released')[0]?.atMs).toBeGreaterThanOrEqual(untilMs ?? Infinity)
  })

  it('is signatures over the report of each round, true by the keys of those who signed', () => {
    const reports = typed('report-issued').map(({ data }) => data.digest)
    const signoffs = typed('signed-off').map(({ data }) => data.signoff)
    expect(signoffs.map(({ digest, party }) => `${digest} ${party}`)).toEqual(
      reports.flatMap((digest) => ['owner', 'provider', 'vendor'].map((party) => `${digest} ${party}`)),
    )
    expect(new Set(reports).size).toBe(2)
    const untrue = signoffs.filter(({ account, signature, signedText }) => {
      const key = createPublicKey(readFileSync(join(home, 'accounts', `${account}.key`)))
      return !verify(null, Buffer.from(signedText), key, Buffer.from(signature, 'base64'))
    })
    expect(untrue).toEqual([])
  })

  it('is every write of the whole move on the new side, rows and files', async () => {
    const journals = join(home, 'lab', 'writers')
    const entries = readdirSync(journals).flatMap((name) =>
      readFileSync(join(journals, name), 'utf8').trim().split('\n'),
    )
    const acknowledged = entries
      .map((line) => line.split('\t'))
      .flatMap(([, fate, key = '']) => (fate === 'acknowledged' ? [key] : []))
    const keys = acknowledged.filter((key) => !key.includes('/'))
    const files = acknowledged.filter((key) => key.includes('/'))
    expect(keys.length).toBeGreaterThan(summary.cutover.ackedWrites)
    expect(files.length).toBeGreaterThan(0)

    const stored = await withSide(lab, 'cloud', async (client) => {
      const permits = await client.query<{ key: string }>('SELECT idempotency_key AS key FROM permit')
      return new Set(permits.rows.map(({ key }) => key))
    })
    const filesDirectory = String(permitDeskPlan(lab.description).datasets['uploads']?.target['path'])
    const digests = await readDigests(lab, 'cloud', filesDirectory)
    expect(keys.filter((key) => !stored.has(key))).toEqual([])
    expect(files.filter((key) => !digests.has(key.split('/')[1] ?? ''))).toEqual([])
  })

  it('is an old host without the database, the program and the files', async () => {
    const { codeDir, configFile, uploadDir } = lab.description.permitDesk
    const { stdout } = await runOn(lab, 'old', `ls -d ${codeDir} ${configFile} ${uploadDir} 2>/dev/null`)
    expect(stdout).toBe('')
    await expect(withSide(lab, 'old', (client) => client.query('SELECT 1'))).rejects.toThrow(
      'database "permit_desk" does not exist',
    )
  })

  it('is no secret of it anywhere but where it is kept', async () => {
    const said = [
      run.said.join('\n'),
      JSON.stringify(summary),
      await cli('migration', 'show', 'permit-desk', '--json'),
    ]
    const report = await cli('report', 'show', 'permit-desk')
    const pool = new pg.Pool({ connectionString: stack.config.databaseUrl })
    const connection = openConnection(temporalConnectionOptions(stack.config.temporal))
    const { namespace } = stack.config.temporal
    const sides: string[] = []
    for (const side of ['staging', 'cloud'] as const)
      sides.push(
        await withSide(lab, side, async (client) => everythingStored(client, "table_schema = 'pg_catalog'")),
      )
    const found = {
      processes: inProcesses.found,
      said: canaries.in([...said, report, JSON.stringify(log)].join('\n')),
      tables: canaries.in(await everythingStored(pool)),
      histories: canaries.in(await everythingInTemporal(new Client({ connection, namespace }))),
      databases: canaries.in(sides.join('\n')),
      files: canaries.inFiles(home, keepsSecrets),
    }
    await pool.end()
    await connection.close()
    expect(found).toEqual({ processes: [], said: [], tables: [], histories: [], databases: [], files: [] })
    expect(inProcesses.processes).toBeGreaterThan(50)
    // The servers did write what was asked of them.
    const serverLog = readFileSync(join(home, 'lab/hosts/cloud/log/postgresql.log'), 'utf8')
    expect(serverLog).toMatch(/statement: .*alter subscription/i)
  }, 300_000)
})

/** Where secrets are kept, programs, and the data of servers, in which a subscription of the other side has one until it ends. */
const keepsSecrets = (path: string): boolean =>
  ['secrets', 'own-secrets', 'accounts', 'postgres', 'lab/bin', 'lab/writers'].some((kept) =>
    path.startsWith(join(home, kept)),
  ) ||
  path.includes('/data/') ||
  (/\/etc\/(?:pgbouncer-users\.txt|permit-desk\.[a-z.]*password)$/.test(path) && isClosed(path))

const isClosed = (path: string): boolean => (statSync(path).mode & 0o077) === 0
