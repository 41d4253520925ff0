import {
  SwitchUnfinishedError,
  SwitchoverAbortedError,
  WindowClosedError,
  WritersWaitError,
} from '../../../families/postgresql/switchover/errors.ts'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import {
  entryNames,
  pointEntry,
  putEntry,
  readEntry,
  removeEntry,
  setInEntry,
} from '../../../families/postgresql/pgbouncer/databases-file.ts'
import { isByFence } from '../../../families/postgresql/pgbouncer/target-logins.ts'
import { valueWithMargin } from '../../../families/postgresql/switchover/sequences.ts'
import { rehearsalName } from '../../../families/postgresql/rehearsal/rehearsal-database.ts'
import { FailureCount } from '../../../families/postgresql/replication/failure-count.ts'
import { linkName, ownLinks } from '../../../families/postgresql/replication/slots.ts'

const file = `; entries of the city
[databases]
permit = host=10.0.0.1 port=5432 dbname=permit pool_size=20
"tax" = host=10.0.0.2 dbname='tax 2026' auth_user=watch

* = host=10.0.0.9
`

describe('a file of database lines', () => {
  it('has one entry pointed elsewhere, everything else kept', () => {
    const changed = pointEntry(file, 'permit', { host: '10.1.0.1', port: 6432, database: 'permit' })
    expect(changed).toBe(
      file.replace(
        'host=10.0.0.1 port=5432 dbname=permit pool_size=20',
        'host=10.1.0.1 port=6432 dbname=permit pool_size=20',
      ),
    )
    expect(pointEntry(file, 'nobody', { host: 'x', port: 1, database: 'x' })).toBeUndefined()
  })

  it.each([
    ['permit', { host: '10.0.0.1', port: 5432, database: 'permit' }],
    ['tax', { host: '10.0.0.2', port: 5432, database: 'tax 2026' }],
    ['nobody', undefined],
  ])('says where "%s" points', (entry, target) => {
    expect(readEntry(file, entry)).toEqual(target)
  })

  it('gives back what it was when an entry is put in and taken out', () => {
    const settings = { user: 'r', password: `it's a secret` }
    const put = putEntry(file, 'rehearsal', { host: 'h', port: 1, database: 'd' }, settings)
    expect(put).toContain(`rehearsal = host=h port=1 dbname=d user=r password='it''s a secret'`)
    expect(entryNames(put)).toEqual(['permit', 'tax', '*', 'rehearsal'])
    expect(removeEntry(put, 'rehearsal').trimEnd()).toBe(file.trimEnd())
  })
})

describe('the one file that packages bring', () => {
  const packaged = `; comment
[databases]
;permit = host=10.0.0.8
2024-db = host = 10.0.0.3 dbname='a b'  pool_size=7

[users]
permit = pool_mode=session
[pgbouncer]
listen_port = 6432
`
  it('gets a new entry among its databases, and nowhere else', () => {
    const put = putEntry(packaged, 'permit', { host: 'h', port: 1, database: 'd' })
    expect(put).toBe(packaged.replace('pool_size=7\n', 'pool_size=7\npermit = host=h port=1 dbname=d\n'))
    expect(removeEntry(put, 'permit')).toBe(packaged)
    expect(entryNames(packaged)).toEqual(['2024-db'])
  })

  it('keeps a setting that is changed in between byte for byte', () => {
    const changed = setInEntry(packaged, '2024-db', { pool_size: '8', max_db_connections: '3' }) ?? ''
    expect(changed).toContain("2024-db = host = 10.0.0.3 dbname='a b'  pool_size=8 max_db_connections=3\n")
    expect(setInEntry(changed, '2024-db', { pool_size: '7', max_db_connections: undefined })).toBe(packaged)
  })

  it('gets a section of databases where it has none, and keeps the line ends of Windows', () => {
    const target = { host: 'h', port: 1, database: 'd' }
    expect(putEntry('[pgbouncer]\nx = 1\n', 'n', target)).toBe(
      '[pgbouncer]\nx = 1\n\n[databases]\nn = host=h port=1 dbname=d\n',
    )
    expect(pointEntry('[databases]\r\nn = host=a\r\n', 'n', target)).toBe(
      '[databases]\r\nn = host=h port=1 dbname=d\r\n',
    )
  })
})

