import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { assess } from '../../../domain/assessment/assessment.ts'
import { findingSaid } from '../../../domain/assessment/finding.ts'
import { wasWaivedIn } from '../../../domain/assessment/assessed-waivers.ts'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { judgeFacts } from '../../../families/postgresql/assess.ts'
import type { DatabaseFacts } from '../../../families/postgresql/facts/database-facts.ts'
import { rules } from '../../../families/postgresql/rules/index.ts'
import { type Judged, judge, obstaclesIn } from '../../../families/postgresql/census/judge.ts'
import { copiesLargeObjects } from '../../../families/postgresql/census/waivers.ts'
import { databaseFacts, hostFacts, tableFacts } from '../../support/facts.ts'

/** One fault each: what the facts then say, and what is found. */
interface Fault {
  readonly code: string
  readonly severity: 'critical' | 'warning' | 'information'
  readonly subject: string
  readonly facts: (facts: DatabaseFacts) => Partial<DatabaseFacts>
}

const { server } = databaseFacts()

const job = (place: string) => ({
  scheduler: 'pg_cron',
  id: '1',
  name: 'nightly',
  place,
  active: true,
  words: '0 3 * * * call nightly()',
  off: 'update cron.job set active = false where jobid = 1',
})

const faults: readonly Fault[] = [
  {
    code: 'table-without-key',
    severity: 'critical',
    subject: 'public.visit_log',
    facts: ({ tables }) => ({
      tables: [
        ...tables,
        tableFacts({ name: 'public.visit_log', hasPrimaryKey: false, hasReplicaIdentity: false }),
      ],
    }),
  },
  {
    code: 'unlogged-table',
    severity: 'critical',
    subject: 'public.queue_ticket',
    facts: ({ tables }) => ({
      tables: [...tables, tableFacts({ name: 'public.queue_ticket', unlogged: true })],
    }),
  },
  {
    code: 'large-objects',
    severity: 'critical',
    subject: 'permit_desk',
    facts: () => ({ largeObjects: 1, largeObjectColumns: ['public.permit_type.seal_image'] }),
  },
  {
    code: 'wal-level',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, walLevel: 'replica' } }),
  },
  {
    code: 'replication-slots-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedReplicationSlots: 10 } }),
  },
  {
    code: 'wal-senders-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedWalSenders: 10 } }),
  },
  {
    code: 'prepared-transactions',
    severity: 'critical',
    subject: 'permit_desk',
    facts: () => ({ preparedTransactions: 2 }),
  },
  {
    code: 'application-role-superuser',
    severity: 'critical',
    subject: 'permit_desk',
    facts: () => ({ unfenced: [{ role: 'permit_desk' }] }),
  },
  {
    code: 'connect-through-superuser',
    severity: 'critical',
    subject: 'dba',
    facts: () => ({ unfenced: [{ role: 'dba', through: 'permit_desk' }] }),
  },
  {
    code: 'not-superuser',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({
      server: { ...facts.server, administrator: { name: 'postgres', superuser: false } },
    }),
  },
  {
    code: 'replication-workers',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, maxReplicationWorkers: 1 } }),
  },
  {
    code: 'worker-processes-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedWorkerProcesses: 7 } }),
  },
  {
    code: 'replication-origins-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedReplicationOrigins: 9 } }),
  },
  {
    code: 'connections-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedConnections: 90 } }),
  },
  {
    code: 'slot-log-bounded',
    severity: 'warning',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, keptLogMegabytes: 512 } }),
  },
  {
    code: 'idle-slot-timeout',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, idleSlotTimeout: '1h' } }),
  },
  {
    code: 'foreign-subscription',
    severity: 'critical',
    subject: 'exchange',
    facts: () => ({ subscriptions: [{ name: 'exchange', enabled: true }] }),
  },
  {
    code: 'incoming-subscription',
    severity: 'warning',
    subject: 'exchange',
    facts: () => ({ subscriptions: [{ name: 'exchange', enabled: false }] }),
  },
  {
    code: 'scheduled-job',
    severity: 'warning',
    subject: 'pg_cron nightly',
    facts: () => ({ jobs: [job('postgres')] }),
  },
  {
    code: 'scheduler-inside',
    severity: 'critical',
    subject: 'pg_cron nightly',
    facts: () => ({ jobs: [job('permit_desk')] }),
  },
  {
    code: 'library-works-by-itself',
    severity: 'critical',
    subject: 'pg_partman_bgw',
    facts: () => ({
      workedOnBy: [{ library: 'pg_partman_bgw', setting: 'pg_partman_bgw.dbname', value: 'permit_desk' }],
    }),
  },
  {
    code: 'library-unknown',
    severity: 'warning',
    subject: 'house_worker',
    facts: () => ({ libraries: ['pg_stat_statements', 'house_worker'] }),
  },
  {
    code: 'topic-unreadable',
    severity: 'critical',
    subject: 'permit_desk: tables',
    facts: () => ({ unknown: [{ topic: 'tables', reason: 'permission denied' }] }),
  },
  {
    code: 'topic-unknown',
    severity: 'warning',
    subject: 'permit_desk: settings',
    facts: () => ({ unknown: [{ topic: 'settings', reason: 'permission denied' }] }),
  },
  {
    code: 'sequence-with-cache',
    severity: 'warning',
    subject: 'public.permit_no_seq',
    facts: () => ({
      sequences: [{ name: 'public.permit_no_seq', cache: 20, increment: 1, cycles: false }],
    }),
  },
  {
    code: 'materialised-view',
    severity: 'warning',
    subject: 'public.monthly_summary',
    facts: () => ({ materialisedViews: ['public.monthly_summary'] }),
  },
  {
    code: 'trigger-fires-on-apply',
    severity: 'critical',
    subject: 'public.permit.permit_touch',
    facts: () => ({ triggers: [{ table: 'public.permit', name: 'permit_touch', enabled: 'always' }] }),
  },
  {
    code: 'trigger',
    severity: 'information',
    subject: 'public.permit.permit_touch',
    facts: () => ({ triggers: [{ table: 'public.permit', name: 'permit_touch', enabled: 'origin' }] }),
  },
  {
    code: 'view',
    severity: 'information',
    subject: 'public.permit_overview',
    facts: () => ({ views: ['public.permit_overview'] }),
  },
  {
    code: 'event-trigger',
    severity: 'warning',
    subject: 'watch',
    facts: () => ({ eventTriggers: ['watch'] }),
  },
  {
    code: 'foreign-table',
    severity: 'warning',
    subject: 'public.elsewhere',
    facts: () => ({ foreignTables: ['public.elsewhere'] }),
  },
  {
    code: 'database-end-of-life',
    severity: 'warning',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({
      server: { ...facts.server, version: '12.3', major: 12, endOfLife: '2024-11-21' },
    }),
  },
]

