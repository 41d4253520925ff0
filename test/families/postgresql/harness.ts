import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError } from '../../../domain/errors.ts'
import { dropDatabase } from '../../../families/postgresql/copy/make-database.ts'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { implementation as postgresql } from '../../../families/postgresql/index.ts'
import { implementation as postgresCopy } from '../../../families/postgresql/steps/copy/index.ts'
import { implementation as postgresDisarm } from '../../../families/postgresql/steps/disarm/index.ts'
import { implementation as postgresVerify } from '../../../families/postgresql/steps/verify/index.ts'
import { gapParts } from '../../../families/postgresql/switchover/plan.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import type { WayBackWatcher } from '../../../families/way-back.ts'
import type { AnyStepImplementation } from '../../../runner/steps/kind.ts'
import { implementation as wipe } from '../../../runner/steps/wipe/index.ts'
import { lostOn } from '../../support/acknowledged.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import { managedPort } from '../../support/managed-server.ts'
import { LocalHost } from '../../support/local-host.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  port,
  replicate,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { samplePlan } from '../../support/plan.ts'
import { runStep } from '../../support/run-step.ts'
import { stepContext } from '../../support/step-context.ts'
import { type FamilyHarness, type SwitchHarness } from '../conformance.ts'

const copied = 'copied'
let pair: Pair
const copyPort = () => (pair.isManaged === true ? managedPort : port)('staging', pair.new.port, copied)
let watcher: WayBackWatcher | undefined
let writers: LedgerWriters | undefined
let isReplicated = false
/** A runner that was killed has left the direction as it was. */
let serving: Pair['source']
let waiting: Pair['source']

const waivers = { 'large-objects': 'They are carried at the switch.' }
const watched = {
  migration: 'permit-desk-1',
  plan: {
    ...samplePlan(),
    waivers: [{ rule: 'large-objects', pattern: '*', reason: waivers['large-objects'] }],
  },
  switches: [],
}
const tables = ['permit', 'office', 'audit_line', 'qianyun_rehearsal_ledger']
const onOld = async (sql: string) => withServer(pair.old.port, database, async (client) => client.query(sql))
const onNew = async (sql: string, name = database) =>
  withServer(pair.new.port, name, async (client) => client.query(sql))

async function run(kind: AnyStepImplementation, params: unknown): Promise<void> {
  const databases = { source: pair.source, target: pair.target, copy: copyPort() }
  const by = { account: 'owner-li', role: 'owner', organisation: 'permit-bureau' } as const
  await runStep(kind, params, {
    ...stepContext([new LocalHost('source')]),
    dataset: (name: string) => databases[name as keyof typeof databases] as never,
    anyDataset: async (name) => ({ family: postgresql, handle: databases[name as keyof typeof databases] }),
    retention: async () => ({ untilMs: 0, release: { statement: 'It may go.', by, atMs: 0 } }),
  })
}

async function openSides(): Promise<number> {
  const open = await Promise.all(
    [pair.old, pair.new].map(async (server) =>
      withServer(server.port, 'qianyun_control', async (client) =>
        client.query(`select from cutover_state where database = $1 and state = 'open'`, [database]),
      ),
    ),
  )
  return open.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
}

/** A switch verifies where its plan names tables, and carries large objects where a waiver lets them pass. */
const passingEachPart = { waivers, verifyTables: ['public.office'] }

const switching: SwitchHarness = {
  async startWriters() {
    await writers?.stop()
    if (!isReplicated) await replicate(pair, waivers)
    isReplicated = true
    writers = await startWriters(pair)
  },
  async switchOver() {
    await switchOver(switchPlan(pair, serving, waiting, passingEachPart))
    ;[serving, waiting] = [waiting, serving]
  },
  parts: gapParts,
  async dieAt(atPart) {
    await dieInChild('switch-and-die.ts', {
      ...(pair.isManaged && { isManaged: true, leaves: serving === pair.source ? 'source' : 'target' }),
      ...{ from: serving.port, to: waiting.port, entryPort: pair.entry.port, guarded: false, atPart },
      databasesFile: pair.entry.databasesFile,
      ...passingEachPart,
    })
  },
  async outcome() {
    const stopped = writers
    if (stopped === undefined) throw new Error('No writers were started.')
    await stopped.stop()
    const lost = [await lostOn(pair.old.port, stopped), await lostOn(pair.new.port, stopped)]
    return { lost, open: await openSides() }
  },
}

async function reverseLink(): Promise<string> {
  const { rows } = await onNew(
    `select slot_name::text as name from pg_replication_slots where database = current_database() and slot_name like 'qianyun_%'`,
  )
  return String((rows[0] as { name: string } | undefined)?.name)
}

