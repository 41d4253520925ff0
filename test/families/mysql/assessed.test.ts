import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MysqlUnfitError } from '../../../families/mysql/errors.ts'
import { implementation as mysql } from '../../../families/mysql/index.ts'
import { follow } from '../../../families/mysql/replicate/follow.ts'
import { makePermits, type MariadbPair, permit, startMariadbPair } from '../../support/mariadb-pair.ts'
import { askMariadb } from '../../support/mariadb-servers.ts'

let pair: MariadbPair
const never = new AbortController().signal
const onOld = async (sql: string) => askMariadb(pair.old.port, sql)
const testMs = 90_000

async function found(): Promise<readonly string[]> {
  const { findings } = await mysql.assess(pair.source, { target: pair.target, waivers: [] })
  return findings.map(({ code, subject }) => `${code} ${subject}`)
}

const hazards = [
  {
    sql: 'SET GLOBAL binlog_format = MIXED',
    back: 'SET GLOBAL binlog_format = ROW',
    code: 'mysql-log-of-statements',
  },
  {
    sql: 'SET GLOBAL binlog_row_image = MINIMAL',
    back: 'SET GLOBAL binlog_row_image = FULL',
    code: 'mysql-rows-in-part',
  },
  {
    sql: 'SET GLOBAL slave_exec_mode = IDEMPOTENT',
    back: 'SET GLOBAL slave_exec_mode = STRICT',
    code: 'mysql-errors-passed-over',
  },
  {
    sql: 'SET GLOBAL slave_run_triggers_for_rbr = YES',
    back: 'SET GLOBAL slave_run_triggers_for_rbr = NO',
    code: 'mysql-triggers-fire-twice',
  },
  {
    sql: 'SET GLOBAL binlog_expire_logs_seconds = 30',
    back: 'SET GLOBAL binlog_expire_logs_seconds = 0',
    code: 'mysql-log-expires-early',
  },
  { sql: 'SET GLOBAL sync_binlog = 0', back: 'SET GLOBAL sync_binlog = 1', code: 'mysql-crash-loses' },
  { sql: `SET GLOBAL sql_mode = 'ANSI'`, back: `SET GLOBAL sql_mode = DEFAULT`, code: 'mysql-modes-differ' },
  { sql: 'CREATE DATABASE neighbour', back: 'DROP DATABASE neighbour', code: 'mysql-neighbours' },
  {
    sql: `CREATE TABLE ${permit}.heap_of (a INT)`,
    back: `DROP TABLE ${permit}.heap_of`,
    code: 'mysql-table-without-key',
  },
  {
    sql: `CREATE TABLE ${permit}.nullable (a INT, UNIQUE (a))`,
    back: `DROP TABLE ${permit}.nullable`,
    code: 'mysql-table-without-key',
  },
  {
    sql: `CREATE TABLE ${permit}.old_engine (a INT PRIMARY KEY) ENGINE = MyISAM`,
    back: `DROP TABLE ${permit}.old_engine`,
    code: 'mysql-engine',
  },
  {
    sql: `CREATE TABLE ${permit}.past (a INT PRIMARY KEY) WITH SYSTEM VERSIONING`,
    back: `DROP TABLE ${permit}.past`,
    code: 'mysql-table-kind',
  },
  {
    sql: `CREATE DEFINER = nobody@nowhere VIEW ${permit}.lost AS SELECT 1`,
    back: `DROP VIEW ${permit}.lost`,
    code: 'mysql-definer-gone',
  },
  {
    sql: 'GRANT READ ONLY ADMIN ON *.* TO permit_app',
    back: 'REVOKE READ ONLY ADMIN ON *.* FROM permit_app',
    code: 'mysql-account-powerful',
  },
  {
    sql: `XA START 'x'; INSERT INTO ${permit}.ledger VALUES (1, 1); XA END 'x'; XA PREPARE 'x'`,
    back: `XA ROLLBACK 'x'`,
    code: 'mysql-prepared-transactions',
  },
] as const

describe('the assessment of a MariaDB database', () => {
  beforeAll(async () => {
    pair = await startMariadbPair('mariadb-assessed')
    await makePermits(pair)
  }, testMs)
  afterAll(async () => pair.stop(), testMs)

  it(
    'names what a database of some years has, and nothing that stands against its move',
    async () => {
      const { findings, upgrades } = await mysql.assess(pair.source, { target: pair.target, waivers: [] })
      expect(
        findings.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`).toSorted(),
      ).toEqual([
        'information mysql-event ticks',
        'information mysql-zero-dates permit',
        'warning mysql-character-set office',
        'warning mysql-character-set permit',
      ])
      expect(upgrades).toEqual([])
    },
    testMs,
  )

  it.each(hazards)(
    'finds $code by $sql',
    async ({ sql, back, code }) => {
      const before = await found()
      for (const statement of sql.split('; ').length > 1 ? [] : [sql]) await onOld(statement)
      if (sql.includes('; ')) await prepare(sql.split('; '))
      try {
        const added = (await found()).filter((one) => !before.includes(one))
        expect(added.some((one) => one.startsWith(`${code} `))).toBe(true)
      } finally {
        await onOld(back)
      }
      expect(await found()).toEqual(before)
    },
    testMs,
  )

  it(
    'refuses to replicate what stands against it, with every reason, and changes nothing',
    async () => {
      await onOld('CREATE DATABASE neighbour')
      await onOld(`CREATE TABLE ${permit}.heap_of (a INT)`)
      const plan = {
        from: pair.source,
        to: pair.target,
        as: 'pair',
        waivers: [],
        signal: never,
        say: () => undefined,
      } as const
      const refused = await follow(plan).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(MysqlUnfitError)
      expect((refused as MysqlUnfitError).findings.map(({ code }) => code).toSorted()).toEqual([
        'mysql-neighbours',
        'mysql-table-without-key',
      ])
      expect(await askMariadb(pair.new.port, `SHOW DATABASES LIKE 'permit'`)).toEqual([])
    },
    testMs,
  )
})

/** What one session does. */
async function prepare(statements: readonly string[]): Promise<void> {
  const { connectTo } = await import('../../support/mariadb-servers.ts')
  const connection = await connectTo(pair.old.port)
  for (const statement of statements) await connection.query(statement)
  await connection.end()
}
