import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError } from '../../../domain/errors.ts'
import { implementation as mysql } from '../../../families/mysql/index.ts'
import { implementation as mysqlCopy } from '../../../families/mysql/steps/copy/index.ts'
import { implementation as mysqlDisarm } from '../../../families/mysql/steps/disarm/index.ts'
import { implementation as mysqlReplicate } from '../../../families/mysql/steps/replicate/index.ts'
import { implementation as mysqlSwitchover } from '../../../families/mysql/steps/switchover/index.ts'
import { implementation as mysqlVerify } from '../../../families/mysql/steps/verify/index.ts'
import { gapParts } from '../../../families/mysql/switch/plan.ts'
import type { MysqlSide } from '../../../families/mysql/side.ts'
import type { WayBackWatcher } from '../../../families/way-back.ts'
import type { AnyStepImplementation } from '../../../runner/steps/kind.ts'
import { implementation as wipe } from '../../../runner/steps/wipe/index.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import { LocalHost } from '../../support/local-host.ts'
import {
  makePermits,
  type MariadbPair,
  MariadbWriters,
  permit,
  sideAt,
  startMariadbPair,
} from '../../support/mariadb-pair.ts'
import { askMariadb, type MariadbServer, startMariadb } from '../../support/mariadb-servers.ts'
import { samplePlan } from '../../support/plan.ts'
import { makeFolder, removeFolder } from '../../support/postgres-servers.ts'
import { runStep } from '../../support/run-step.ts'
import { stepContext } from '../../support/step-context.ts'
import { describeFamily, type SwitchHarness } from '../conformance.ts'

let pair: MariadbPair
let folder: string
let staging: MariadbServer
let copy: MysqlSide
let writers: MariadbWriters | undefined
let watcher: WayBackWatcher | undefined
let serving: MysqlSide
let waiting: MysqlSide

const never = new AbortController().signal
const onOld = async (sql: string) => askMariadb(pair.old.port, sql)
const onNew = async (sql: string) => askMariadb(pair.new.port, sql)
const watched = { migration: 'permit-desk-1', plan: samplePlan(), switches: [] }
const tables = ['permit', 'office', '`odd ``name```']

async function run(kind: AnyStepImplementation, params: unknown): Promise<void> {
  const sides = { source: pair.source, target: pair.target, staging: copy, serving, waiting }
  const by = { account: 'owner-li', role: 'owner', organisation: 'permit-bureau' } as const
  await runStep(kind, params, {
    ...stepContext([new LocalHost('source')]),
    dataset: (name: string) => sides[name as keyof typeof sides] as never,
    anyDataset: async (name) => ({ family: mysql, handle: sides[name as keyof typeof sides] }),
    retention: async () => ({ untilMs: 0, release: { statement: 'It may go.', by, atMs: 0 } }),
  })
}

const switching: SwitchHarness = {
  async startWriters() {
    await writers?.stop()
    await run(mysqlReplicate, { from: 'serving', to: 'waiting' })
    writers = new MariadbWriters([pair.old.port, pair.new.port], 4)
  },
  async switchOver() {
    await run(mysqlSwitchover, { from: 'serving', to: 'waiting' })
    ;[serving, waiting] = [waiting, serving]
  },
  parts: gapParts,
  dieAt: async (part) =>
    dieInChild('mariadb-and-die.ts', { from: serving.port, to: waiting.port, switchesUntil: part }),
  async outcome() {
    const stopped = writers
    if (stopped === undefined) throw new Error('No writers were started.')
    await stopped.stop()
    const lost = [await stopped.lostOn(pair.old.port), await stopped.lostOn(pair.new.port)]
    const open = await Promise.all(
      [onOld, onNew].map(async (ask) => ask(`SELECT 1 FROM qianyun_control.side WHERE state = 'open'`)),
    )
    return { lost, open: open.flat().length }
  },
}

async function discard(): Promise<void> {
  await mysql.removal.check(copy)
  const options = { mayBeEmpty: true, overwrite: false, signal: never }
  await mysql.removal.remove(copy, await mysql.removal.find(copy, options), options)
  await mysql.removal.forget(copy)
}

