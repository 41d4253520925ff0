import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { guardRoutes } from '../../api/http/auth.ts'
import { routes, type RouteName } from '../../api/contract.ts'
import { handlers } from '../../api/routes/index.ts'
import type { ApiContext } from '../../api/context.ts'
import { RouteWithoutRolesError } from '../../api/errors/http.ts'
import { AuditLog } from '../../storage/audit.ts'
import { useApi } from '../support/api.ts'
import { actors } from '../support/actors.ts'
import type { Role } from '../../domain/organisation.ts'

const api = useApi()
const names = Object.keys(routes) as RouteName[]
const params = {
  system: 'nobody-1',
  migration: 'nobody-1',
  task: 'task-1',
  plan: 'nobody',
  name: 'nobody',
  digest: '0'.repeat(64),
}
const closed = names.filter((name) => routes[name].roles !== 'public')

describe('access', () => {
  it('is answered by exactly the routes of the contract', () => {
    expect(Object.keys(handlers).sort()).toEqual([...names].sort())
    for (const name of names) expect(handlers[name].route).toBe(routes[name])
  })

  it.each(closed)('to %s needs a token', async (name) => {
    const missing = await api.refused(name, { params })
    expect(missing).toMatchObject({ status: 401, code: 'token-missing' })
    const unknown = await api.refused(name, {
      params,
      headers: { authorization: `Bearer ${'x'.repeat(43)}` },
    })
    expect(unknown).toMatchObject({ status: 401, code: 'token-unknown' })
  })

  const pairs = closed.flatMap((name) => (Object.keys(actors) as Role[]).map((role) => [name, role] as const))
  it.each(pairs.filter(([name, role]) => !rolesOf(name).includes(role)))(
    'to %s is refused to %s',
    async (name, role) => {
      const problem = await api.refused(name, { params, as: role })
      expect(problem).toMatchObject({ status: 403, code: 'role-not-allowed' })
      expect(problem.detail).toContain(rolesOf(name).join(', '))
    },
  )

  // Streams never end: that they let in is shown where they are used.
  const waits: readonly RouteName[] = ['streamEvents']
  it.each(pairs.filter(([name, role]) => rolesOf(name).includes(role) && !waits.includes(name)))(
    'to %s is open to %s',
    async (name, role) => {
      const answer = await api.send(name, { params, as: role })
      expect([401, 403, 500]).not.toContain(answer.status)
    },
  )

  it('cannot be left out: a route that names no roles is not registered', () => {
    const app = Fastify()
    guardRoutes(app, {} as ApiContext)
    expect(() => app.get('/forgotten', () => 'open')).toThrow(RouteWithoutRolesError)
  })

  it.each([
    'Basic dXNlcjpwYXNzd29yZA==',
    'Bearer',
    'Bearer short',
    `Bearer ${'x'.repeat(600)}`,
    "Bearer ' or 1=1 --xxxxxxxxxxxxx",
  ])('with "%s" is refused', async (authorization) => {
    expect(await api.refused('me', { headers: { authorization } })).toMatchObject({ status: 401 })
  })

  it('that was refused is in the audit log, with the account where it is known, and never with the token', async () => {
    await api.refused('runPlaybook', { params, as: 'auditor' })
    const log = new AuditLog(api.pool)
    const lines = await log.list(Math.max(0, (await log.newest()) - 1000), 1000)
    const last = lines.filter(({ entry }) => entry.kind === 'refusal').at(-1)
    expect(last?.entry).toMatchObject({
      kind: 'refusal',
      actor: actors.auditor,
      subject: '/playbooks/nobody/run',
      detail: { status: 403, code: 'role-not-allowed', method: 'POST' },
    })
    const said = JSON.stringify(lines)
    for (const { token } of Object.values(api.people)) expect(said).not.toContain(token)
    expect(said).not.toContain('x'.repeat(43))
  })

  it('by strangers does not fill the audit log', async () => {
    const log = new AuditLog(api.pool)
    const before = await log.newest()
    await Promise.all(Array.from({ length: 100 }, () => api.refused('me')))
    expect((await log.newest()) - before).toBeLessThanOrEqual(30)
  })
})

function rolesOf(name: RouteName): readonly Role[] {
  const { roles } = routes[name]
  return roles === 'public' ? [] : roles
}
