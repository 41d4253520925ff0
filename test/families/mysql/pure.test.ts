import { describe, expect, it } from '@jest/globals'
import { MysqlPlace } from '../../../families/mysql/declaration.ts'
import { MysqlBothServeError } from '../../../families/mysql/errors.ts'
import type { MysqlFacts } from '../../../families/mysql/facts/facts.ts'
import { rules } from '../../../families/mysql/rules/index.ts'
import { judge } from '../../../families/mysql/rules/rule.ts'
import { definerOf } from '../../../families/mysql/server/events.ts'
import { covers, newerOf } from '../../../families/mysql/server/gtid.ts'
import { account, bytes, name, text, word } from '../../../families/mysql/server/quote.ts'
import type { SideRecord } from '../../../families/mysql/sides/record.ts'
import { verdictOf } from '../../../families/mysql/sides/verdict.ts'
import { between } from '../../../families/mysql/verify/key.ts'

describe('the quoting of SQL', () => {
  it('lets nothing of a name or a text out', () => {
    expect(name('a`; DROP TABLE b; --')).toBe('`a``; DROP TABLE b; --`')
    expect(text(`it's \\' or 1`)).toBe(`'it''s \\\\'' or 1'`)
    expect(account({ user: `o'\\`, host: '%' })).toBe(`'o''\\\\'@'%'`)
    expect(definerOf(`a@b@'%`)).toBe(`'a@b'@'''%'`)
    expect(bytes(Buffer.from(`'`), 'gbk')).toBe(`_gbk x'27'`)
    expect(() => word('utf8mb4; DROP')).toThrow(RangeError)
  })
})

describe('positions of a log', () => {
  it('cover what they have reached in each domain', () => {
    expect(covers('0-1-100,1-2-7', '0-2-100')).toBe(true)
    expect(covers('0-1-100', '0-1-101')).toBe(false)
    expect(covers('0-1-100', '1-1-1')).toBe(false)
    expect(covers('', '')).toBe(true)
    expect(covers('', '0-1-1')).toBe(false)
    expect(covers('0-1-9007199254740993', '0-1-9007199254740994')).toBe(false)
  })

  it('tell what a server made by itself since', () => {
    expect(newerOf(2, '0-1-100,0-2-101', '')).toEqual(['0-2-101'])
    expect(newerOf(2, '0-1-300,0-2-101', '0-1-90,0-2-101')).toEqual([])
    expect(newerOf(2, '0-2-101,5-2-1', '0-2-101')).toEqual(['5-2-1'])
    expect(newerOf(2, '0-1-100', '')).toEqual([])
  })
})

describe('the side that has to serve', () => {
  const record = (state: SideRecord['state'], generation: number, decided = false): SideRecord => ({
    state,
    generation,
    decided,
    since: '2026-01-01T00:00:00.000Z',
    detail: { logState: '' },
  })
  const names = { from: 'old', to: 'new' }

  it.each([
    ['nobody prepared it', undefined, undefined, 'none'],
    ['it was replicated', record('open', 0), record('copy', 0), 'from'],
    ['a first switch was cut off', record('closed', 1), record('copy', 0), 'from'],
    ['a first switch was decided', record('closed', 1, true), record('copy', 0), 'to'],
    ['it was made', record('closed', 1, true), record('open', 1), 'to'],
    ['the way back was cut off', record('closed', 1, true), record('closed', 2), 'to'],
    ['the way back was decided', record('closed', 1, true), record('closed', 2, true), 'from'],
    ['a second switch was cut off', record('closed', 3), record('closed', 2, true), 'from'],
    ['an undone switch', record('open', 1), record('copy', 0), 'from'],
    ['the old side was opened alone', record('open', 2), record('open', 1), 'from'],
  ] as const)('is known when %s', (_when, from, to, serves) => {
    expect(verdictOf(from, to, names)).toBe(serves)
  })

  it('is not decided by us where both are on record as it', () => {
    expect(() => verdictOf(record('open', 1), record('open', 1), names)).toThrow(MysqlBothServeError)
  })
})

describe('a range of keys', () => {
  const key = [
    { column: 'code', type: 'varchar', characterSet: 'gbk' },
    { column: 'n`o', type: 'int', characterSet: undefined },
  ]

  it('is told by columns of any name and values of any bytes', () => {
    const bound = [Buffer.from(`'\\`), Buffer.from('7')]
    expect(between(key, bound, undefined)).toBe(
      "(`code` >= _gbk x'275c' AND (`code` > _gbk x'275c' OR `n``o` > '7'))",
    )
    expect(between(key, undefined, undefined)).toBe('TRUE')
  })
})

