import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { PlanPlaces } from '../../activities/plan-places.ts'
import { createPreflightActivities } from '../../activities/preflight.ts'
import { createProbeActivities } from '../../activities/probes.ts'
import type { MigrationPlan, PlanHost } from '../../domain/plan/plan.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import type { SecretRequest } from '../../runner/secrets/bound-secrets.ts'
import { serveHttp, type TestHttpServer } from '../support/http-server.ts'
import { samplePlan } from '../support/plan.ts'
import { startSshd, type TestSshd } from '../support/sshd.ts'

let sshd: TestSshd
let pool: HostPool
let site: TestHttpServer
const writes: string[] = []

beforeAll(async () => {
  sshd = await startSshd()
  pool = new HostPool()
  site = await serveHttp((request, response) => {
    if (request.headers.authorization !== 'Bearer right') response.writeHead(401).end()
    else if (request.method === 'GET') response.end(writes.join('\n'))
    else
      request
        .on('data', (chunk: Buffer) => writes.push(chunk.toString()))
        .on('end', () => response.writeHead(201).end())
  })
}, 60_000)

afterAll(async () => {
  await pool.close()
  await sshd.stop()
  await site[Symbol.asyncDispose]()
})

function planOf(): MigrationPlan {
  const plan = samplePlan()
  const [name, application] = Object.entries(plan.applications)[0]!
  const headers = { Authorization: 'Bearer {token}' }
  const writeProbe = {
    secrets: { token: 'probe-token' },
    before: [{ path: '/me', headers }],
    headers,
    path: '/notes',
    body: '{"note":"{unique}"}',
    readPath: '/notes',
  }
  const { address, port, user, hostKey } = sshd
  const here = (host: PlanHost) => ({ ...host, address, port, user, hostKey })
  return {
    ...plan,
    hosts: Object.fromEntries(Object.entries(plan.hosts).map(([key, host]) => [key, here(host)])),
    applications: { [name]: { ...application, writeProbe } },
    endpoints: Object.fromEntries(
      Object.entries(plan.endpoints).map(([key, one]) => [
        key,
        one.kind === 'http' ? { ...one, url: site.url } : one,
      ]),
    ),
  }
}

function activitiesWith(token: string) {
  const asked: SecretRequest[] = []
  const read = async (name: string, request: SecretRequest) => {
    if (name === 'probe-token') asked.push(request)
    return Promise.resolve(name === 'probe-token' ? token : sshd.privateKey)
  }
  const places = new PlanPlaces(pool, { read })
  const plan = planOf()
  const hosts = Object.entries(plan.hosts).flatMap(([name, { role }]) => (role === 'entry' ? [name] : []))
  const run = async (work: () => Promise<void>) => new MockActivityEnvironment().run(work)
  return {
    asked,
    preflight: async () =>
      run(async () => createPreflightActivities({ places }).preflight({ plan, hostKeys: {}, hosts })),
    write: async () => run(async () => createProbeActivities({ places }).writeProbe({ plan, withinMs: 10 })),
  }
}

describe('the write probe of a plan', () => {
  it('is let in before anything is switched, without a write, by a secret that is asked for at its address alone', async () => {
    const { asked, preflight, write } = activitiesWith('right')
    await preflight()
    expect(writes).toEqual([])
    await write()
    expect(writes).toHaveLength(1)
    const { host } = new URL(site.url)
    expect(new Set(asked.map(({ purpose, address }) => `${purpose} ${address}`))).toEqual(
      new Set([`http-request ${host}`]),
    )
  })

  it('is refused at preflight when it is not let in, with the request that was not', async () => {
    await expect(activitiesWith('wrong').preflight()).rejects.toThrow(
      '"GET /me": the status is 401, expected is any from 200 to 399',
    )
  })
})
