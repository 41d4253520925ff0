import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { OwnDatabaseAwayError } from '../../../domain/ports/errors.ts'
import type { RunRequest } from '../../../domain/plan/run-request.ts'
import { createRunner } from '../../../runner/runner.ts'
import { PlaybookStore } from '../../../config/playbooks.ts'
import { applySchema } from '../../../storage/apply-schema.ts'
import { createPool, type Pool } from '../../../storage/pool.ts'
import { StepJournalStore } from '../../../storage/step-journal.ts'
import { waitingFor } from '../../../storage/waiting.ts'
import { goOn, lostOn } from '../../support/acknowledged.ts'
import { atRest } from '../../support/faults.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
} from '../../support/postgres-pair.ts'
import {
  adminPassword,
  adminUser,
  appPassword,
  startServer,
  type TestServer,
} from '../../support/postgres-servers.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'

let pair: Pair
let own: TestServer
let sshd: TestSshd
let fixture: PlaybookFixture
let pool: Pool
let ownUrl: string
let strikes: { readonly at: string; readonly strike: () => void } | undefined

/** Statements at which a part of the switch begins. */
const statements = { pause: 'PAUSE', fence: 'nologin', open: 'select open_side', resume: 'RESUME' } as const

const { prototype } = pg.Client as unknown as {
  prototype: { query: (...args: unknown[]) => unknown }
}
const { query } = prototype

function strikeAt(at: string): void {
  if (strikes?.at !== at) return
  const { strike } = strikes
  strikes = undefined
  strike()
}

beforeAll(async () => {
  sshd = await startSshd()
  pair = await startPair('own-database')
  own = await startServer(pair.folder, 'product', 18)
  await makeApplication(pair)
  await replicate(pair)
  ownUrl = `postgres://${adminUser}:${adminPassword}@127.0.0.1:${String(own.port)}/postgres`
  pool = createPool(ownUrl, { answersWithinMs: 1_000 })
  await applySchema(pool)
  fixture = playbookFixture({ sshd })
  fixture.write('switch', playbook(fixture.scratch))
  prototype.query = function (...args) {
    const text = JSON.stringify(args[0])
    for (const [part, statement] of Object.entries(statements)) if (text.includes(statement)) strikeAt(part)
    return query.apply(this, args)
  }
}, 120_000)

afterEach(() => {
  strikes = undefined
})

afterAll(async () => {
  prototype.query = query
  await pool.end()
  await fixture.close()
  await own.stop()
  await pair.stop()
  await sshd.close()
}, 60_000)

/** A switch, and what nobody could tell afterwards whether it was done. */
const playbook = (scratch: string) => `
inputs: { from: { type: database }, to: { type: database } }
steps:
  - id: switch-database
    kind: postgres-switchover
    with: { from: from, to: to, endpoint: '\${endpoints.database}' }
  - id: counted
    kind: command
    host: entry
    with: { script: 'echo once >>${join(scratch, 'counted')}' }
`

interface Harm {
  readonly strike: () => void
  readonly heal: () => Promise<void>
}

const harms = {
  killed: {
    strike: () => {
      own.kill()
    },
    heal: async () => own.restart({}),
  },
  stopped: {
    strike: () => {
      own.freeze()
    },
    heal: async () => {
      own.thaw()
      return Promise.resolve()
    },
  },
  readOnly: {
    strike: () => {
      void settings('alter system set default_transaction_read_only = on')
    },
    heal: async () => settings('set default_transaction_read_only = off', 'alter system reset all'),
  },
} satisfies Readonly<Record<string, Harm>>

async function settings(...sql: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownUrl })
  await client.connect()
  for (const one of sql) await client.query(one)
  await client.query('select pg_reload_conf()')
  await client.end()
}

let runs = 0
let [from, to]: readonly ['source' | 'target', 'source' | 'target'] = ['source', 'target']

