import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type AssessedDataset, assess } from '../../../domain/assessment/assessment.ts'
import { endOfLife } from '../../../domain/assessment/end-of-life.ts'
import { Findings } from '../../../api/contract.ts'
import { type Finding, findingSaid, remedySaid } from '../../../domain/assessment/finding.ts'
import type { HostFacts } from '../../../domain/assessment/host-facts.ts'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { isKnown } from '../../../domain/words/said.ts'
import { hostFacts, withMore } from '../../support/facts.ts'

/** One fault each: what the facts then say, and what is found. */
interface Fault {
  readonly code: string
  readonly severity: 'critical' | 'warning' | 'information'
  readonly subject: string
  readonly host: (facts: HostFacts) => Partial<HostFacts>
}

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
    code: 'started-again',
    severity: 'warning',
    subject: 'old: /etc/logrotate.d/desk',
    host: () => ({
      starters: [{ by: 'logrotate', place: '/etc/logrotate.d/desk', command: 'systemctl restart desk' }],
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

function hostWith(chosen: readonly Fault[]): HostFacts {
  return chosen.reduce((host, fault) => withMore(host, fault.host(host)), hostFacts())
}

function dataset(findings: readonly Partial<Finding>[], upgrades: readonly string[] = []): AssessedDataset {
  const text = { zh: '发现', en: 'found' }
  return {
    dataset: 'records',
    upgrades,
    findings: findings.map((one) => ({
      code: 'table-without-key',
      severity: 'critical',
      subject: 'public.visit_log',
      message: text,
      action: text,
      ...one,
    })),
  }
}

const judged = (
  hosts: readonly HostFacts[],
  datasets: readonly AssessedDataset[] = [],
  waivers: Waivers = [],
) => assess({ hosts, datasets, waivers })

describe('assess', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(judged([hostFacts()], [dataset([])])).toMatchObject({
      findings: [],
      waivers: [],
      readinessScore: 100,
      disposition: 'relocate',
    })
  })

  it.each(faults.map((fault) => [fault.code, fault] as const))(
    'finds %s alone, in both languages',
    (_code, fault) => {
      const { findings } = judged([hostWith([fault])])
      expect(findings).toMatchObject([{ code: fault.code, severity: fault.severity, subject: fault.subject }])
      for (const text of [findings[0]?.message, findings[0]?.action]) {
        expect(text?.zh).toMatch(/\p{Script=Han}/u)
        expect(text?.en).not.toMatch(/\p{Script=Han}|undefined/u)
      }
    },
  )

  it('sends each finding of a host as its code and values, which the catalogue says as the text that comes along', () => {
    const { findings } = judged([hostWith(faults)])
    for (const one of findings) {
      const { code, values = {}, remedy, message, action } = one
      for (const language of ['zh', 'en'] as const) {
        expect([isKnown(language, { code, values }), remedy && isKnown(language, remedy)]).toEqual([
          true,
          true,
        ])
        expect(findingSaid(language, one)).toBe(message[language])
        expect(remedySaid(language, one)).toBe(action[language])
      }
    }
    expect(findings.map(({ values }) => values)).toContainEqual({ host: 'old', mount: '/data', percent: 95 })
  })

  it('never scores higher for one fault more, of a host or of a dataset', () => {
    const found = fc.record({
      severity: fc.constantFrom('critical', 'warning', 'information'),
    }) as fc.Arbitrary<Partial<Finding>>
    fc.assert(
      fc.property(
        fc.subarray([...faults]),
        fc.constantFrom(...faults),
        fc.array(found, { maxLength: 8 }),
        found,
        (some, one, inDataset, oneMore) => {
          const before = judged([hostWith(some)], [dataset(inDataset)]).readinessScore
          const after = judged([hostWith([...some, one])], [dataset(inDataset)]).readinessScore
          const later = judged([hostWith(some)], [dataset([...inDataset, oneMore])]).readinessScore
          expect(Math.max(after, later)).toBeLessThanOrEqual(before)
          expect(Math.min(after, later)).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('takes what every host and every dataset has, critical findings first', () => {
    const { findings } = judged(
      [
        hostWith(faults),
        hostFacts({ host: 'second', unknown: [{ topic: 'packages', reason: 'timed out' }] }),
      ],
      [dataset([{ severity: 'information' }, {}]), dataset([{ severity: 'warning' }, {}])],
    )
    const severities = findings.map(({ severity }) => severity)
    expect(severities).toEqual(severities.toSorted((a, b) => rank(a) - rank(b)))
    expect(findings).toHaveLength(faults.length + 5)
  })

  it('counts what each waiver with a pattern covers, and charges nothing for what is waived', () => {
    const waivers = [
      { rule: 'table-without-key', pattern: 'archive.*', reason: 'only ever added to' },
      { rule: 'unlogged-table', pattern: 'archive.*', reason: 'empty every morning' },
      { rule: '*', pattern: 'public.visit_log', reason: 'only ever added to' },
    ]
    const waived = { waiver: 'only ever added to' }
    const { readinessScore, waivers: covered } = judged(
      [hostFacts()],
      [
        dataset([
          { waiverName: 'archive.y1', ...waived },
          { waiverName: 'archive.y2', ...waived },
          { waiverName: 'public.visit_log', ...waived },
        ]),
      ],
      waivers,
    )
    expect(readinessScore).toBe(100)
    expect(covered).toEqual([
      { rule: 'table-without-key', pattern: 'archive.*', covered: 2 },
      { rule: 'unlogged-table', pattern: 'archive.*', covered: 0 },
    ])
  })

  it.each([
    ['relocate', [], [], []],
    ['rehost', [written('ip-address', '/etc/app.conf', '10.1.1.1')], [], []],
    ['replatform', [written('ip-address', '/etc/app.conf', '10.1.1.1')], [ended], []],
    ['replatform', [], [], ['PostgreSQL 15.20 → 18.4']],
    ['refactor', [written('ip-address', '/srv/app/main.js', '10.1.1.1')], [ended], ['PostgreSQL 15.20']],
  ])('proposes to %s by the first rule that fits', (way, hardCoded, runtimes, upgrades) => {
    const found = judged([hostFacts({ hardCoded, runtimes })], [dataset([], upgrades)])
    expect(found.disposition).toBe(way)
    expect(found.dispositionReason.zh).not.toBe('')
    const said = way === 'replatform' ? upgrades : []
    expect(said.filter((upgrade) => !found.dispositionReason.en.includes(upgrade))).toEqual([])
  })

  it('does not count an ended runtime that is installed but that nobody declares', () => {
    const runtimes = [{ ...ended, declared: false, source: 'installed' }]
    expect(judged([hostFacts({ runtimes })]).findings).toEqual([])
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

describe('a finding', () => {
  const stored = {
    code: 'disk-nearly-full',
    severity: 'warning',
    subject: 'old:/data',
    message: { zh: '磁盘将满。', en: 'The disk is nearly full.' },
    action: { zh: '请清理。', en: 'Make room.' },
  } as const

  it('that was stored without values is read, and said by the text that came along', () => {
    const [read] = Findings.parse([stored])
    expect(read && [findingSaid('zh', read), remedySaid('en', read)]).toEqual(['磁盘将满。', 'Make room.'])
  })

  it('is said from the catalogue by its code and values, and by its text where the catalogue misses one', () => {
    const values = { host: 'old', mount: '/data', percent: 95 }
    expect(findingSaid('zh', { ...stored, values })).toBe('主机“old”的“/data”已使用 95%。')
    expect(findingSaid('zh', { ...stored, values: { host: 'old' } })).toBe('磁盘将满。')
    expect(findingSaid('zh', { ...stored, code: 'of-a-newer-program', values })).toBe('磁盘将满。')
  })
})

function rank(severity: string): number {
  return ['critical', 'warning', 'information'].indexOf(severity)
}
