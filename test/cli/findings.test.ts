import { beforeAll, describe, expect, it } from '@jest/globals'
import { keepAssessment } from '../../activities/discovery.ts'
import { FactStore } from '../../storage/facts.ts'
import { movesOver } from '../support/api-move.ts'
import { useCli } from '../support/cli.ts'
import { databaseFacts, foundInSystem, tableFacts } from '../support/facts.ts'
import { useMoves } from '../support/moves.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const { api, room } = useMoves()
const cli = useCli(api)
const { until } = movesOver(api, { system: 'permit-desk' })

const tables = Array.from({ length: 1_200 }, (_, n) =>
  tableFacts({ name: `archive.year_${String(n)}`, hasPrimaryKey: false, hasReplicaIdentity: false }),
)
room.activities.discover = async ({ plan: { waivers } }) =>
  keepAssessment(new FactStore(api.pool), foundInSystem({ database: databaseFacts({ tables }), waivers }))

beforeAll(async () => {
  const system = {
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { as: 'coordinator', body: [system] })
  const rule = 'table-without-key'
  const waivers = [
    { rule, pattern: 'archive.year_7', reason: 'only ever added to' },
    { rule, pattern: 'archive.year_110*', reason: 'closed for good' },
  ]
  await api.call('createPlan', { as: 'coordinator', body: samplePlanInput({ waivers }) })
  await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
  await until('findings', (m) => m.tasks.length === 1)
}, 60_000)

describe('the findings of a move', () => {
  it('are accepted with a reason for each that is critical and open', async () => {
    const complete = async (...reasons: string[]) =>
      cli.run([
        'task',
        'complete',
        'permit-desk',
        'accept-findings',
        '--note',
        'read',
        ...reasons,
        '--context',
        'owner',
      ])
    await cli.as('owner', 'task', 'take', 'permit-desk', 'accept-findings')
    const shown = await cli.as('owner', 'task', 'show', 'permit-desk', 'accept-findings')
    expect(shown.stdout).toContain('a reason for "table-without-key" (1188)')
    expect(shown.stdout).toContain('--note "…" --finding table-without-key="…"')

    const without = await complete()
    expect([without.exitCode, without.stderr]).toEqual([1, expect.stringContaining('table-without-key')])
    const other = await complete('--finding', 'table-without-key=filled once', '--finding', 'no-such=at all')
    expect([other.exitCode, other.stderr]).toEqual([1, expect.stringContaining('no-such')])
    const mute = await complete('--finding', 'table-without-key=…')
    expect([mute.exitCode, mute.stderr]).toEqual([1, expect.stringContaining('reasons.table-without-key')])
    const noPair = await complete('--finding', 'filled once')
    expect([noPair.exitCode, noPair.stderr]).toEqual([2, expect.stringContaining('not name=value')])
    expect(
      (await api.call('showMigration', { as: 'owner', params: { system: 'permit-desk' } })).tasks[0]?.state,
    ).toBe('taken')

    const done = await complete('--finding', 'table-without-key=归档表，只追加=不修改')
    expect([done.exitCode, done.stderr]).toEqual([0, ''])
    const after = await cli.as('owner', 'task', 'show', 'permit-desk', 'accept-findings')
    expect(after.stdout).toContain('table-without-key: 归档表，只追加=不修改')
  })

  it('are counted where the move is shown', async () => {
    const { stdout } = await cli.as('owner', 'migration', 'show', 'permit-desk')
    expect(stdout).toMatch(/1200 critical, 0 warnings, 0 for information \(12 waived\)/)
  })

  it('tell how many objects a waiver with a pattern covered', async () => {
    const { stdout } = await cli.as('owner', 'migration', 'show', 'permit-desk')
    expect(stdout).toContain('"archive.year_110*": covers 11')
    expect(stdout).not.toContain('"archive.year_7"')
  })

  it('are told one by one, all of them, where the owner is to accept them', async () => {
    const { stdout } = await cli.as('owner', 'task', 'show', 'permit-desk', 'accept-findings')
    for (const { name } of tables) expect(stdout).toContain(`critical  ${name}  table-without-key`)
    expect(stdout).toContain('Table "archive.year_1199" has no primary key')
    expect(stdout).toMatch(/archive\.year_7" has no primary key[^\n]*\n[^\n]*only ever added to/)
  })
})