/** The fixture's plan, with the pair and its pooler for the places it only names. */
function request(): RunRequest {
  runs += 1
  const asked = fixture.request('switch', { runId: `run-${String(runs)}`, databases: { from, to } })
  const place = (side: 'source' | 'target') => ({
    ...{ host: side, address: '127.0.0.1', port: pair[side].port, database },
    ...{ adminUser, adminSecret: 'admin', appRoles: [appRole], appSecret: 'app' },
  })
  const { entry } = pair
  const endpoint = {
    ...{ port: entry.port, adminUser: entry.adminUser, databasesFile: entry.databasesFile },
    ...{ entryName: database, address: '127.0.0.1' },
  }
  const { plan } = asked
  const datasets = Object.entries(plan.datasets).flatMap(([name, dataset]) =>
    dataset.family === 'postgresql'
      ? [[name, { ...dataset, source: place('source'), target: place('target') }]]
      : [],
  )
  const endpoints = { ...plan.endpoints, database: { ...plan.endpoints['database'], ...endpoint } }
  return {
    ...asked,
    plan: { ...plan, endpoints, datasets: Object.fromEntries(datasets) as unknown } as RunRequest['plan'],
  }
}

const secrets: Readonly<Record<string, () => string>> = {
  'ssh-key': () => sshd.privateKey,
  admin: () => adminPassword,
  app: () => appPassword,
  pgbouncer: () => pair.entry.adminPassword,
}

describe("a switch while the product's own database is lost", () => {
  it.each([
    ['killed', 'fence'],
    ['killed', 'open'],
    ['killed', 'done'],
    ['stopped', 'open'],
    ['readOnly', 'resume'],
  ] as const)(
    'goes on when it is %s as the part "%s" begins: once, with the way back alive and nothing lost',
    async (how, at) => {
      const harm: Harm = harms[how]
      const waited: OwnDatabaseAwayError[] = []
      let healed: Promise<void> | undefined
      strikes = { at, strike: harm.strike }
      const store = new StepJournalStore(pool)
      const journal = waitingFor(store, {
        say(error) {
          waited.push(error)
          healed ??= sleep(1_000).then(harm.heal)
        },
      })
      const runner = createRunner({
        playbooks: new PlaybookStore(join(fixture.directory, 'playbooks')),
        journal: Object.assign(Object.create(journal) as typeof journal, {
          started: async (...args: Parameters<typeof journal.started>) => {
            await journal.started(...args)
            strikeAt('begun')
          },
          done: async (...args: Parameters<typeof journal.done>) => {
            strikeAt('done')
            await journal.done(...args)
          },
        }),
        secrets: { read: async (name) => secrets[name]?.() ?? '' },
      })
      const writers = await startWriters(pair)
      try {
        const asked = request()
        const { done, failure } = await runner.runSteps(asked, ['switch-database', 'counted'])
        await healed
        expect({ failure, steps: done.map(({ step }) => step) }).toEqual({
          failure: undefined,
          steps: ['switch-database', 'counted'],
        })
        expect(done[0]?.result).toMatchObject({ armed: true, resumed: false })
        expect(waited.map(({ message }) => message)).toContainEqual(
          expect.stringMatching(
            `^Qianyun's own database \\(127\\.0\\.0\\.1:${String(own.port)}\\) has taken nothing since 20.*Z: `,
          ),
        )
        const entries = await store.readRun(asked.runId)
        expect(entries.map(({ status, attempt }) => ({ status, attempt }))).toEqual([
          { status: 'done', attempt: 1 },
          { status: 'done', attempt: 1 },
        ])
        expect(readFileSync(join(fixture.scratch, 'counted'), 'utf8')).toBe('once\n'.repeat(runs))
        const { serving } = await atRest(pair, 10_000)
        expect(serving.port).toBe(pair[to].port)
        ;[from, to] = [to, from]
        expect(await goOn(writers)).toBe(true)
        await writers.stop()
        for (const { port } of [pair.source, pair.target]) expect(await lostOn(port, writers)).toBe(0)
      } finally {
        await healed
        await writers.stop()
        await runner.close()
      }
    },
    60_000,
  )
})
