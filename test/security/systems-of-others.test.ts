import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ensureAccounts } from '../../storage/accounts.ts'
import { AuditLog } from '../../storage/audit.ts'
import { PlanStore } from '../../storage/plans.ts'
import { SystemStore } from '../../storage/systems.ts'
import { actors } from '../support/actors.ts'
import { movesOver } from '../support/api-move.ts'
import { useMoves } from '../support/moves.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const { api } = useMoves()
const at = { system: 'permit-desk' }
const { until } = movesOver(api, at)

const row = {
  system: 'permit-desk',
  name: '许可受理',
  department: 'permit-bureau',
  vendor: 'permit-soft',
  mlpsLevel: 2,
  classified: false,
}
/** Five organisations that have nothing to do with the permit desk. */
const ofOthers = {
  owner: 'permit-bureau',
  provider: 'other-cloud',
  vendor: 'permit-soft',
  coordinator: 'other-office',
  operations: 'other-centre',
}
const attacker = { as: 'otherCoordinator' } as const

const ledger = async () => new SystemStore(api.pool).get('permit-desk')

beforeAll(async () => {
  await api.call('importSystems', { as: 'coordinator', body: [row] })
  await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })
  await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
  await until('findings', (m) => m.tasks.some(({ state }) => state === 'open'))
}, 120_000)

describe('a coordinator of another programme', () => {
  it.each([
    ['another department', { department: 'water-bureau' }],
    ['no department but its own', { department: 'other-office' }],
    ['classified', { classified: true }],
    ['of another level', { mlpsLevel: 5 }],
    ['of another vendor', { vendor: 'other-soft' }],
  ])('cannot import the system anew as %s while it moves', async (_, change) => {
    const before = await ledger()
    const body = [{ ...row, ...change }]
    for (const query of [{}, { partial: 'true' }] as const)
      await api.send('importSystems', { ...attacker, body, query })
    expect(await ledger()).toEqual(before)
    const { standing } = await api.call('showMigration', { as: 'owner', params: at })
    expect(standing).toBe('moving')
  })

  it('cannot import a new system of a department that is another programme’s', async () => {
    const body = [{ ...row, system: 'permit-archive' }]
    const refused = await api.refused('importSystems', { ...attacker, body })
    expect(refused).toMatchObject({ status: 400, problems: [{ path: '1.system' }] })
    expect(refused.detail).toMatch(/"permit-archive" is not yours to write/)
  })

  it('takes its own rows of a list that holds others’', async () => {
    const own = { ...row, system: 'water-desk', department: 'water-bureau' }
    const query = { partial: 'true' }
    const answer = await api.call('importSystems', { ...attacker, query, body: [row, own] })
    expect(answer.rows.map(({ outcome }) => outcome)).toEqual(['problem', 'created'])
  })

  it.each([
    ['organisations of its own', ofOthers],
    ['its own office alone', { ...samplePlanInput().organisations, coordinator: 'other-office' }],
    ['everybody’s own names', samplePlanInput().organisations],
  ])('gets 404 for a plan of the system with %s', async (_, organisations) => {
    const body = samplePlanInput({ plan: 'mine-now', organisations })
    const refused = await api.refused('createPlan', { ...attacker, body })
    expect(refused).toMatchObject({ status: 404, code: 'unknown-system' })
    const { plans } = await api.call('listPlans', { as: 'auditor' })
    expect(plans.map(({ plan }) => plan)).not.toContain('mine-now')
  })

  it.each([
    ['launchMigration', { body: { plan: 'permit-desk-plan' } }],
    ['showPlan', { params: { plan: 'permit-desk-plan' } }],
    ['planPlaybook', { params: { name: 'permit-desk-deploy' }, body: { plan: 'permit-desk-plan' } }],
    ['runPlaybook', { params: { name: 'permit-desk-deploy' }, body: { plan: 'permit-desk-plan' } }],
    ['showMigration', { params: at }],
    ['abort', { params: at, body: { reason: 'it is mine now' } }],
    ['listEvents', { params: at }],
    ['showSystem', { params: at }],
  ] as const)('gets 404 from %s of the move', async (name, call) => {
    expect(await api.refused(name, { ...attacker, ...call })).toMatchObject({ status: 404 })
  })

  it('sees nothing of it in any list', async () => {
    expect(await api.call('listPlans', attacker)).toEqual({ plans: [] })
    expect(await api.call('listMigrations', attacker)).toEqual({ migrations: [] })
    expect(await api.call('listTasks', { ...attacker, query: { all: 'true' } })).toEqual({ tasks: [] })
    const { systems } = await api.call('listSystems', attacker)
    expect(systems.map(({ system }) => system)).toEqual(['water-desk'])
  })

  it('is told of a place that it is taken, and not by whom', async () => {
    const own = { ...row, system: 'water-portal', department: 'water-bureau' }
    await api.call('importSystems', { ...attacker, body: [own] })
    const parts = { ...ofOthers, owner: 'water-bureau' }
    const mine = samplePlanInput({ plan: 'water-plan', system: 'water-portal', organisations: parts })
    await api.call('createPlan', { ...attacker, body: mine })
    const { hosts, datasets, applications, endpoints } = samplePlanInput()
    const body = { ...mine, plan: 'on-their-hosts', hosts, datasets, applications, endpoints }
    const refused = await api.refused('createPlan', { ...attacker, body })
    expect(refused.status).toBe(400)
    expect(refused.detail).toContain('127.0.0.11:5432/permit_desk", which a move of others works on')
    expect(JSON.stringify(refused)).not.toMatch(/permit-desk-(1|plan)/)
    // As if it had been made before the other one began.
    const plans = new PlanStore(api.pool)
    const { content } = await plans.get('permit-desk-plan')
    const before = { ...content, plan: 'made-before', system: 'water-portal', organisations: parts }
    await plans.create(before, actors.coordinator, Date.now())
    const launched = await api.refused('launchMigration', { ...attacker, body: { plan: 'made-before' } })
    expect(launched).toMatchObject({ status: 409, code: 'places-of-others' })
    expect(JSON.stringify(launched)).not.toMatch(/permit-desk-(1|plan)/)
  })

  it('cannot launch it after an abort, and the owner goes on seeing it', async () => {
    await api.call('abort', { as: 'coordinator', params: at, body: { reason: 'a pause of months' } })
    await until('aborted', ({ standing }) => standing === 'aborted')
    const body = samplePlanInput({ plan: 'after-abort', organisations: ofOthers })
    expect(await api.refused('createPlan', { ...attacker, body })).toMatchObject({ status: 404 })
    const launch = { ...attacker, body: { plan: 'permit-desk-plan' } }
    expect(await api.refused('launchMigration', launch)).toMatchObject({ status: 404 })
    expect(await api.call('showMigration', { as: 'owner', params: at })).toMatchObject({
      standing: 'aborted',
    })
    const entries = await new AuditLog(api.pool).list(0, 1000)
    const refusals = entries.filter(({ entry }) => entry.kind === 'refusal').map(({ entry }) => entry.actor)
    expect(refusals).toContainEqual(expect.objectContaining({ account: 'coordinator-xu' }))
  })
})