describe('a sequence', () => {
  const sequence = { name: 's', called: true, increment: '1', minimum: '1', maximum: '9223372036854775807' }
  it.each([
    ['ascending', { ...sequence, lastValue: '41' }, '1041'],
    ['descending', { ...sequence, lastValue: '-10', increment: '-5', minimum: '-100000' }, '-5010'],
    ['near its end', { ...sequence, lastValue: '990', maximum: '999' }, '990'],
    ['set and not called since', { ...sequence, lastValue: '51', called: false }, '51'],
    ['beyond what a double holds', { ...sequence, lastValue: '9007199254740993' }, '9007199254741993'],
  ])('that is %s is set ahead without leaving its range', (_what, state, value) => {
    expect(valueWithMargin(state, 1_000)).toBe(value)
  })
})

describe('the links of a database', () => {
  it('are told from those of databases whose names begin alike', () => {
    const names = [linkName('permit', 3), linkName('permit_rehearsal', 0), 'qianyun_permit_gx', 'other']
    expect(ownLinks('permit', names)).toEqual(['qianyun_permit_g3'])
  })

  it('are names a slot takes, and differ, for databases whose names it does not take or that begin the same', () => {
    const long = 'a'.repeat(62)
    const databases = ['Permit-Desk', 'permit-desk', 'permit.desk', 'permit_desk', `${long}b`, `${long}c`]
    const names = databases.map((database) => linkName(database, 12))
    expect(names.filter((name) => !/^[a-z0-9_]{1,63}$/.test(name))).toEqual([])
    expect(databases.map((database) => ownLinks(database, names))).toEqual(names.map((name) => [name]))
    const rehearsed = databases.map(rehearsalName)
    expect(new Set(rehearsed).size).toBe(databases.length)
    expect(rehearsed.filter((name) => Buffer.byteLength(name) > 63)).toEqual([])
  })
})

describe('a sentence about a side', () => {
  const side = { called: 'from', address: '10.1.2.11', port: 5432, database: 'permit' }

  it.each([
    ['given up', new SwitchoverAbortedError('fence', side, 80, { cause: new Error('no answer.') })],
    ['not finished', new SwitchUnfinishedError(side, { cause: new Error('no answer.') })],
    ['left with waiting clients', new WritersWaitError('permit', side, { cause: new Error('no answer.') })],
    ['past its window', new WindowClosedError(0, side)],
  ])('says which host and database serve when a switch is %s', (_name, error) => {
    expect(error.message).toContain('"from" (10.1.2.11:5432/permit)')
    expect(error.message).toContain('serves')
  })
})

describe('tries of a server that counts no errors itself', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })
  /** Looks ten times a second for so long, and finds a worker at work in the share of looks named. */
  function look(failures: FailureCount, forMs: number, isAtWork: (look: number) => boolean, left = 1): void {
    for (let at = 0; at * 100 < forMs; at += 1) {
      jest.advanceTimersByTime(100)
      failures.see(null, left, !isAtWork(at))
    }
  }

  it('are counted also where each is seen at work for a moment', () => {
    const failures = new FailureCount()
    look(failures, 20_000, (at) => at % 50 < 20)
    expect(failures.areMany).toBe(true)
    expect(failures.count).toBeGreaterThanOrEqual(3)
  })

  it('are forgotten once something gets done, or goes on for long', () => {
    const failures = new FailureCount()
    look(failures, 20_000, () => false)
    look(failures, 100, () => true, 0)
    expect(failures.count).toBe(0)
    look(failures, 20_000, () => false, 0)
    look(failures, 31_000, () => true, 0)
    expect(failures.areMany).toBe(false)
  })
})

describe('a refusal that the pooler passes on', () => {
  const noLogin = {
    code: '28000',
    routine: 'InitializeSessionUserId',
    message: 'role "permit_app" is not permitted to log in',
  }
  const noConnect = {
    code: '42501',
    routine: 'InitPostgres',
    message: 'permission denied for database "permit"',
  }
  const byAddress = {
    code: '28000',
    routine: 'ClientAuthentication',
    message: 'no pg_hba.conf entry for host "10.1.2.3"',
  }

  it.each([
    ['of the fence in its own words', `server login failed: FATAL: ${noLogin.message}`, noLogin, true],
    ['of the fence, which answers in other words since', noConnect.message, noLogin, true],
    ['of the fence where nobody could log in directly', noConnect.message, undefined, true],
    ['of something else than the fence', 'FATAL: too many connections for role "permit_app"', noLogin, false],
    ['that the server’s rules gave directly', noConnect.message, byAddress, false],
    ['without a message', undefined, noLogin, false],
  ])('%s', (_, message, direct, expected) => {
    expect(isByFence(message, direct)).toBe(expected)
  })
})