/**
 * PostgreSQL as `describeFamily` goes through it, on the pair that `startPair` makes. One harness a test file: its pair and its writers are the
 * module's own.
 */
export const postgresqlOn = (startPair: () => Promise<Pair>): FamilyHarness => ({
  family: 'postgresql',
  async start() {
    pair = await startPair()
    await makeApplication(pair)
    await onOld(`select lo_from_bytea(0, 'a seal')`)
    ;[serving, waiting] = [pair.source, pair.target]
  },
  async stop() {
    await writers?.stop()
    await watcher?.stop()
    await pair.stop()
  },
  copy: async () => run(postgresCopy, { from: 'source', to: 'copy', replace: true }),
  discard: async () => dropDatabase(copyPort()),
  async contentOf(side) {
    const [server, name] = side === 'source' ? [pair.old.port, database] : [pair.new.port, copied]
    return withServer(server, name, async (client) => {
      const all = []
      for (const table of tables) {
        const { rows } = await client.query(`select t::text as row from public.${table} t order by 1`)
        all.push(table, ...rows.map(({ row }: { row: string }) => row))
      }
      return all.join('\n')
    })
  },
  changeOneValue: async () => {
    await onNew('update permit set fee = fee + 0.01 where id = 77', copied)
  },
  async verify() {
    try {
      await run(postgresVerify, { from: 'source', to: 'copy' })
      return true
    } catch (error) {
      if (error instanceof QianyunError && error.code === 'data-differs') return false
      throw error
    }
  },
  copyParts: ['drop database', 'create database', 'pg_export_snapshot', 'analyze'],
  dieInCopy: async (beforeStatement) =>
    dieInChild('copy-and-die.ts', {
      ...{ from: pair.old.port, to: pair.new.port, copy: copied, beforeStatement, isManaged: pair.isManaged },
    }),
  switching,
  async keepWayBack() {
    if (serving === pair.source) await switching.switchOver()
    watcher = postgresql.health?.({
      opened: (_move, _dataset, role) => pair[role === 'source' ? 'source' : 'target'],
      whileServing: async (_move, signal, work) => work(signal),
      lastKnownAsOfMs: async () => 0,
    })
  },
  health: async () => (await watcher?.look(watched, 'database', Date.now()))?.health,
  waysToLose: [
    {
      name: 'the subscription of the old side is disabled',
      harm: async () => {
        await onOld(`alter subscription ${await reverseLink()} disable`)
      },
      channel: 'stopped',
      reason: 'reverse-subscription-disabled',
      mend: async () => {
        await onOld(`alter subscription ${await reverseLink()} enable`)
      },
    },
    {
      name: 'the old side is away',
      harm: async () => pair.old.stop(),
      channel: 'stopped',
      reason: 'old-side-unreachable',
      mend: async () => pair.old.restart({}),
    },
    {
      name: 'the new side is away',
      harm: async () => pair.new.stop(),
      channel: 'stopped',
      reason: 'new-side-unreachable',
      mend: async () => pair.new.restart({}),
    },
    {
      name: 'a table of the new side is not followed',
      harm: async () => {
        await Promise.all(
          [onNew, onOld].map(async (make) =>
            make(`set role ${appRole}; create table fee (id integer primary key)`),
          ),
        )
      },
      channel: 'at-risk',
      reason: 'tables-not-followed',
      mend: async () => {
        await onOld(`alter subscription ${await reverseLink()} refresh publication`)
      },
    },
    {
      name: 'its slot is gone',
      harm: async () => {
        const link = await reverseLink()
        await onOld(`alter subscription ${link} disable`)
        for (let left = 100; left > 0; left--) {
          const dropped = await onNew(`select pg_drop_replication_slot('${link}')`).catch(() => undefined)
          if (dropped !== undefined) return
          await sleep(100)
        }
      },
      channel: 'broken',
      reason: 'reverse-slot-missing',
    },
  ],
  async remove() {
    await run(postgresDisarm, { from: 'source', to: 'target' })
    await run(wipe, { host: 'source', database: 'source', paths: [] })
  },
  async leftOver() {
    const find = async (server: number, sql: string) =>
      withServer(server, 'postgres', async (client) => {
        const { rows } = await client.query<{ name: string }>(sql)
        return rows.map(({ name }) => name)
      })
    return [
      ...(await find(
        pair.old.port,
        `select datname::text as name from pg_database where datname = '${database}'`,
      )),
      ...(await find(pair.old.port, `select subname::text as name from pg_subscription`)),
      ...(await find(pair.old.port, `select slot_name::text as name from pg_replication_slots`)),
      ...(await find(pair.new.port, `select slot_name::text as name from pg_replication_slots`)),
    ]
  },
})