function factsWith(chosen: readonly Fault[]): DatabaseFacts {
  return chosen.reduce((facts, fault) => withMore(facts, fault.facts(facts)), databaseFacts())
}

/** Lists add up, so that one fault never takes another's place; a server's settings add up, anything else is replaced. */
function withMore<T extends object>(facts: T, more: Partial<T> = {}): T {
  const added = Object.entries(more).map(([name, value]) => {
    const known: unknown = facts[name as keyof T]
    if (!Array.isArray(known) || !Array.isArray(value)) return [name, value]
    const texts = new Set(known.map((each) => JSON.stringify(each)))
    return [
      name,
      [...(known as unknown[]), ...(value as unknown[]).filter((each) => !texts.has(JSON.stringify(each)))],
    ]
  })
  return { ...facts, ...(Object.fromEntries(added) as Partial<T>) }
}

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

describe('what keeps replication from starting', () => {
  const critical = faults.filter(({ severity }) => severity === 'critical')

  it.each(critical.map((fault) => [fault.code, fault] as const))('is %s', (code, fault) => {
    expect(obstacles(factsWith([fault])).map((found) => found.code)).toEqual([code])
  })

  it('is nothing that is only a warning', () => {
    expect(obstacles(factsWith(faults.filter(({ severity }) => severity !== 'critical')))).toEqual([])
  })
})

