import { describe, expect, it } from '@jest/globals'
import { assess } from '../../../domain/assessment/assessment.ts'
import { wasWaivedIn } from '../../../domain/assessment/assessed-waivers.ts'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { judgeFacts } from '../../../families/postgresql/assess.ts'
import type { DatabaseFacts } from '../../../families/postgresql/facts/database-facts.ts'
import { type Judged, judge, obstaclesIn } from '../../../families/postgresql/census/judge.ts'
import { copiesLargeObjects } from '../../../families/postgresql/census/waivers.ts'
import { factsWith, faults } from '../../support/database-faults.ts'
import { databaseFacts, tableFacts } from '../../support/facts.ts'

const findingsOf = (facts: DatabaseFacts, waivers: Waivers = []) => judgeFacts(facts, { waivers }).findings

const obstacles = (facts: DatabaseFacts, given: Partial<Judged> = {}) =>
  obstaclesIn(judge({ moment: 'replicate', sides: [{ facts, scope: 'all' }], waivers: [], ...given }))

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
    // One of them is named by its server.
    const lifted = [...waivable, 'archiving-fails']
    expect([...all].filter((code) => !left.has(code)).sort()).toEqual(lifted.sort())
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
