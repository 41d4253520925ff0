import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { RouteName } from '../../api/contract.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { shortHistory } from '../storage/history.ts'
import { useApi, type Call } from '../support/api.ts'
import { samplePlanInput, samplePlanInputV1 } from '../support/plan-input.ts'

const api = useApi()
const row = {
  system: 'permit-desk',
  name: '许可受理',
  department: 'permit-bureau',
  mlpsLevel: 2,
  classified: false,
}
const at = { system: 'permit-desk' }

beforeAll(async () => {
  await api.call('importSystems', { as: 'coordinator', body: [row] })
  await new MigrationStore(api.pool).append(shortHistory())
})

/** Every value of every table, as text. */
async function everythingStored(): Promise<string> {
  const { rows: tables } = await api.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const dumps = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await api.pool.query<{ row: string }>(`select t::text as row from "${name}" t`)
      return rows.map((each) => each.row).join('\n')
    }),
  )
  return dumps.join('\n')
}

const secret = fc
  .tuple(
    fc.stringMatching(/^[A-Za-z]{4}$/),
    fc.stringMatching(/^[0-9]{3}$/),
    fc.stringMatching(/^[A-Za-z0-9!#$%^*+?]{5,20}$/),
  )
  .map((parts) => parts.join(''))

const carrier = fc.constantFrom<(secret: string) => string>(
  (s) => `password=${s}`,
  (s) => `重启前密码：${s}`,
  (s) => `数据库口令为${s}，勿外传`,
  (s) => `the DB password is ${s}`,
  (s) => `ｐａｓｓｗｏｒｄ：${s}`,
  (s) => `see postgres://app:${s}@10.0.0.4/app`,
  (s) => `Authorization: Bearer ${s}`,
  (s) => `Server=db;User Id=sa;Password=${s};`,
  (s) => `-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----`,
  (s) => `curl -u admin:${s} http://10.0.0.4/`,
)

type Refused = (text: string) => readonly [RouteName, Call]
const refusedRequests = fc.constantFrom<Refused>(
  (reason) => ['pause', { as: 'coordinator', params: at, body: { reason } }],
  (reason) => ['hold', { as: 'owner', params: at, body: { reason } }],
  (reason) => ['abort', { as: 'operations', params: { system: 'nobody' }, body: { reason } }],
  (note) => ['resume', { as: 'coordinator', params: at, body: { note } }],
  (remark) => ['amendReport', { as: 'coordinator', params: at, body: { remark } }],
  (statement) => ['releaseRetention', { as: 'owner', params: at, body: { statement } }],
  (reason) => ['rollBack', { as: 'operations', params: at, body: { reason } }],
  (text) => ['createPlan', { as: 'coordinator', body: samplePlanInputV1({ waivers: { 'public.t': text } }) }],
  (text) => ['createPlan', { as: 'coordinator', body: samplePlanInput({ inputs: { note: text } }) }],
  (name) => ['storeEvidence', { as: 'vendor', body: new Uint8Array([1]), query: { name } }],
  (text) => ['launchMigration', { as: 'coordinator', body: { plan: text } }],
  (text) => ['showSystem', { as: 'otherOwner', params: { system: text } }],
  (text) => ['showSystem', { params: { system: text } }],
  (text) => ['pause', { as: 'auditor', params: { system: text }, body: { reason: 'why not' } }],
)

describe('a secret in a request', () => {
  it('is in no table afterwards, whoever sent it where, and is not repeated in the answer', async () => {
    await fc.assert(
      fc.asyncProperty(secret, carrier, refusedRequests, async (s, carry, request) => {
        const [route, call] = request(carry(s))
        const answer = await api.send(route, call)
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.text).not.toContain(s)
        expect(await everythingStored()).not.toContain(s)
      }),
      { numRuns: 80 },
    )
  })

  it('is masked in the cells of an import, which is taken', async () => {
    await fc.assert(
      fc.asyncProperty(secret, carrier, fc.boolean(), async (s, carry, asCsv) => {
        const description = carry(s)
        const csv = `system,name,department,description\nwith-remark,"系统 ${description}",permit-bureau,"${description}"`
        const call: Call = asCsv
          ? { body: csv, headers: { 'content-type': 'text/csv' } }
          : { body: [{ ...row, system: 'with-remark', name: `系统 ${description}`, description }] }
        await api.call('importSystems', { as: 'coordinator', ...call })
        const found = await api.call('showSystem', { as: 'coordinator', params: { system: 'with-remark' } })
        expect(found.description).toContain('***')
        expect(await everythingStored()).not.toContain(s)
      }),
      { numRuns: 25 },
    )
  })

  it('is named by what it is and by where it stood', async () => {
    const body = { reason: '密码：Hunter22' }
    const refused = await api.refused('pause', { as: 'coordinator', params: at, body })
    expect(refused).toMatchObject({ status: 400, code: 'secret-in-text' })
    expect(refused.problems).toMatchObject([
      {
        path: 'body.reason',
        message: expect.stringMatching(/^holds what looks like a password; .*store of secrets/),
      },
    ])
    const inputs = { 'db-password': 'Hunter22' }
    const plan = await api.refused('createPlan', { as: 'coordinator', body: samplePlanInput({ inputs }) })
    expect(plan.problems?.map(({ path }) => path)).toEqual(['body.inputs.db-password'])
    const headers = { 'idempotency-key': 'password:Hunter22' }
    const launch = await api.refused('launchMigration', { as: 'coordinator', body: { plan: 'x' }, headers })
    expect(launch.code).toBe('secret-in-text')
  })
})

describe('the audit log', () => {
  it('holds the digest of what people wrote, and not the words', async () => {
    const [launched, entered, started] = shortHistory('permit-desk-9')
    const reason = '等待承建厂商答复，张三的电话在桌上'
    const held = { ...started!, type: 'held', data: { reason } } as typeof started
    await new MigrationStore(api.pool).append([launched!, entered!, held!])
    const { lines } = await api.call('listAudit', { as: 'auditor', query: { limit: '1000' } })
    const entry = lines.find(({ entry: { detail } }) => JSON.stringify(detail).includes('"held"'))?.entry
    expect(entry?.detail['event']).toMatchObject({ data: { reason: `sha256:${sha256Hex(reason)}` } })
    const exported = await api.send('exportAudit', { as: 'auditor' })
    expect(exported.text).not.toContain('张三')
    expect(await api.call('verifyAudit', { as: 'auditor' })).toMatchObject({ verified: true })
  })
})

describe('a re-import while Temporal is away', () => {
  it('is stored, and says which move is told later', async () => {
    const body = [{ ...row, classified: true }]
    const answer = await api.call('importSystems', { as: 'coordinator', body })
    expect(answer.updated).toBe(1)
    expect(answer.moves).toContainEqual({ ...at, migration: 'permit-desk-1', told: false })
    const found = await api.call('showSystem', { as: 'coordinator', params: at })
    expect(found.classified).toBe(true)
  })
})
