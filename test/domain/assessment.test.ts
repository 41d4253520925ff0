import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { assess, replicationObstacles, type AssessmentInput } from '../../domain/assessment/assessment.ts'
import type { DatabaseFacts } from '../../domain/assessment/database-facts.ts'
import { endOfLife } from '../../domain/assessment/end-of-life.ts'
import type { HostFacts } from '../../domain/assessment/host-facts.ts'
import { databaseFacts, hostFacts, tableFacts } from '../support/facts.ts'

/** One fault each: what the facts then say, and what is found. */
interface Fault {
  readonly code: string
  readonly severity: 'critical' | 'warning' | 'information'
  readonly subject: string
  readonly host?: (facts: HostFacts) => Partial<HostFacts>
  readonly database?: (facts: DatabaseFacts) => Partial<DatabaseFacts>
}

const server = databaseFacts().server
const ended = {
  language: 'node',
  version: '12.22.12',
  source: '/srv/app/.nvmrc',
  declared: true,
  endOfLife: '2022-04-30',
}
const written = (kind: 'ip-address' | 'absolute-path', file: string, match: string) => ({
  kind,
  file,
  line: 3,
  match,
  text: match,
})

const faults: readonly Fault[] = [
  {
    code: 'table-without-key',
    severity: 'critical',
    subject: 'public.visit_log',
    database: ({ tables }) => ({
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
    database: ({ tables }) => ({
      tables: [...tables, tableFacts({ name: 'public.queue_ticket', unlogged: true })],
    }),
  },
  {
    code: 'large-objects',
    severity: 'critical',
    subject: 'permit_desk',
    database: () => ({ largeObjects: 1, largeObjectColumns: ['public.permit_type.seal_image'] }),
  },
  {
    code: 'wal-level',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    database: (facts) => ({ server: { ...facts.server, walLevel: 'replica' } }),
  },
  {
    code: 'replication-slots-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    database: (facts) => ({ server: { ...facts.server, usedReplicationSlots: 10 } }),
  },
  {
    code: 'wal-senders-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    database: (facts) => ({ server: { ...facts.server, usedWalSenders: 10 } }),
  },
  {
    code: 'prepared-transactions',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    database: () => ({ preparedTransactions: 2 }),
  },
  {
    code: 'application-role-superuser',
    severity: 'critical',
    subject: 'permit_desk',
    database: () => ({
      roles: [
        {
          name: 'permit_desk',
          login: true,
          superuser: true,
          replication: false,
          memberOf: [],
          tableGrants: {},
        },
      ],
    }),
  },
  {
    code: 'sequence-with-cache',
    severity: 'warning',
    subject: 'public.permit_no_seq',
    database: () => ({
      sequences: [{ name: 'public.permit_no_seq', cache: 20, increment: 1, cycles: false }],
    }),
  },
  {
    code: 'materialised-view',
    severity: 'warning',
    subject: 'public.monthly_summary',
    database: () => ({ materialisedViews: ['public.monthly_summary'] }),
  },
  {
    code: 'trigger-fires-on-replica',
    severity: 'warning',
    subject: 'public.permit.permit_touch',
    database: () => ({ triggers: [{ table: 'public.permit', name: 'permit_touch', enabled: 'always' }] }),
  },
  {
    code: 'trigger',
    severity: 'information',
    subject: 'public.permit.permit_touch',
    database: () => ({ triggers: [{ table: 'public.permit', name: 'permit_touch', enabled: 'origin' }] }),
  },
  {
    code: 'view',
    severity: 'information',
    subject: 'public.permit_overview',
    database: () => ({ views: ['public.permit_overview'] }),
  },
  {
    code: 'event-trigger',
    severity: 'warning',
    subject: 'watch',
    database: () => ({ eventTriggers: ['watch'] }),
  },
  {
    code: 'foreign-table',
    severity: 'warning',
    subject: 'public.elsewhere',
    database: () => ({ foreignTables: ['public.elsewhere'] }),
  },
  {
    code: 'database-end-of-life',
    severity: 'warning',
    subject: '10.20.0.11:5432',
    database: (facts) => ({
      server: { ...facts.server, version: '12.3', major: 12, endOfLife: '2024-11-21' },
    }),
  },
  {
    code: 'os-end-of-life',
    severity: 'warning',
    subject: 'old',
    host: ({ system }) => ({ system: { ...system, name: 'CentOS Linux 7', endOfLife: '2024-06-30' } }),
  },
  {
    code: 'runtime-end-of-life',
    severity: 'warning',
    subject: 'node 12',
    host: ({ runtimes }) => ({ runtimes: [...runtimes, ended] }),
  },
  {
    code: 'hard-coded-address',
    severity: 'warning',
    subject: '/etc/permit-desk.conf',
    host: ({ hardCoded }) => ({
      hardCoded: [...hardCoded, written('ip-address', '/etc/permit-desk.conf', '10.1.1.1')],
    }),
  },
  {
    code: 'hard-coded-path',
    severity: 'warning',
    subject: '/etc/permit-desk.conf',
    host: ({ hardCoded }) => ({
      hardCoded: [...hardCoded, written('absolute-path', '/etc/permit-desk.conf', '/data/uploads')],
    }),
  },
  {
    code: 'disk-nearly-full',
    severity: 'warning',
    subject: 'old:/data',
    host: ({ disks }) => ({
      disks: [...disks, { device: 'vdb', mount: '/data', sizeBytes: 100, usedBytes: 95 }],
    }),
  },
  {
    code: 'scheduled-job',
    severity: 'information',
    subject: 'old: /srv/app/nightly',
    host: () => ({
      jobs: [{ source: 'crontab of app', schedule: '0 3 * * *', command: '/srv/app/nightly' }],
    }),
  },
  {
    code: 'outgoing-connection',
    severity: 'information',
    subject: '10.9.0.1:1521',
    host: () => ({ peers: [{ address: '10.9.0.1', port: 1521, direction: 'out', connections: 2 }] }),
  },
  {
    code: 'topic-unknown',
    severity: 'warning',
    subject: 'old: packages',
    host: ({ unknown }) => ({ unknown: [...unknown, { topic: 'packages', reason: 'timed out' }] }),
  },
]

function withFaults(chosen: readonly Fault[], waivers: Record<string, string> = {}): AssessmentInput {
  let host = hostFacts()
  let database = databaseFacts()
  for (const fault of chosen) {
    host = withMore(host, fault.host?.(host))
    database = withMore(database, fault.database?.(database))
  }
  return { host, database, waivers }
}

/** Lists add up, so that one fault never takes another's place; anything else is replaced. */
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

describe('assess', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(assess(withFaults([]))).toMatchObject({
      findings: [],
      readinessScore: 100,
      disposition: 'relocate',
    })
  })

  it.each(faults.map((fault) => [fault.code, fault] as const))(
    'finds %s alone, in both languages',
    (_code, fault) => {
      const { findings } = assess(withFaults([fault]))
      expect(findings).toMatchObject([{ code: fault.code, severity: fault.severity, subject: fault.subject }])
      for (const text of [findings[0]?.message, findings[0]?.action]) {
        expect(text?.zh).toMatch(/\p{Script=Han}/u)
        expect(text?.en).not.toMatch(/\p{Script=Han}|undefined/u)
      }
    },
  )

  it('never scores higher for one fault more', () => {
    fc.assert(
      fc.property(fc.subarray([...faults]), fc.constantFrom(...faults), (some, one) => {
        const before = assess(withFaults(some)).readinessScore
        const after = assess(withFaults([...some, one])).readinessScore
        expect(after).toBeLessThanOrEqual(before)
        expect(after).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })

  it('names the waiver a finding needs, and takes it', () => {
    const chosen = faults.slice(0, 3)
    const names = assess(withFaults(chosen)).findings.map(({ waiverName }) => waiverName)
    expect(names).toEqual(['public.visit_log', 'public.queue_ticket', 'large-objects'])
    const waivers = Object.fromEntries(names.map((name) => [name ?? '', 'agreed with the owner']))
    const waived = assess(withFaults(chosen, waivers))
    expect(waived.readinessScore).toBe(100)
    expect(waived.findings.map(({ waiver }) => waiver)).toEqual(Array(3).fill('agreed with the owner'))
  })

  it('puts critical findings first', () => {
    const severities = assess(withFaults(faults.toReversed())).findings.map(({ severity }) => severity)
    expect(severities).toEqual(severities.toSorted((a, b) => rank(a) - rank(b)))
  })

  it.each([
    ['relocate', [], []],
    ['rehost', [written('ip-address', '/etc/app.conf', '10.1.1.1')], []],
    ['replatform', [written('ip-address', '/etc/app.conf', '10.1.1.1')], [ended]],
    ['refactor', [written('ip-address', '/srv/app/main.js', '10.1.1.1')], [ended]],
  ])('proposes to %s by the first rule that fits', (way, hardCoded, runtimes) => {
    const found = assess({ host: hostFacts({ hardCoded, runtimes }), database: databaseFacts(), waivers: {} })
    expect(found.disposition).toBe(way)
    expect(found.dispositionReason.zh).not.toBe('')
  })

  it('takes a newer major of the database for a change of platform, and an older one for a fault', () => {
    const of = (version: string, major: number) =>
      assess({
        ...withFaults([]),
        target: databaseFacts({ server: { ...server, version, major }, encoding: 'UTF8' }),
      })
    expect(of('18.4', 18).disposition).toBe('replatform')
    expect(of('14.1', 14).findings.map(({ code }) => code)).toEqual(['target-older'])
  })

  it('does not count an ended runtime that is installed but that nobody declares', () => {
    const runtimes = [{ ...ended, declared: false, source: 'installed' }]
    expect(assess({ ...withFaults([]), host: hostFacts({ runtimes }) }).findings).toEqual([])
  })
})

describe('replicationObstacles', () => {
  const obstacles = faults.filter(
    ({ severity, database }) => severity === 'critical' && database !== undefined,
  )

  it.each(obstacles.map((fault) => [fault.code, fault] as const))(
    'keeps the gate shut for %s',
    (code, fault) => {
      expect(replicationObstacles(withFaults([fault]).database, {}).map((found) => found.code)).toEqual([
        code,
      ])
    },
  )

  it('opens it for what is only a warning', () => {
    const others = faults.filter(({ severity }) => severity !== 'critical')
    expect(replicationObstacles(withFaults(others).database, {})).toEqual([])
  })

  it('lets a waiver lift what can be waived, and nothing else', () => {
    const { database } = withFaults(obstacles)
    const waivers = Object.fromEntries(
      ['public.visit_log', 'public.queue_ticket', 'large-objects', 'wal-level', '10.20.0.11:5432'].map(
        (name) => [name, 'agreed'],
      ),
    )
    expect(replicationObstacles(database, waivers).map(({ code }) => code)).toEqual([
      'wal-level',
      'replication-slots-full',
      'wal-senders-full',
      'prepared-transactions',
      'application-role-superuser',
    ])
  })
})

describe('endOfLife', () => {
  it.each([
    ['debian', '12', '2028-06-30'],
    ['centos', '7.9.2009', '2024-06-30'],
    ['openEuler', '24.03-SP3', '2027-12-31'],
    ['openEuler', '22.03-SP4', '2026-06-30'],
    ['alpine', '3.19.1', '2025-11-01'],
    ['node', 'v12.22.12', '2022-04-30'],
    ['java', '1.8.0_292', '2026-11-30'],
    ['java', '11.0.12+7', '2027-10-31'],
    ['python', '3.11.2', '2027-10-31'],
    ['python', '2.7.18', '2020-01-01'],
    ['php', '7.4.33', '2022-11-28'],
    ['postgresql', '9.6.24', '2021-11-11'],
    ['kylin', 'V10', undefined],
    ['debian', '', undefined],
    ['debian', '99', undefined],
  ])('of %s %s is %s', (product, version, date) => {
    expect(endOfLife(product, version)).toBe(date)
  })
})

function rank(severity: string): number {
  return ['critical', 'warning', 'information'].indexOf(severity)
}