describe('a waiver', () => {
  const waivable = ['table-without-key', 'unlogged-table', 'large-objects', 'trigger-fires-on-apply']
  const chosen = faults.filter(({ code }) => waivable.includes(code))
  const names = ['public.visit_log', 'public.queue_ticket', 'large-objects', 'public.permit.permit_touch']

  it('is named by the finding, and lets it pass', () => {
    expect(findingsOf(factsWith(chosen)).map(({ waiverName }) => waiverName)).toEqual(names)
    const byName = Object.fromEntries(names.map((name) => [name, 'agreed with the owner']))
    const listed = names.map((pattern, n) => ({
      rule: waivable[n] ?? '',
      pattern,
      reason: 'agreed with the owner',
    }))
    for (const waivers of [byName, listed]) {
      expect(findingsOf(factsWith(chosen), waivers).map(({ waiver }) => waiver)).toEqual(
        Array(4).fill('agreed with the owner'),
      )
    }
  })

  it('lifts what can be waived, and nothing else', () => {
    const facts = factsWith(faults.filter(({ code }) => code !== 'topic-unreadable'))
    const waivers = Object.fromEntries(
      [...names, 'wal-level', '10.20.0.11:5432', 'permit_desk', 'exchange', 'dba'].map((name) => [
        name,
        'agreed',
      ]),
    )
    const left = new Set(obstacles(facts, { waivers }).map(({ code }) => code))
    const all = new Set(obstacles(facts).map(({ code }) => code))
    expect([...all].filter((code) => !left.has(code)).sort()).toEqual([...waivable].sort())
  })

  it('covers by rule and pattern: one rule of one schema, whatever else is in it', () => {
    const facts = databaseFacts({
      tables: ['archive.y1', 'archive."Year 2"', 'public.visit_log', 'archived.y1'].map((name) =>
        tableFacts({ name, hasReplicaIdentity: false }),
      ),
      triggers: [{ table: 'archive.y1', name: 'stamp', enabled: 'always' }],
    })
    const waivers = [{ rule: 'table-without-key', pattern: 'archive.*', reason: 'only ever added to' }]
    const found = findingsOf(facts, waivers)
    expect(found.filter(({ waiver }) => waiver !== undefined).map(({ waiverName }) => waiverName)).toEqual([
      'archive.y1',
      'archive."Year 2"',
    ])
  })

  it('with a pattern covers later only what it covered in the assessment; one by name covers its object', () => {
    const table = (name: string) => tableFacts({ name, hasReplicaIdentity: false })
    const waivers = [
      { rule: 'table-without-key', pattern: 'archive.*', reason: 'only ever added to' },
      { rule: 'table-without-key', pattern: 'public.visit_log', reason: 'only ever added to' },
    ]
    const assessed = judgeFacts(databaseFacts({ tables: [table('archive.y1')] }), { waivers }).findings
    const facts = databaseFacts({
      tables: ['archive.y1', 'archive.y2', 'public.visit_log'].map(table),
    })
    const [obstacle, ...others] = obstacles(facts, { waivers, wasWaived: wasWaivedIn(assessed, 'records') })
    expect(others).toEqual([])
    expect(obstacle).toMatchObject({ code: 'table-without-key', subject: 'archive.y2' })
    expect(obstacle?.message.en).toMatch(/"archive.\*" did not cover it as the system was assessed/)
  })

  it('of one database does not cover the same name in another; a finding that names none covers in each', () => {
    const facts = databaseFacts({ tables: [tableFacts({ name: 'archive.y1', hasReplicaIdentity: false })] })
    const waivers = [{ rule: 'table-without-key', pattern: 'archive.*', reason: 'only ever added to' }]
    const found = judgeFacts(facts, { waivers })
    const { findings } = assess({ hosts: [], datasets: [{ dataset: 'records', ...found }], waivers })
    const left = (assessed: typeof findings, dataset: string) =>
      obstacles(facts, { waivers, wasWaived: wasWaivedIn(assessed, dataset) }).map(({ subject }) => subject)
    expect(left(findings, 'records')).toEqual([])
    expect(left(findings, 'orders')).toEqual(['archive.y1'])
    expect(left(found.findings, 'orders')).toEqual([])
  })

  it('of a key that replication was not begun with comes too late for a switch', () => {
    const facts = databaseFacts({ tables: [tableFacts({ name: 'public.late', hasReplicaIdentity: false })] })
    const given = { waivers: { 'public.late': 'only ever added to' } }
    expect(obstacles(facts, given)).toEqual([])
    expect(obstacles(facts, { moment: 'precheck', ...given })[0]?.message.en).toMatch(
      /run the "postgres-replicate" step again/,
    )
  })

  it('lets large objects be copied, by name; by pattern when there were some in the assessment', () => {
    const byPattern = [{ rule: 'large-objects', pattern: '*', reason: 'seals of old permits' }]
    expect(copiesLargeObjects({ waivers: { 'large-objects': 'read only' } })).toBe(true)
    expect(copiesLargeObjects({ waivers: { 'public.permit': 'read only' } })).toBe(false)
    expect(copiesLargeObjects({ waivers: byPattern })).toBe(true)
    expect(copiesLargeObjects({ waivers: byPattern, wasWaived: () => false })).toBe(false)
  })
})
