import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { System } from '../../domain/ledger/system.ts'
import { SystemStore } from '../../storage/systems.ts'
import { actors } from '../support/actors.ts'
import { useMoves } from '../support/moves.ts'
import { movesOver } from '../support/api-move.ts'
import { useCli } from '../support/cli.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const { api } = useMoves({ lookEveryMs: 200 })
const cli = useCli(api)
const at = { system: 'permit-desk' }
const { look, until } = movesOver(api, at)
const row = { ...at, name: '许可受理', department: 'permit-bureau', mlpsLevel: 2, classified: false }
const asCoordinator = { as: 'coordinator' } as const
const importing = (change: Partial<Record<keyof typeof row, unknown>>) =>
  api.call('importSystems', { ...asCoordinator, body: [{ ...row, ...change }] })
const resume = { ...asCoordinator, params: at, body: {} }

beforeAll(async () => {
  await importing({})
  await api.call('createPlan', { ...asCoordinator, body: samplePlanInput() })
}, 60_000)

describe('a ledger that changed since the plan was made', () => {
  it('keeps the plan from being launched, also where the policy would let the level go', async () => {
    await importing({ mlpsLevel: 3 })
    const refused = await api.refused('launchMigration', {
      ...asCoordinator,
      body: { plan: 'permit-desk-plan' },
    })
    expect(refused).toMatchObject({ status: 400, code: 'invalid-input' })
    expect(refused.detail).toContain(
      'The ledger has the MLPS level as "3"; the move was planned for 2 at most.',
    )
    await importing({ department: 'archive-office' })
    const other = await api.refused('launchMigration', {
      ...asCoordinator,
      body: { plan: 'permit-desk-plan' },
    })
    expect(other.problems?.map(({ path }) => path)).toEqual(['organisations.owner'])
    await importing({})
    await api.call('launchMigration', { ...asCoordinator, body: { plan: 'permit-desk-plan' } })
    await until('findings', (m) => m.tasks.some(({ id }) => id === 'accept-findings'))
  })
})

describe('a re-import while the move runs', () => {
  it.each([
    ['makes the system classified', { classified: '是' }, 'classified', 'true'],
    ['says that nobody knows', { classified: '' }, 'classified', 'unknown'],
    ['raises its level above the plan’s', { mlpsLevel: '三级' }, 'mlpsLevel', '3'],
    ['raises its level above the policy’s', { mlpsLevel: 5 }, 'mlpsLevel', '5'],
    ['gives it another owner', { department: 'archive-office' }, 'department', 'archive-office'],
  ])('that %s holds it, tells why, and a correction lets it go on', async (_, change, cell, found) => {
    const answer = await importing(change)
    expect(answer.moves).toEqual([{ ...at, migration: 'permit-desk-1', told: true }])
    const held = await until('held', ({ standing }) => standing === 'on-hold')
    expect(held.ledger?.contradictions).toMatchObject([{ cell, found }])
    expect(held.waitingFor[0]).toEqual({
      code: 'ledger-contradiction',
      roles: ['coordinator'],
      subject: cell,
    })
    const told = held.tasks.filter((t) => t.kind === 'acknowledge-ledger-change' && t.state === 'open')
    expect(told.slice(-3).map(({ assignee }) => assignee.role)).toEqual(['owner', 'provider', 'coordinator'])
    const refused = await api.refused('resume', resume)
    expect(refused).toMatchObject({ status: 409, code: 'ledger-contradicts' })
    expect(refused.detail).toContain(`"${found}"`)
    const shown = await cli.as('owner', 'migration', 'show', 'permit-desk', '--lang', 'zh')
    expect(shown.stdout).toContain('迁移已暂缓，签署已作废')
    await importing({})
    await until('corrected', ({ ledger }) => ledger === undefined)
    expect((await look()).standing).toBe('on-hold')
    await api.call('resume', resume)
    await until('moving', ({ standing }) => standing === 'moving')
  })

  it('that the move was not told of, since Temporal was away, is told at the next look', async () => {
    await new SystemStore(api.pool).import(
      [System.parse({ ...row, classified: true })],
      actors.coordinator,
      1,
    )
    await until('held', ({ standing }) => standing === 'on-hold')
    await new SystemStore(api.pool).import([System.parse(row)], actors.coordinator, 2)
    await until('corrected', ({ ledger }) => ledger === undefined)
    await api.call('resume', resume)
    expect((await until('moving', ({ standing }) => standing === 'moving')).ledger).toBeUndefined()
  })

  it('that changes what no move rests on changes nothing in it', async () => {
    const before = await look()
    expect((await importing({ name: '许可受理（新）', mlpsLevel: 1 })).moves).toBeUndefined()
    await sleep(500)
    expect((await look()).sequence).toBe(before.sequence)
    await importing({})
  })
})
