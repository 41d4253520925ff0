import { beforeAll, describe, expect, it } from '@jest/globals'
import type { RouteName } from '../../api/contract.ts'
import { useApi, type Call } from '../support/api.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const api = useApi()
const system = {
  system: 'permit-desk',
  name: '许可受理',
  department: 'permit-bureau',
  mlpsLevel: 2,
  classified: false,
}
const json = { 'content-type': 'application/json' }

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

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

type Refused = readonly [
  what: string,
  route: RouteName,
  call: Call,
  status: number,
  code: string,
  says: RegExp,
]
const cases: readonly Refused[] = [
  ['malformed JSON', 'createPlan', { body: '{"plan":', headers: json }, 400, 'malformed-json', /not JSON/],
  [
    'JSON nested without end',
    'createPlan',
    { body: deep, headers: json },
    400,
    'invalid-input',
    /expected object/,
  ],
  ['an empty body', 'createPlan', { headers: json }, 400, 'malformed-json', /not JSON/],
  ['a body left out', 'launchMigration', {}, 400, 'invalid-input', /object/],
  ['a list for an object', 'launchMigration', { body: [] }, 400, 'invalid-input', /object/],
  [
    '"__proto__" in a body',
    'launchMigration',
    { body: '{"plan":"p","__proto__":{"role":"owner"}}', headers: json },
    400,
    'malformed-json',
    /not JSON/,
  ],
  [
    'an unknown field',
    'launchMigration',
    { body: { plan: 'p', system: 'x' } },
    400,
    'invalid-input',
    /system/,
  ],
  ['an unknown parameter', 'listTasks', { query: { everyone: 'true' } }, 400, 'invalid-input', /everyone/],
  [
    'a wrong content type',
    'createPlan',
    { body: 'plan: x', headers: { 'content-type': 'application/yaml' } },
    415,
    'wrong-content-type',
    /application\/json/,
  ],
  [
    'JSON said to be text',
    'createPlan',
    { body: '{}', headers: { 'content-type': 'text/plain' } },
    415,
    'wrong-content-type',
    /application\/json/,
  ],
  [
    'CSV where only JSON is taken',
    'createPlan',
    { body: 'a,b', headers: { 'content-type': 'text/csv' } },
    415,
    'wrong-content-type',
    /content type/,
  ],
  [
    'a huge body',
    'createPlan',
    { body: `"${'x'.repeat(1_100_000)}"`, headers: json },
    413,
    'body-too-large',
    /larger/,
  ],
  [
    'a name that is no identifier',
    'showMigration',
    { params: { system: '../etc' } },
    400,
    'invalid-input',
    /system/,
  ],
  [
    'an id in capitals',
    'showSystem',
    { params: { system: 'Permit-Desk' } },
    400,
    'invalid-input',
    /lower case/,
  ],
  ['an id with a quote', 'showPlan', { params: { plan: "x' or '1'='1" } }, 400, 'invalid-input', /plan/],
  [
    'an unknown system',
    'showSystem',
    { params: { system: 'nobody' } },
    404,
    'unknown-system',
    /no system "nobody"/,
  ],
  [
    'an unknown move',
    'showMigration',
    { params: { system: 'nobody' } },
    404,
    'unknown-migration',
    /no migration "nobody"/,
  ],
  [
    'a command to an unknown move',
    'pause',
    { params: { system: 'nobody' }, body: { reason: 'because' } },
    404,
    'unknown-migration',
    /no migration "nobody"/,
  ],
  [
    'an unknown plan',
    'launchMigration',
    { body: { plan: 'nobody' } },
    404,
    'unknown-plan',
    /no plan "nobody"/,
  ],
  [
    'an unknown task',
    'showTask',
    { params: { migration: 'nobody', task: 'x' } },
    404,
    'unknown-migration',
    /nobody/,
  ],
  [
    'an unknown playbook',
    'planPlaybook',
    { params: { name: 'nobody' }, body: { plan: 'nobody' } },
    404,
    'unknown-playbook',
    /no playbook "nobody"/,
  ],
  [
    'a reason that says nothing',
    'pause',
    { params: { system: 'nobody' }, body: { reason: '  ' } },
    400,
    'invalid-input',
    /at least 2/,
  ],
  [
    'a window without end',
    'scheduleCutover',
    { params: { system: 'nobody' }, body: { startsAt: '2026-11-30T22:00:00+08:00' } },
    400,
    'invalid-input',
    /endsAt/,
  ],
  [
    'a window without time zone',
    'scheduleCutover',
    {
      params: { system: 'nobody' },
      body: { startsAt: '2026-11-30T22:00:00', endsAt: '2026-12-01T02:00:00' },
    },
    400,
    'invalid-input',
    /zone/,
  ],
  [
    'a decision that is none',
    'decideCutover',
    { as: 'operations', params: { system: 'nobody' }, body: { decision: 'maybe' } },
    400,
    'invalid-input',
    /decision/,
  ],
  [
    'a signature that cannot be one',
    'signReport',
    {
      as: 'owner',
      params: { system: 'nobody' },
      body: { digest: 'x', keyId: 'x', signature: 'x', signedText: 'x' },
    },
    400,
    'invalid-input',
    /digest.*keyId.*signature/,
  ],
  [
    'a key that cannot make a request unique',
    'launchMigration',
    { body: { plan: 'p' }, headers: { 'idempotency-key': 'a b' } },
    400,
    'invalid-input',
    /Idempotency-Key/,
  ],
  [
    'a system of the wrong type',
    'importSystems',
    { body: [{ ...system, mlpsLevel: 'three' }] },
    400,
    'invalid-input',
    /1\.mlpsLevel/,
  ],
  [
    'a system twice in one list',
    'importSystems',
    { body: [system, system] },
    400,
    'invalid-input',
    /second time, after row 1/,
  ],
  ['no systems at all', 'importSystems', { body: [] }, 400, 'invalid-input', /request/],
  [
    'a CSV without rows',
    'importSystems',
    { body: 'system,name,department', headers: { 'content-type': 'text/csv' } },
    400,
    'invalid-input',
    /no rows/,
  ],
  [
    'a CSV with a stray quote',
    'importSystems',
    { body: 'system,name\na,b"c"', headers: { 'content-type': 'text/csv' } },
    400,
    'invalid-input',
    /line 2.*quote/,
  ],
  [
    'a CSV with a column nobody knows',
    'importSystems',
    { body: 'system,name,department,colour\na,b,c,red', headers: { 'content-type': 'text/csv' } },
    400,
    'invalid-input',
    /colour/,
  ],
  [
    'evidence without a name',
    'storeEvidence',
    { as: 'vendor', body: 'bytes', headers: { 'content-type': 'text/plain' } },
    400,
    'invalid-input',
    /name/,
  ],
  [
    'evidence with a path for a name',
    'storeEvidence',
    {
      as: 'vendor',
      body: 'bytes',
      query: { name: '../../etc/passwd' },
      headers: { 'content-type': 'text/plain' },
    },
    400,
    'invalid-input',
    /file name/,
  ],
  [
    'evidence without bytes',
    'storeEvidence',
    { as: 'vendor', query: { name: 'empty.txt' } },
    400,
    'invalid-input',
    /empty/,
  ],
]

describe('bad input', () => {
  it.each(cases)(
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

  it('names every problem of a plan at once: a policy under the floors, an unknown system, unknown playbooks', async () => {
    const before = await stored()
    const input = samplePlanInput({ system: 'nobody' })
    const problem = await api.refused('createPlan', {
      as: 'coordinator',
      body: {
        ...input,
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
      'system',
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
    expect(problem.problems).toEqual([{ path: 'playbooks.close', message: expect.stringMatching(says) }])
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
