import { describe, expect, it } from '@jest/globals'
import { keepAssessment } from '../../activities/discovery.ts'
import type { Finding } from '../../domain/assessment/finding.ts'
import { planSizeProblems } from '../../domain/plan/rules.ts'
import { FactStore } from '../../storage/facts.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { ReportStore } from '../../storage/reports.ts'
import { useDatabase } from '../support/database.ts'
import { databaseFacts, foundInSystem, tableFacts } from '../support/facts.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { samplePlanV1 } from '../support/plan-v1.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const storage = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(storage, temporal)

const tableCount = 6_000
const tables = Array.from({ length: tableCount }, (_, n) =>
  tableFacts({ name: `archive.applications_${String(n)}`, hasPrimaryKey: false, hasReplicaIdentity: false }),
)
/** Temporal warns from 512 KiB a payload on. */
const comfortableBytes = 64 * 1024

paper.activities.discover = async ({ plan: { waivers } }) =>
  keepAssessment(new FactStore(storage.pool), foundInSystem({ database: databaseFacts({ tables }), waivers }))

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
/** As many as a plan can hold. */
const waived = tables.slice(0, 4_800).map(({ name }) => name)

describe('a system with thousands of tables without a key', () => {
  it('comes through its assessment, and every finding is in the report people sign', async () => {
    const waivers = Object.fromEntries(waived.map((name) => [name, 'only ever added to']))
    const plan = { ...samplePlanV1(), system: nextPlan().system, waivers }
    expect(planSizeProblems(plan)).toEqual([])
    const move = await Move.launch(temporal.env.client, storage.pool, plan)
    const m = await move.toRecognition()

    expect(m.assessment?.findings).toEqual([
      { code: 'table-without-key', severity: 'critical', places: tableCount, waived: waived.length },
    ])
    expect(m.tasks[0]?.reasons).toEqual({ 'table-without-key': 'known' })
    const text = await new FactStore(storage.pool).text(m.assessment?.findingsDigest ?? '')
    const findings = JSON.parse(text) as Finding[]
    expect(findings.map(({ subject }) => subject)).toEqual(tables.map(({ name }) => name))
    expect(findings[0]?.waiver).toBe('only ever added to')

    const details = Object.fromEntries(m.tasks.map((task) => [task.kind, task.details]))
    expect(details).toMatchObject({
      'accept-findings': { critical: tableCount, warnings: 0 },
      'adapt-code': { findings: [{ code: 'table-without-key', places: tableCount }] },
    })
    expect(sizeOf({ ...m, plan: 'apart' })).toBeLessThan(comfortableBytes)
    const [, ...afterLaunch] = await new MigrationStore(storage.pool).events(m.migration)
    for (const event of afterLaunch) expect(sizeOf(event)).toBeLessThan(comfortableBytes)

    const report = await new ReportStore(storage.pool).get(m.migration, m.report?.digest ?? '')
    expect(JSON.parse(report.text)).toMatchObject({
      assessment: { findings, findingsDigest: m.assessment?.findingsDigest },
    })
    await move.toCutover()
  }, 90_000)
})
