import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { PlanPlaces } from '../../activities/plan-places.ts'
import { createProbeActivities } from '../../activities/probes.ts'
import type { Endpoint } from '../../domain/plan/endpoint.ts'
import { hostsOf } from '../../domain/plan/places.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { serveHttp, type TestHttpServer } from '../support/http-server.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { widePlan } from '../support/wide-plan.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)
const onPaper = { ...paper.activities }
const probes = createProbeActivities({
  places: new PlanPlaces(new HostPool(), { read: async () => Promise.resolve('') }),
})
const discovered: string[] = []
const deployed: string[] = []
const writes: string[] = []
const servers: TestHttpServer[] = []

paper.activities.discover = async (input) => {
  discovered.push(...hostsOf(input.plan, input.hosts ?? 'source').map(({ name }) => name))
  return onPaper.discover(input)
}
paper.activities.writeProbe = async (input) => probes.writeProbe(input)
paper.activities.preflight = async ({ hosts }) => {
  asked.push(...hosts)
}
const asked: string[] = []

beforeAll(async () => {
  for (const name of ['desk', 'portal'])
    servers.push(
      await serveHttp((request, response) => {
        if (request.method === 'POST') writes.push(name)
        response.end(decodeURI(request.url ?? ''))
      }),
    )
})
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]()
})

/** Two applications, each with a write probe at a server of its own, two source hosts and two target hosts. */
function plan(): MigrationPlan {
  const wide = widePlan()
  const { 'new-3': _host, ...hosts } = wide.hosts
  const { desk, portal } = wide.applications
  const { web, portal: door } = wide.endpoints
  if (!desk || !portal) throw new Error('the wide plan has both')
  const onTwo = (application: typeof desk) => ({
    ...application,
    writeProbe: { path: '/', body: '"{unique}"', readPath: '/{unique}' },
    sites: { ...application.sites, target: application.sites.target.slice(0, 2) },
  })
  const at = (endpoint: Endpoint | undefined, server: TestHttpServer | undefined) => {
    if (endpoint?.kind !== 'http' || !server) throw new Error('each application has its entry')
    return { ...endpoint, url: server.url, servers: endpoint.servers.slice(0, 2) }
  }
  return {
    ...wide,
    system: nextPlan().system,
    hosts,
    applications: { desk: onTwo(desk), portal: onTwo(portal) },
    endpoints: { ...wide.endpoints, web: at(web, servers[0]), portal: at(door, servers[1]) },
  }
}

describe('a move of two applications on several hosts of each side', () => {
  it('discovers every old host, and every new one once it is deployed, deploys once on each host, and proves each application by a write', async () => {
    const given = plan()
    const room = paper.of(given.system)
    const note: Parameters<typeof room.scripts.set>[1] = async ({ runId, hosts, databases }) => {
      deployed.push(`${runId.split('/').at(-1) ?? ''}: ${hosts['here'] ?? ''}, ${databases['there'] ?? ''}`)
      return { done: [] }
    }
    for (const occasion of ['deploy-target', 'deploy-target-new-2', 'deploy-staging'])
      room.scripts.set(occasion, note)
    const move = await Move.launch(temporal.env.client, database.pool, given)
    await move.toRecognition()
    expect(discovered).toEqual(['old-1', 'old-2', 'new-1', 'new-2'])
    expect(new Set(asked)).toEqual(new Set(['door', 'new-1', 'new-2', 'old-1', 'old-2', 'test']))
    expect(deployed).toEqual([
      'deploy-target: new-1, target',
      'deploy-target-new-2: new-2, target',
      'deploy-staging: test, staging',
    ])
    expect(room.ran.filter((occasion) => occasion.startsWith('deploy'))).toHaveLength(3)
    await move.toCutover()
    await move.toRetention(Date.now())
    expect(writes.toSorted()).toEqual(['desk', 'portal'])
  }, 90_000)

  it('blocks where the second of two hosts was not deployed, and goes on there', async () => {
    const given = plan()
    const room = paper.of(given.system)
    const step = 'deploy-target-new-2'
    room.failures.set(step, [{ step: 'code', code: 'host-unreachable', message: 'no route to host' }])
    const move = await Move.launch(temporal.env.client, database.pool, given)
    const through = move.toRecognition()
    const blocked = await move.until('blocked', (m) => m.standing === 'blocked')
    expect(blocked.step).toMatchObject({ id: step, failure: { code: 'host-unreachable' } })
    await move.command('retry-step', actors.vendor, { step, note: 'cable' })
    await through
    expect(room.ran.filter((occasion) => occasion.startsWith('deploy-target'))).toEqual([
      'deploy-target',
      step,
      step,
    ])
  }, 90_000)
})
