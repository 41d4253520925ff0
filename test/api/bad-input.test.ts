import { beforeAll, describe, expect, it } from '@jest/globals'
import { useApi } from '../support/api.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { refusedRequests, system } from './refused-requests.ts'

const api = useApi()

beforeAll(async () => {
  await api.call('importSystems', { as: 'coordinator', body: [system] })
})

/** Everything a request could have changed; the audit log of refusals aside. */
async function stored(): Promise<unknown> {
  const tables = ['system', 'plan', 'launch', 'migration', 'event', 'evidence']
  const { rows } = await api.pool.query(
    tables
      .map((table) => `select '${table}' as name, count(*)::int as rows from ${table}`)
      .join(' union all '),
  )
  return rows
}

describe('bad input', () => {
  it.each(refusedRequests)(
    '%s is refused with a sentence, and changes nothing',
    async (_, name, call, status, code, says) => {
      const before = await stored()
      const problem = await api.refused(name, { as: 'coordinator', ...call })
      expect(problem).toMatchObject({ status, code, type: `urn:qianyun:problem:${code}` })
      expect(problem.detail).toMatch(says)
      expect(problem.detail).toMatch(/\.$/)
      expect(await stored()).toEqual(before)
    },
  )

  it.each([
    'application/json\t',
    'application/jsonx',
    ' application/json ; charset=utf-8; x="',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, text/plain',
    'text/json',
    'application/ld+json',
    'APPLICATION/JSONP',
  ])('content type "%s" never reaches a route unchecked', async (type) => {
    const body = '{"plan":"nobody","extra":true}'
    const problem = await api.refused('launchMigration', {
      as: 'coordinator',
      body,
      headers: { 'content-type': type },
    })
    expect([400, 415]).toContain(problem.status)
  })

  it('an address that is none is refused', async () => {
    const answer = await fetch(`${api.url}/migrations/%ff`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  it('a route that is none is not found', async () => {
    const answer = await fetch(`${api.url}/nothing/here`)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'unknown-route' })
  })

  it('names every problem of a plan at once: of its schema', async () => {
    const { hosts, ...rest } = samplePlanInput()
    const problem = await api.refused('createPlan', {
      as: 'coordinator',
      body: { ...rest, plan: 'No Name', hosts: { ...hosts, source: { ...hosts.source, port: 0 } }, extra: 1 },
    })
    expect(problem.problems?.map(({ path }) => path).sort()).toEqual(['', 'hosts.source.port', 'plan'])
  })

  it('names every problem of a plan at once: a policy under the floors, an owner unlike the ledger’s, unknown playbooks', async () => {
    const before = await stored()
    const input = samplePlanInput()
    const problem = await api.refused('createPlan', {
      as: 'coordinator',
      body: {
        ...input,
        organisations: { ...input.organisations, owner: 'water-bureau' },
        playbooks: { ...input.playbooks, deploy: 'not-there' },
        policy: {
          profile: 'production',
          retention: { months: 2 },
          trialRun: { seconds: 5 },
          parties: ['owner'],
        },
      },
    })
    expect(problem).toMatchObject({ status: 422, code: 'policy-under-floor' })
    expect(problem.problems?.map(({ path }) => path)).toEqual([
      'policy.parties',
      'policy.retention',
      'policy.trialRun',
      'organisations.owner',
      'playbooks.deploy',
    ])
    expect(await stored()).toEqual(before)
  })

  it.each([
    ['removes nothing', 'system-rollback', /no step of kind "wipe": nothing would remove the old data/],
    ['is no playbook', 'permit-desk-deploy', /is no playbook; "playbook lint" says/],
  ])('refuses a plan whose close playbook %s', async (_, close, says) => {
    const before = await stored()
    const input = samplePlanInput()
    const body = { ...input, playbooks: { ...input.playbooks, close } }
    const problem = await api.refused('createPlan', { as: 'coordinator', body })
    expect(problem).toMatchObject({ status: 400, code: 'invalid-input' })
    expect(problem.problems).toMatchObject([
      { path: 'playbooks.close', message: expect.stringMatching(says) },
    ])
    expect(problem.problems?.[0]?.message).toContain(`is "${close}"`)
    expect(await stored()).toEqual(before)
  })

  it('says that Temporal does not answer when it does not, and keeps the caller’s request repeatable', async () => {
    await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })
    const launch = {
      as: 'coordinator',
      body: { plan: 'permit-desk-plan' },
      headers: { 'idempotency-key': 'launch-0001' },
    } as const
    const problem = await api.refused('launchMigration', launch)
    expect(problem.status).toBe(503)
    expect(['temporal-unavailable', 'not-answered-in-time']).toContain(problem.code)
    const health = await api.send('health')
    expect(health.status).toBe(503)
    expect(health.headers.get('retry-after')).toBe('1')
  })
})
