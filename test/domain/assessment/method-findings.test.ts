import { describe, expect, it } from '@jest/globals'
import { assess } from '../../../domain/assessment/assessment.ts'
import type { ChosenMethods } from '../../../domain/assessment/method-findings.ts'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import type { Endpoint } from '../../../domain/plan/endpoint.ts'
import { methodsOf } from '../../../domain/plan/method.ts'
import { families, familiesInPlans } from '../../../families/index.ts'
import { hostFacts } from '../../support/facts.ts'

const programs = families.flatMap(({ name: family, program }) => (program ? [{ family, program }] : []))
const place = { host: 'old', paths: ['/srv/data'], commands: 'commands', without: [], values: {} }
const direct: Endpoint = { kind: 'none', fronts: 'entries', clients: [] }

const commandsOf = (minutes: number, without: readonly string[] = []) =>
  methodsOf(
    {
      datasets: {
        entries: {
          family: 'commands',
          source: { ...place, without },
          staging: place,
          target: { ...place, host: 'new' },
        },
      },
      endpoints: { entries: direct },
      inputs: { 'longest-stop-minutes': minutes },
    },
    familiesInPlans,
  )

const foundOf = (chosen: Partial<ChosenMethods>, command = 'sshd', waivers: Waivers = []) =>
  assess({
    hosts: [hostFacts({ processes: [{ pid: 7, user: 'postgres', command }] })],
    datasets: [],
    methods: {
      methods: commandsOf(30),
      maxWriteGapMs: 3_600_000,
      onHosts: [{ host: 'old', families: ['commands'] }],
      programs,
      ...chosen,
    },
    waivers,
  }).findings.map(({ code, severity, waiver }) => ({ code, severity, ...(waiver && { waiver }) }))

describe('the method of a dataset', () => {
  it('by commands brings everything back where both sides have what that takes, and else says what is lost', () => {
    expect(commandsOf(30)).toMatchObject([
      { dataset: 'entries', method: 'commands-copied-back', isLossless: true, gapAtMostMs: 1_800_000 },
    ])
    expect(commandsOf(30, ['take'])).toMatchObject([
      { method: 'commands-as-left', isLossless: false, wayBack: { code: 'back-as-left' } },
    ])
  })

  it('whose gap the policy and the ledger allow is no finding', () => {
    expect(foundOf({ acceptableDowntimeMs: 3_600_000 })).toEqual([])
  })

  it('whose gap the policy does not allow is a warning, which a waiver of the plan takes with its reason', () => {
    const over = { methods: commandsOf(90) }
    expect(foundOf(over)).toEqual([{ code: 'gap-over-policy', severity: 'warning' }])
    const waivers = [{ rule: 'gap-over-policy', pattern: 'entries', reason: '停机一夜已商定' }]
    expect(foundOf(over, 'sshd', waivers)).toEqual([
      { code: 'gap-over-policy', severity: 'warning', waiver: '停机一夜已商定' },
    ])
  })

  it('whose gap the ledger does not allow is critical, and so is a policy beyond the ledger told', () => {
    expect(foundOf({ acceptableDowntimeMs: 1_200_000 })).toEqual([
      { code: 'gap-over-ledger', severity: 'critical' },
      { code: 'policy-gap-over-ledger', severity: 'warning' },
    ])
  })

  it.each([
    'postgres: writer process',
    '/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql',
    'postgres',
  ])('that stops a host on which "%s" runs is told the one that does not', (command) => {
    expect(foundOf({}, command)).toEqual([{ code: 'method-other-possible', severity: 'warning' }])
    const planned = { onHosts: [{ host: 'old', families: ['commands', 'postgresql'] }] }
    expect(foundOf(planned, command)).toEqual([])
  })

  it.each(['postgres_exporter --web', '/opt/my-postgres/app', 'vi postgres.conf'])(
    'is not told of "%s"',
    (command) => {
      expect(foundOf({}, command)).toEqual([])
    },
  )
})