describe('a finding', () => {
  const facts: MysqlFacts = {
    place: '127.0.0.1:3306',
    version: '10.11.19-MariaDB',
    product: 'mariadb',
    major: 10,
    minor: 11,
    exists: true,
    variables: {
      log_bin: 'ON',
      log_slave_updates: 'ON',
      binlog_format: 'ROW',
      binlog_row_image: 'FULL',
      slave_exec_mode: 'STRICT',
      slave_run_triggers_for_rbr: 'NO',
      sync_binlog: '1',
      innodb_flush_log_at_trx_commit: '1',
      server_id: '1',
    },
    tables: [],
    neighbours: [],
    events: [],
    definersGone: [],
    accounts: [],
    otherChannels: [],
    followers: [],
    preparedTransactions: 0,
    hasTimeZones: false,
    plugins: [],
    adminMayAll: true,
    outageToSurviveMs: 60_000,
  }
  const other = { ...facts, place: '127.0.0.2:3306', variables: { ...facts.variables, server_id: '2' } }
  const codes = (from: MysqlFacts, to: MysqlFacts | undefined = other): readonly string[] =>
    judge(rules, { from, to }, []).map(({ code, subject }) => `${code} ${subject}`)

  it('is none where nothing stands against a move', () => {
    expect(codes(facts)).toEqual([])
  })

  it('says a command in which the name of a table is no other command', () => {
    const table = 'a`; DROP TABLE b; --'
    const kept = {
      table,
      engine: 'MyISAM',
      kind: 'table',
      bytes: 0,
      hasKey: true,
      characterSets: [],
      zeroDates: [],
    } as const
    const [found] = judge(rules, { from: { ...facts, tables: [kept] }, to: other }, [])
    expect(found?.action.en).toBe('Run: ALTER TABLE `a``; DROP TABLE b; --` ENGINE = InnoDB')
  })

  it('names what both servers must not have in common, or have to', () => {
    const followers = ['copy@10.0.0.9']
    const same = { ...other, variables: { ...other.variables, server_id: '1', lower_case_table_names: '1' } }
    expect(codes(facts, same)).toEqual([
      'mysql-same-server-id 127.0.0.2:3306',
      'mysql-names-differ 127.0.0.2:3306',
    ])
    expect(codes({ ...facts, followers }, { ...other, followers })).toEqual([
      'mysql-target-followed 127.0.0.2:3306',
      'mysql-source-followed 127.0.0.1:3306',
    ])
    expect(codes(facts, { ...other, minor: 6 })).toEqual(['mysql-target-older 127.0.0.2:3306'])
  })

  it('tells a server of another maker for what it is', () => {
    expect(codes({ ...facts, product: 'other', version: '8.0.40', variables: {} })).toContain(
      'mysql-product 127.0.0.1:3306',
    )
  })

  it('is let pass by a waiver of its object', () => {
    const gone = { ...facts, definersGone: ['nobody@nowhere'] }
    const waivers = [
      { rule: 'mysql-definer-gone', pattern: 'nobody@nowhere', reason: 'Nobody uses that view.' },
    ]
    expect(judge(rules, { from: gone, to: other }, waivers)).toMatchObject([
      { code: 'mysql-definer-gone', waiver: 'Nobody uses that view.' },
    ])
  })
})

describe('the place of a database in a plan', () => {
  const place = {
    host: 'db',
    address: '10.0.0.7',
    database: 'permit',
    adminUser: 'root',
    adminSecret: 'admin',
    appUsers: ['permit'],
    appSecret: 'app',
  }

  it('has an administrator who is none of the application', () => {
    expect(MysqlPlace.safeParse(place).success).toBe(true)
    expect(MysqlPlace.safeParse({ ...place, appUsers: ['permit', 'root'] }).success).toBe(false)
  })

  it('names what a certificate is looked up by', () => {
    expect(MysqlPlace.safeParse({ ...place, tls: {} }).success).toBe(false)
    expect(MysqlPlace.safeParse({ ...place, tls: { serverName: 'db.city' } }).success).toBe(true)
    expect(MysqlPlace.safeParse({ ...place, address: 'db.city', tls: {} }).success).toBe(true)
  })
})