describeFamily({
  family: 'mysql',
  async start() {
    pair = await startMariadbPair('mariadb-conformance')
    folder = await makeFolder('mariadb-staging')
    staging = await startMariadb(folder, 'staging', 3)
    copy = sideAt('staging', staging.port)
    await makePermits(pair)
    ;[serving, waiting] = [pair.source, pair.target]
  },
  async stop() {
    await writers?.stop()
    await watcher?.stop()
    await Promise.all([pair.stop(), staging.stop()])
    await removeFolder(folder)
  },
  copy: async () => run(mysqlCopy, { from: 'source', to: 'staging' }),
  discard,
  async contentOf(side) {
    const port = side === 'source' ? pair.old.port : staging.port
    const all = []
    for (const table of tables)
      all.push(
        table,
        JSON.stringify(await askMariadb(port, `SELECT * FROM ${permit}.${table} ORDER BY 1, 2`)),
      )
    return all.join('\n')
  },
  changeOneValue: async () => {
    await askMariadb(
      staging.port,
      `SET STATEMENT sql_log_bin = 0 FOR UPDATE ${permit}.permit SET fee = fee + 0.01 WHERE id = 77`,
    )
  },
  async verify() {
    try {
      await run(mysqlVerify, { from: 'source', to: 'staging' })
      return true
    } catch (error) {
      if (error instanceof QianyunError && error.code === 'mysql-differs') return false
      throw error
    }
  },
  copyParts: [
    'CREATE DATABASE `permit`',
    'INSERT INTO `permit`',
    'TRIGGER permit_written',
    'gtid_binlog_state',
    'CHANGE MASTER',
    'START SLAVE',
  ],
  async dieInCopy(copiesUntil) {
    await discard()
    await dieInChild('mariadb-and-die.ts', { from: pair.old.port, to: staging.port, copiesUntil })
  },
  switching,
  async keepWayBack() {
    if (serving === pair.source) await switching.switchOver()
    watcher = mysql.health?.({
      opened: (_move, _dataset, role) => (role === 'source' ? pair.source : pair.target),
      whileServing: async (_move, signal, work) => work(signal),
      lastKnownAsOfMs: async () => 0,
    })
  },
  health: async () => (await watcher?.look(watched, 'database', Date.now()))?.health,
  waysToLose: [
    {
      name: 'the channel of the old side is stopped',
      harm: async () => {
        await onOld(`STOP SLAVE 'qianyun'`)
      },
      channel: 'stopped',
      reason: 'mysql-reverse-channel-stopped',
      mend: async () => {
        await onOld(`START SLAVE 'qianyun'`)
      },
    },
    {
      name: 'the old side is away',
      harm: async () => pair.old.kill(),
      channel: 'stopped',
      reason: 'old-side-unreachable',
      mend: async () => {
        await pair.old.start()
        await onOld('SET GLOBAL gtid_strict_mode = ON')
      },
    },
    {
      name: 'the new side is away',
      harm: async () => pair.new.stop(),
      channel: 'stopped',
      reason: 'new-side-unreachable',
      mend: async () => pair.new.start(),
    },
    {
      name: 'an account of the old side is opened',
      harm: async () => {
        await onOld(`SET STATEMENT sql_log_bin = 0 FOR ALTER USER 'permit_app'@'%' ACCOUNT UNLOCK`)
      },
      channel: 'at-risk',
      reason: 'mysql-old-side-lets-in',
      mend: async () => {
        await onOld(`SET STATEMENT sql_log_bin = 0 FOR ALTER USER 'permit_app'@'%' ACCOUNT LOCK`)
      },
    },
    {
      name: 'somebody writes past the fence of the old side',
      harm: async () => {
        await onOld(`INSERT INTO ${permit}.ledger VALUES (99, 1)`)
      },
      channel: 'at-risk',
      reason: 'mysql-old-side-errant',
    },
    {
      name: 'the log of the new side has lost what the old side lacks',
      async harm() {
        await onOld(`STOP SLAVE 'qianyun'`)
        await onNew(`INSERT INTO ${permit}.ledger VALUES (99, 2)`)
        await onNew('FLUSH BINARY LOGS')
        const logs = await onNew('SHOW BINARY LOGS')
        // A log that somebody was sent a moment ago stays.
        for (let left = 100; left > 0 && (await onNew('SHOW BINARY LOGS')).length > 1; left--) {
          await onNew(`PURGE BINARY LOGS TO '${String(logs.at(-1)?.['Log_name'])}'`)
          await sleep(50)
        }
        await onOld(`START SLAVE 'qianyun'`)
      },
      channel: 'broken',
      reason: 'mysql-reverse-log-gone',
    },
  ],
  async remove() {
    await run(mysqlDisarm, { from: 'source', to: 'target' })
    await run(wipe, { host: 'source', database: 'source', paths: [] })
  },
  async leftOver() {
    const databases = await onOld(
      `SELECT schema_name AS one FROM information_schema.schemata WHERE schema_name IN ('${permit}', 'qianyun_control')`,
    )
    const accounts = await onOld(
      `SELECT user AS one FROM mysql.global_priv WHERE user LIKE 'permit%' OR user LIKE 'qianyun_f%'`,
    )
    const channels = [...(await onOld('SHOW ALL SLAVES STATUS')), ...(await onNew('SHOW ALL SLAVES STATUS'))]
    return [...databases, ...accounts].map(({ one }) => String(one)).concat(channels.map(() => 'a channel'))
  },
})