describe('a coordinator of the same office', () => {
  const token = 't'.repeat(43)
  const as = { headers: { authorization: `Bearer ${token}` } }

  beforeAll(async () => {
    const who = { ...actors.coordinator, account: 'coordinator-narrow', name: '窄' }
    const tokenHash = createHash('sha256').update(token).digest('hex')
    const scope = { programme: 'coordination-office', departments: ['archive-office'] }
    await ensureAccounts(api.pool, [{ ...who, tokenHash, scope }])
  })

  it('acts for the departments it was given, and for no others', async () => {
    const own = { ...row, system: 'archive-desk', department: 'archive-office' }
    expect((await api.send('importSystems', { ...as, body: [own] })).status).toBe(200)
    expect(
      (await api.send('importSystems', { ...as, body: [{ ...own, department: 'tax-office' }] })).status,
    ).toBe(400)
    expect((await api.send('importSystems', { ...as, body: [{ ...row, name: '改名' }] })).status).toBe(400)
    expect((await api.send('createPlan', { ...as, body: samplePlanInput({ plan: 'narrow' }) })).status).toBe(
      404,
    )
    expect((await api.send('launchMigration', { ...as, body: { plan: 'permit-desk-plan' } })).status).toBe(
      404,
    )
    expect((await api.send('showMigration', { ...as, params: at })).status).toBe(404)
  })
})

describe('a plan by the right coordinator', () => {
  it.each(['owner', 'vendor'] as const)('cannot name another %s than the ledger', async (part) => {
    const organisations = { ...samplePlanInput().organisations, [part]: 'other-soft' }
    const body = samplePlanInput({ plan: 'other-parties', organisations })
    const refused = await api.refused('createPlan', { as: 'coordinator', body })
    expect(refused).toMatchObject({ status: 400, problems: [{ path: `organisations.${part}` }] })
  })
})

describe('the audit log', () => {
  const read = async (as: 'coordinator' | 'otherCoordinator' | 'auditor') => {
    const { lines } = await api.call('listAudit', { as, query: { after: '0', limit: '1000' } })
    return lines.map(({ entry }) => entry)
  }

  it('shows a coordinator what it acts for, and its own refusals, and nothing of others', async () => {
    const [all, own, others] = [
      await read('auditor'),
      await read('coordinator'),
      await read('otherCoordinator'),
    ]
    const ofMove = (entries: typeof all) => entries.filter(({ subject }) => subject === 'permit-desk-1')
    expect(ofMove(own)).toEqual(ofMove(all))
    expect(ofMove(own).length).toBeGreaterThan(0)
    expect(own.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['system-imported', 'plan-created', 'launch-requested', 'event']),
    )
    const foreign = others.filter(
      ({ kind, actor, detail }) =>
        (actor ?? detail)['organisation'] !== 'other-office' &&
        kind !== 'system-imported' &&
        // What others tried to do with its own systems is its to read.
        !String(detail['system']).startsWith('water-'),
    )
    expect(foreign).toEqual([])
    expect(JSON.stringify(others.filter(({ kind }) => kind !== 'refusal'))).not.toContain('permit-desk')
    expect(others.some(({ kind }) => kind === 'refusal')).toBe(true)
    expect(
      own.filter(({ kind, actor }) => kind === 'refusal' && actor?.organisation === 'other-office'),
    ).toEqual([])
  })

  it('is exported and verified as a whole by auditors alone', async () => {
    for (const name of ['exportAudit', 'verifyAudit'] as const)
      for (const as of ['coordinator', 'otherCoordinator'] as const)
        expect(await api.refused(name, { as })).toMatchObject({ status: 403, code: 'role-not-allowed' })
  })

  it('is looked through page by page, also where nothing of a page is to be read', async () => {
    const page = await api.call('listAudit', { as: 'otherCoordinator', query: { after: '0', limit: '1' } })
    expect(page.lines).toHaveLength(1)
    expect(page.through).toBeGreaterThanOrEqual(page.lines[0]!.entry.sequence)
    const end = await api.call('listAudit', { as: 'otherCoordinator', query: { after: String(page.newest) } })
    expect(end).toMatchObject({ lines: [], more: false, through: page.newest })
  })
})
