import { describe, expect, it } from '@jest/globals'
import { routes, type RouteName } from '../../api/contract.ts'
import { emptyHead, lineProblem, type AuditLine } from '../../storage/audit-chain.ts'
import { useApi } from '../support/api.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const api = useApi()
const csv = { 'content-type': 'text/csv; charset=utf-8' }

describe('the ledger’s door', () => {
  it('takes a CSV as departments fill it in, and says of each row what became of it', async () => {
    const body = [
      '\uFEFFsystem,name,department,vendor,mlpsLevel,classified,description',
      'permit-desk,许可受理,permit-bureau,permit-soft,3,false,"窗口、""一网通办"", 2016"',
      'archive,档案,archive-office,,2,FALSE,',
      '',
    ].join('\r\n')
    const answer = await api.call('importSystems', { as: 'coordinator', body, headers: csv })
    expect(answer).toMatchObject({ created: 2, updated: 0, unchanged: 0, problems: 0 })
    const { systems } = await api.call('listSystems', { as: 'coordinator' })
    expect(systems).toMatchObject([
      { system: 'archive', mlpsLevel: 2, state: 'registered' },
      { system: 'permit-desk', mlpsLevel: 3, classified: false, description: '窗口、"一网通办", 2016' },
    ])
    const again = await api.call('importSystems', { as: 'coordinator', body, headers: csv })
    expect(again.rows.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged'])
  })

  it('takes all rows or none, unless the good ones alone are asked for', async () => {
    const body = [
      { system: 'ledger', name: '台账', department: 'archive-office' },
      { system: 'Bad Name', name: '', department: 'archive-office' },
    ]
    const problem = await api.refused('importSystems', { as: 'coordinator', body })
    expect(problem.problems?.map(({ path }) => path)).toEqual(['2.system', '2.name'])
    expect(
      await api.refused('showSystem', { as: 'coordinator', params: { system: 'ledger' } }),
    ).toMatchObject({ status: 404 })
    const partial = await api.call('importSystems', { as: 'coordinator', body, query: { partial: 'true' } })
    expect(partial.rows.map(({ row, outcome }) => [row, outcome])).toEqual([
      [1, 'created'],
      [2, 'problem'],
    ])
    expect(await api.call('showSystem', { as: 'coordinator', params: { system: 'ledger' } })).toMatchObject({
      name: '台账',
    })
  })
})

describe('plans', () => {
  it('are frozen with their playbooks by digest, and not replaced', async () => {
    const plan = await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })
    const file = sha256Hex('playbook: permit-desk-deploy\n')
    expect(plan.content.playbooks.deploy).toEqual({
      name: 'permit-desk-deploy',
      digest: sha256Hex(`${file}  playbook.yaml\n`),
      files: { 'playbook.yaml': file },
    })
    expect(await api.call('createPlan', { as: 'coordinator', body: samplePlanInput() })).toEqual(plan)
    expect(await api.call('showPlan', { as: 'vendor', params: { plan: plan.plan } })).toEqual(plan)
    const changed = { ...samplePlanInput(), inputs: { pages: 3 } }
    const problem = await api.refused('createPlan', { as: 'coordinator', body: changed })
    expect(problem).toMatchObject({ status: 409, code: 'plan-exists' })
    const { systems } = await api.call('listSystems', { as: 'coordinator' })
    expect(systems.find(({ system }) => system === 'permit-desk')?.state).toBe('planned')
  })

  it('are hidden from organisations without a part in them', async () => {
    const params = { plan: 'permit-desk-plan' }
    expect(await api.refused('showPlan', { as: 'otherVendor', params })).toMatchObject({
      status: 404,
      code: 'unknown-plan',
    })
  })
})

describe('playbooks', () => {
  it('are listed by name and digest', async () => {
    const { playbooks } = await api.call('listPlaybooks', { as: 'vendor' })
    expect(playbooks.map(({ name }) => name)).toContain('permit-desk-deploy')
  })
})

describe('the caller', () => {
  it('is told who they are, with the key they sign with', async () => {
    expect(await api.call('me', { as: 'owner' })).toEqual({
      ...api.people.owner.actor,
      name: 'owner-li',
      keyId: api.people.owner.keyId,
      temporalUiUrl: 'http://127.0.0.1:8233',
    })
  })
})

