import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { assess } from '../../../domain/assessment/assessment.ts'
import { findingSaid } from '../../../domain/assessment/finding.ts'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { judgeFacts } from '../../../families/postgresql/assess.ts'
import type { DatabaseFacts } from '../../../families/postgresql/facts/database-facts.ts'
import { rules } from '../../../families/postgresql/rules/index.ts'
import { type Judged, judge, obstaclesIn } from '../../../families/postgresql/census/judge.ts'
import { type Fault, factsWith, faults } from '../../support/database-faults.ts'
import { databaseFacts, hostFacts } from '../../support/facts.ts'

const { server } = databaseFacts()

const findingsOf = (facts: DatabaseFacts, waivers: Waivers = []) => judgeFacts(facts, { waivers }).findings

const obstacles = (facts: DatabaseFacts, given: Partial<Judged> = {}) =>
  obstaclesIn(judge({ moment: 'replicate', sides: [{ facts, scope: 'all' }], waivers: [], ...given }))

describe('the rules of a database', () => {
  it('find nothing where nothing is wrong', () => {
    expect(findingsOf(databaseFacts())).toEqual([])
  })

  it.each(faults.map((fault) => [fault.code, fault] as const))(
    'find %s alone, in both languages',
    (_code, fault) => {
      const findings = findingsOf(factsWith([fault]))
      expect(findings).toMatchObject([{ code: fault.code, severity: fault.severity, subject: fault.subject }])
      for (const text of [findings[0]?.message, findings[0]?.action]) {
        expect(text?.zh).toMatch(/\p{Script=Han}/u)
        expect(text?.en).not.toMatch(/\p{Script=Han}|undefined/u)
        expect(`${text?.zh ?? ''} ${text?.en ?? ''}`).not.toMatch(/[{}]/)
      }
    },
  )

  it('give what their sentences are filled with', () => {
    const values = Object.fromEntries(findingsOf(factsWith(faults)).map((one) => [one.code, one.values]))
    expect(values['wal-level']).toEqual({ object: '10.20.0.11:5432', found: 'replica' })
    expect(values['prepared-transactions']).toEqual({ object: 'permit_desk', count: 2 })
  })

  it('are told by the sentence in their rule, whatever else the catalogue calls by their name', () => {
    for (const finding of findingsOf(factsWith(faults)))
      for (const language of ['zh', 'en'] as const)
        expect(findingSaid(language, finding)).toBe(finding.message[language])
  })

  it('are each looked at in the assessment, and critical where they are looked at again', () => {
    for (const { id, severity, when, of } of rules) {
      // What a database has of its own is there to be compared once it is copied.
      expect([id, when.includes('assessment') || of === 'both sides']).toEqual([id, true])
      expect([id, when.length === 1 || severity === 'critical']).toEqual([id, true])
    }
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  })

  it('never let a system score higher for one fault more', () => {
    const score = (chosen: readonly Fault[]) =>
      assess({
        hosts: [hostFacts()],
        datasets: [{ dataset: 'records', ...judgeFacts(factsWith(chosen), { waivers: [] }) }],
        waivers: [],
      }).readinessScore
    // What cannot be read hides what is in it.
    const seen = faults.filter(({ code }) => code !== 'topic-unreadable')
    fc.assert(
      fc.property(fc.subarray(seen), fc.constantFrom(...seen), (some, one) => {
        expect(score([...some, one])).toBeLessThanOrEqual(score(some))
      }),
      { numRuns: 300 },
    )
  })

  it('take a newer major of the database for a change of platform, and an older one for a fault', () => {
    const of = (version: string, major: number) =>
      judgeFacts(databaseFacts(), {
        waivers: [],
        target: { facts: databaseFacts({ server: { ...server, version, major } }), exists: true },
      })
    expect(of('18.4', 18)).toMatchObject({ findings: [], upgrades: ['PostgreSQL 15.18 → 18.4'] })
    expect(of('14.1', 14).findings.map(({ code }) => code)).toEqual(['target-older'])
  })

  it('hold an encoding against a database that is there, and a package against its server', () => {
    const facts = databaseFacts({ extensions: [{ name: 'postgis', version: '3.4' }] })
    const of = (exists: boolean) =>
      judgeFacts(facts, {
        waivers: [],
        target: { facts: databaseFacts({ encoding: 'SQL_ASCII', collation: 'zh_CN.utf8' }), exists },
      }).findings.map(({ code }) => code)
    expect(of(true)).toEqual(['encoding-differs', 'extension-missing', 'collation-differs'])
    expect(of(false)).toEqual(['extension-missing'])
  })

  it('hold the clocks of both servers against each other, whatever the time of the runner', () => {
    const known = (ms: number, withinMs: number) => ({ atLeast: ms - withinMs, atMost: ms + withinMs })
    const ofClock = (here: number, there: number, withinMs = 10) =>
      judgeFacts(databaseFacts({ server: { ...server, clockAheadMs: known(here, withinMs) } }), {
        waivers: [],
        target: {
          facts: databaseFacts({
            address: '10.20.0.12',
            server: { ...server, clockAheadMs: known(there, withinMs) },
          }),
          exists: false,
        },
      }).findings.map(({ code, subject, values }) => ({ code, subject, ...values }))
    expect(ofClock(90_000, 91_500)).toEqual([])
    // An answer that took long leaves it open.
    expect(ofClock(0, 5_000, 4_000)).toEqual([])
    expect(ofClock(-400, -31_000)).toMatchObject([
      { code: 'clocks-differ', subject: '10.20.0.12:5432', seconds: 31 },
    ])
  })

  const heldAgainst = (here: Partial<DatabaseFacts>, there: Partial<DatabaseFacts>) =>
    judgeFacts(databaseFacts(here), {
      waivers: [],
      target: { facts: databaseFacts({ address: '10.20.0.12', ...there }), exists: false },
    }).findings.map(({ code, subject, values }) => ({ code, subject, ...values }))

  it('tell which time zones the new server does not know, and nothing where it knows more', () => {
    const zones = (...names: readonly string[]) => ({
      timeZones: Object.fromEntries(names.map((name) => [name, 'rules'])),
    })
    expect(heldAgainst(zones('Asia/Shanghai', 'PRC', 'US/Eastern'), zones('Asia/Shanghai'))).toMatchObject([
      { code: 'time-zone-missing', count: 2, names: 'PRC, US/Eastern' },
    ])
    expect(heldAgainst(zones('Asia/Shanghai'), zones('Asia/Shanghai', 'Europe/Kyiv'))).toEqual([])
  })

  it('tell time zones whose rules are others on the new server, that of the sessions before all', () => {
    const here = { 'Africa/Cairo': 'a', 'Asia/Shanghai': 'b', 'Etc/UTC': 'c' }
    expect(
      heldAgainst({ timeZones: here }, { timeZones: { ...here, 'Africa/Cairo': 'x', 'Asia/Shanghai': 'y' } }),
    ).toMatchObject([
      {
        code: 'time-zone-rules-differ',
        subject: '10.20.0.12:5432',
        count: 2,
        names: 'Asia/Shanghai, Africa/Cairo',
      },
    ])
  })

  it('tell files of text search that are missing or others at the new server, if something reads them', () => {
    const readers = [
      { object: 'public.permits', file: 'permits.dict' },
      { object: 'public.permits', file: 'permits.affix' },
      { object: 'zhparser', file: '' },
    ]
    const answers = { 'search-file-missing': readers, 'search-file-differs': readers }
    const searchFiles = {
      'permits.dict': 'one',
      'permits.affix': 'one',
      'custom.utf8.xdb': 'one',
      'english.stop': 'one',
      'locked.txt': 'unread',
    }
    const there = { 'permits.affix': 'other', 'custom.utf8.xdb': 'other', 'locked.txt': 'one' }
    expect(heldAgainst({ answers, searchFiles }, { searchFiles: there })).toMatchObject([
      { code: 'search-file-missing', subject: 'permits.dict', by: 'public.permits' },
      { code: 'search-file-differs', subject: 'permits.affix', by: 'public.permits' },
      { code: 'search-file-differs', subject: 'custom.utf8.xdb', by: 'zhparser' },
    ])
    expect(heldAgainst({ searchFiles }, { searchFiles: there })).toEqual([])
  })

  it('tell a container that has less shared memory than the old server', () => {
    const [docker, host] = [{ sharedMemoryBytes: 67_108_864 }, { sharedMemoryBytes: 8e9 }]
    expect(heldAgainst(host, docker)).toMatchObject([
      { code: 'shared-memory-small', subject: '10.20.0.12:5432', size: 64, before: ' (7629 MB)' },
    ])
    expect(heldAgainst({}, docker)).toMatchObject([{ code: 'shared-memory-small', before: '' }])
    expect([heldAgainst(docker, docker), heldAgainst(docker, host), heldAgainst(host, {})].flat()).toEqual([])
  })

  it('hold what the builds of both servers can do against what the database uses', () => {
    const answers = {
      'build-lacks-xml': [{ object: 'public.permit.form' }],
      'cipher-missing': [{ object: 'permit_desk' }],
    }
    const of = (there: Readonly<Record<string, boolean>>) =>
      judgeFacts(
        databaseFacts({
          answers,
          canDo: { xml: true, 'cipher bf': true, 'cipher aes': true, 'digest md4': false },
        }),
        {
          waivers: [],
          target: { facts: databaseFacts({ address: '10.20.0.12', canDo: there }), exists: true },
        },
      ).findings.map(({ code, subject, values }) => ({ code, subject, ...values }))
    expect(of({ xml: false, 'cipher bf': false, 'cipher aes': true, 'digest md4': true })).toMatchObject([
      { code: 'build-lacks-xml', subject: 'public.permit.form' },
      { code: 'cipher-missing', subject: 'permit_desk', names: 'cipher bf' },
    ])
    // Without the extension there, nothing is known of its ciphers.
    expect(of({ xml: true })).toEqual([])
  })

  it('tell what was tuned on the old server and left at its default on the new one, and nothing else', () => {
    const set = (value: string) => ({ value, isDefault: false })
    const left = (value: string) => ({ value, isDefault: true })
    const of = (tuning: Readonly<Record<string, ReturnType<typeof set>>>, address: string) =>
      databaseFacts({ address, server: { ...server, tuning } })
    const old = {
      random_page_cost: set('1.1'),
      work_mem: set('65536 kB'),
      seq_page_cost: left('1'),
      jit: set('on'),
    }
    const facts = of(
      { random_page_cost: left('4'), work_mem: set('4096 kB'), seq_page_cost: left('1'), jit: left('on') },
      '10.20.0.12',
    )
    const { findings } = judgeFacts(of(old, '10.20.0.11'), { waivers: [], target: { facts, exists: false } })
    expect(findings).toMatchObject([
      {
        code: 'tuned-on-one-side',
        subject: '10.20.0.12:5432',
        values: { settings: 'random_page_cost = 1.1' },
      },
    ])
  })

  it('tell where the log goes on both servers only as far as the old one archives it', () => {
    const codes = (here: string | undefined, there: string | undefined) => {
      const of = (archivesBy: string | undefined, address: string) =>
        databaseFacts({ address, server: { ...server, ...(archivesBy !== undefined && { archivesBy }) } })
      const target = { facts: of(there, '10.20.0.12'), exists: false }
      return judgeFacts(of(here, '10.20.0.11'), { waivers: [], target }).findings.map(
        ({ code, subject }) => `${code} ${subject}`,
      )
    }
    expect(codes('one', 'one')).toEqual(['archives-into-one-place 10.20.0.12:5432'])
    expect(codes('one', undefined)).toEqual(['not-archived-there 10.20.0.12:5432'])
    expect(codes('one', 'another')).toEqual([])
    expect(codes(undefined, 'one')).toEqual([])
    expect(codes(undefined, undefined)).toEqual([])
  })

  it('tell of words and functions of a version only where it lies between those of both servers', () => {
    const answers = {
      'word-of-the-new-version': [{ object: 'function public.json_value', word: 'json_value', version: 17 }],
      'function-of-the-new-version': [{ object: 'uuidv7()', name: 'uuidv7', version: 18 }],
      'role-makes-roles': [{ object: 'permit_desk', others: 'clerk', statement: 'grant' }],
    }
    const from = (major: number, to: number) =>
      judgeFacts(databaseFacts({ answers, server: { ...server, major } }), {
        waivers: [],
        target: { facts: databaseFacts({ server: { ...server, major: to } }), exists: false },
      }).findings.map(({ code }) => code)
    expect(from(15, 18)).toEqual([
      'word-of-the-new-version',
      'role-makes-roles',
      'function-of-the-new-version',
    ])
    expect(from(16, 17)).toEqual(['word-of-the-new-version'])
    expect(from(17, 18)).toEqual(['function-of-the-new-version'])
    expect(from(15, 15)).toEqual([])
  })

  it('hold settings kept with a database or a role against what the new server knows, however it spells it', () => {
    const asked = ['timezone', 'operator_precedence_warning'].map((object) => ({
      object,
      value: 'on',
      statement: `alter database permit_desk reset ${object}`,
    }))
    const facts = databaseFacts({ answers: { 'setting-unknown': asked } })
    const { findings } = judgeFacts(facts, {
      waivers: [],
      target: { facts: databaseFacts(), exists: false },
    })
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'setting-unknown operator_precedence_warning',
    ])
  })
})

