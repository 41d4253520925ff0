import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { PostgresDatabase } from '../../../families/postgresql/database.ts'
import {
  type RehearsalPlan,
  clearRehearsal,
  rehearse,
} from '../../../families/postgresql/rehearsal/rehearse.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { adminPassword, adminUser } from '../../support/postgres-servers.ts'

let pair: Pair
let before: Left

beforeAll(async () => {
  pair = await startPair('rehearsal-ends')
  await makeApplication(pair)
  before = await whatIsThere()
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

/** What stands on both servers and at the entry, and what this process has open. */
interface Left {
  readonly servers: readonly string[]
  readonly entryFile: string
  readonly entryClients: readonly string[]
  readonly resources: readonly string[]
}

async function whatIsThere(): Promise<Left> {
  const servers = await Promise.all(
    [pair.old, pair.new].map(async ({ port }) =>
      withServer(port, 'postgres', async (client) => {
        const { rows } = await client.query<{ left: string }>(
          `select 'session ' || application_name || ' of ' || coalesce(datname, '') as left from pg_stat_activity
            where pid <> pg_backend_pid() and (application_name ~ '^qianyun' or datname ~ 'rehearsal' or usename ~ 'rehearsal')
           union all select 'database ' || datname from pg_database where datname ~ 'rehearsal'
           union all select 'role ' || rolname from pg_roles where rolname ~ 'rehearsal'
           union all select 'slot ' || slot_name from pg_replication_slots
           union all select 'subscription ' || subname from pg_subscription
           union all select 'state ' || datname from pg_stat_activity where wait_event_type = 'Lock' order by 1`,
        )
        return rows.map(({ left }) => left)
      }),
    ),
  )
  const console = await pair.entry.admin()
  try {
    const { rows } = await console.query<{ database: string }>('show clients')
    return {
      servers: servers.flat(),
      entryFile: readFileSync(pair.entry.databasesFile, 'utf8'),
      entryClients: rows.map((row) => row.database).filter((name) => name !== 'pgbouncer'),
      resources: openResources(),
    }
  } finally {
    await console.end()
  }
}

/** Connections and processes of this process; timers tell nothing, Jest has its own. */
function openResources(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => ['TCPSocketWrap', 'TCPConnectWrap', 'ProcessWrap'].includes(name))
    .toSorted()
}

/** Servers notice the end of a connection moments later. */
async function leftAfterwards(): Promise<Left> {
  for (let left = 30; left > 0; left--) {
    const there = await whatIsThere()
    if (JSON.stringify(there) === JSON.stringify(before)) return there
    await sleep(100)
  }
  return whatIsThere()
}

function rehearsal(changed: Partial<RehearsalPlan> = {}): RehearsalPlan {
  const { from, to, entry, signal, say, waivers, ...bounds } = switchPlan(pair, pair.source, pair.target, {
    guarded: true,
  })
  return {
    ...{ from, to, entry, signal, say, waivers, bounds },
    schemaOnly: false,
    writers: 3,
    writerPauseMs: 5,
    calmMs: 300,
    copyTimeoutMs: 30_000,
    ...changed,
  }
}

describe('a rehearsal', () => {
  it('ends in time when its writers are refused at the entry, and says why', async () => {
    const from = withAppPassword('not the one the pooler has')
    const run = rehearse(rehearsal({ from }))
    await expect(run).rejects.toMatchObject({
      code: 'rehearsal-writers-stopped',
      message: expect.stringMatching(/as role "permit_app" within 10000 ms: .*(auth|password)/i),
    })
    expect(await leftAfterwards()).toEqual(before)
  }, 60_000)

  for (const [name, when, afterMs] of [
    ['while it makes its copy', /^$/, 150],
    ['once its copy is made', /copy made/, 0],
    ['while its copy is replicated', /copy made/, 700],
    ['while its writers write', /copied|following|live/, 400],
    ['after its cutover', /rehearsed cutover/, 50],
  ] as const)
    it(`leaves nothing when it is stopped ${name}`, async () => {
      const stop = new AbortController()
      const stopSoon = () => setTimeout(() => stop.abort(new Error('stopped by the test')), afterMs)
      if (when.source === '^$') stopSoon()
      const lines: string[] = []
      const say = (line: string) => {
        lines.push(line)
        if (when.test(line)) stopSoon()
      }
      const plan = rehearsal({ signal: stop.signal, say })
      const outcome = await rehearse(plan).then(
        () => 'ended',
        (error: unknown) => String(error),
      )
      // What the undo of an aborted step does.
      await clearRehearsal(rehearsal())
      expect({ outcome, lines, left: await leftAfterwards() }).toEqual({
        outcome: expect.not.stringMatching(/^ended$/),
        lines,
        left: before,
      })
    }, 60_000)
})

function withAppPassword(password: string): PostgresDatabase {
  const ref = {
    host: 'source' as const,
    address: '127.0.0.1',
    port: pair.old.port,
    database,
    adminUser,
    adminSecret: 'admin',
    appRoles: [appRole],
    appSecret: 'app',
  }
  return new PostgresDatabase('source', ref, async (name) => (name === 'admin' ? adminPassword : password))
}