describe('the pages', () => {
  it('are served at the root, with their own scripts and nothing else allowed', async () => {
    const page = await fetch(`${api.url}/`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(await page.text()).toContain('Qianyun')
    const script = await fetch(`${api.url}/parts/page.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  it.each(['/README.md', '/parts/../../package.json', '/..%2f..%2fpackage.json', '/.git/config', '/parts'])(
    'do not give away "%s"',
    async (path) => {
      const answer = await fetch(`${api.url}${path}`)
      expect(answer.status).toBe(404)
    },
  )
})

describe('the methods of a path', () => {
  const asking = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${api.people.owner.token}`, ...headers },
      ...(method === 'PUT' ? { body: '{' } : {}),
    })

  it.each(['/me', '/', '/systems', '/openapi.json', '/parts/page.js'])(
    'answer HEAD of "%s" as GET, without a body',
    async (path) => {
      const [got, head] = await Promise.all([asking('GET', path), asking('HEAD', path)])
      expect(head.status).toBe(200)
      expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'))
      const length = Buffer.byteLength(await got.text())
      expect(head.headers.get('content-length')).toBe(String(length))
      expect(await head.text()).toBe('')
    },
  )

  it('let nobody see by HEAD what GET refuses', async () => {
    const stranger = { authorization: '' }
    expect((await asking('HEAD', '/systems', stranger)).status).toBe(401)
    expect((await asking('HEAD', '/audit')).status).toBe(403)
    expect((await asking('HEAD', '/nothing/here')).status).toBe(404)
  })

  it.each([
    ['DELETE', '/me', 'GET, HEAD'],
    ['PUT', '/systems?partial=true', 'GET, HEAD, POST'],
    ['DELETE', '/migrations/permit-desk', 'GET, HEAD'],
    ['PATCH', '/migrations/permit-desk/pause', 'POST'],
    ['GET', '/playbooks/lint', 'POST'],
    ['HEAD', '/events', 'GET'],
    ['PUT', '/', 'GET, HEAD'],
  ])('are named when %s of "%s" is none of them', async (method, path, allowed) => {
    const json = { 'content-type': 'application/json' }
    const answer = await asking(method, path, method === 'GET' ? {} : json)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(allowed)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    if (method === 'HEAD') return
    expect(await answer.json()).toMatchObject({
      code: 'method-not-allowed',
      detail: expect.stringContaining(`has no method ${method}. Use ${allowed};`),
    })
  })
})

describe('the description', () => {
  it('is OpenAPI 3.1 and names every route with its body and its refusals', async () => {
    const description = (await api.call('description', {})) as {
      openapi: string
      paths: Record<
        string,
        Record<
          string,
          {
            parameters?: { name: string; in: string }[]
            requestBody?: unknown
            responses: Record<string, unknown>
          }
        >
      >
    }
    expect(description.openapi).toBe('3.1.0')
    for (const name of Object.keys(routes) as RouteName[]) {
      const { method, path } = routes[name]
      const described = description.paths[path.replaceAll(/:([a-z]+)/g, '{$1}')]?.[method.toLowerCase()]
      expect({ name, described: described !== undefined }).toEqual({ name, described: true })
      expect(Object.keys(described!.responses)).toContain('4xx'.toUpperCase())
    }
    const keyed = Object.values(description.paths).flatMap((path) =>
      Object.entries(path).map(([method, { parameters = [] }]) => [
        method,
        parameters.some(({ name, in: place }) => name === 'Idempotency-Key' && place === 'header'),
      ]),
    )
    expect(keyed.filter(([method, isKeyed]) => (method === 'post') !== isKeyed)).toEqual([])
    const launch = description.paths['/migrations']?.['post']
    expect(JSON.stringify(launch?.requestBody)).toContain('"plan"')
  })
})

describe('the audit log’s door', () => {
  it('exports lines that hold together without the database', async () => {
    const { text, headers } = await api.send('exportAudit', { as: 'auditor' })
    expect(headers.get('content-type')).toBe('application/x-ndjson')
    let head = emptyHead
    for (const each of text.trimEnd().split('\n')) {
      const line = JSON.parse(each) as AuditLine
      expect(lineProblem(head, line)).toBeUndefined()
      head = { sequence: line.entry.sequence, hash: line.hash }
    }
    expect(await api.call('verifyAudit', { as: 'auditor' })).toMatchObject({
      verified: true,
      entries: head.sequence,
      head,
      faults: [],
    })
  })

  it('is read page by page', async () => {
    const page = await api.call('listAudit', { as: 'auditor', query: { after: '1', limit: '2' } })
    expect(page).toMatchObject({
      more: true,
      lines: [{ entry: { sequence: 2 } }, { entry: { sequence: 3 } }],
    })
  })
})