describe('a rule that is asked on the way back as well', () => {
  const bothWays = rules.filter(({ when }) =>
    when.some((moment) => moment === 'replicate' || moment === 'precheck' || moment === 'pause'),
  )
  const oneWay =
    /\b(?:old|new) (?:one\b|side|server|host|database)|[旧新](?:侧|服务器|主机|库|数据库)|旧新|新旧/iu

  it('calls no side the old or the new one', () => {
    const texts = bothWays.flatMap(({ id, sentence, remedy, waiver }) =>
      [sentence, remedy, ...(waiver === undefined ? [] : [waiver.effect])].flatMap(({ zh, en }) => [
        `${id}: ${zh}`,
        `${id}: ${en}`,
      ]),
    )
    expect(texts.filter((text) => oneWay.test(text))).toEqual([])
  })

  it.each([
    ['source', 'target'],
    ['target', 'source'],
  ])('names the side it speaks of, where %s is followed by %s', (here, there) => {
    const row = { object: 'clerk', others: 'guest', statement: 'grant', role: 16_411 }
    const facts = databaseFacts({
      role: here,
      answers: { 'role-gone': [row], 'role-makes-roles': [row] },
      extensions: [{ name: 'postgis', version: '3.4' }],
      storedPasswords: [{ role: 'clerk', hash: 'md5' }],
      migrationRuns: [{ table: 'runs', tool: 'Liquibase', state: 'old-1', release: 'delete' }],
      server: { ...server, clockAheadMs: { atLeast: 0, atMost: 0 } },
    })
    const other = databaseFacts({
      role: there,
      encoding: 'SQL_ASCII',
      server: { ...server, major: 16, clockAheadMs: { atLeast: 60_000, atMost: 60_000 } },
    })
    const told = judge({
      ...{ moment: 'replicate', waivers: [], sides: [{ facts, scope: 'all' }] },
      pair: { from: facts, to: other, toExists: true },
    })
    const [one, two] = [here, there].map((side) => `"${side}" (10.20.0.11:5432/permit_desk)`)
    const saying = (language: 'en' | 'zh') =>
      told.map(({ code, message, action }) => `${code}: ${message[language]} ${action[language]}`).join('\n')
    for (const expected of [
      `encoding-differs: ${two} has the encoding "SQL_ASCII", ${one} has "UTF8"`,
      `is not available on the server of ${two}`,
      `or drop it on ${one} where`,
      `password again on ${one} with`,
      `the pg_hba.conf of ${two} asks`,
      `ADMIN option on ${one}, which comes along to ${two}`,
      `As a superuser on ${one}, run`,
      `release it on ${one} (`,
      `and that of ${one} are 60 seconds apart`,
    ])
      expect(saying('en')).toContain(expected)
    expect(saying('zh')).not.toMatch(/[{}]/)
  })
})

describe('what keeps replication from starting', () => {
  const critical = faults.filter(({ severity }) => severity === 'critical')

  it.each(critical.map((fault) => [fault.code, fault] as const))('is %s', (code, fault) => {
    expect(obstacles(factsWith([fault])).map((found) => found.code)).toEqual([code])
  })

  it('is nothing that is only a warning', () => {
    expect(obstacles(factsWith(faults.filter(({ severity }) => severity !== 'critical')))).toEqual([])
  })
})
