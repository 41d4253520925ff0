import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDeskActivities } from '../../activities/desk.ts'
import { pathOf, routes, type RouteName } from '../../api/contract.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import type { Role } from '../../domain/organisation.ts'
import { createRunner } from '../../runner/runner.ts'
import { FactStore } from '../../storage/facts.ts'
import { PlanStore } from '../../storage/plans.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { actors } from '../support/actors.ts'
import { type Call, useApi } from '../support/api.ts'
import { movesOver, planPermitDesk } from '../support/api-move.ts'
import type { Person } from '../support/credentials.ts'
import { makeNamespace, startWorkers } from '../support/orchestrator.ts'
import { nothingFound, PaperRoom } from '../support/paper-room.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { requestsOf, type Subject } from '../support/requests.ts'
import { useTemporal } from '../support/temporal.ts'
import { expectations } from './matrix.ts'

const temporal = useTemporal()
let namespace = ''
const api = useApi(async () => {
  const client = await makeNamespace(temporal)
  namespace = client.options.namespace
  return { client, close: async () => undefined }
})
const { until, look } = movesOver(api, { system: 'permit-desk' })
const folder = mkdtempSync(`${tmpdir()}/qianyun-matrix-`)

const roles = Object.keys(actors) as Role[]
/** Of the same roles. An auditor sees all programmes: there is no auditor of another one. */
const strangers = {
  coordinator: 'otherCoordinator',
  owner: 'otherOwner',
  provider: 'otherProvider',
  vendor: 'otherVendor',
  operations: 'otherOperations',
} as const satisfies Partial<Record<Role, Person>>
type Strange = keyof typeof strangers

const names = Object.keys(routes) as RouteName[]
const closed = names.filter((name) => routes[name].roles !== 'public')
const mayAsk = (name: RouteName): readonly Role[] => {
  const { own } = expectations[name]
  return own === 'public' ? roles : (Object.keys(own) as Role[])
}
/** What is sent changes the move: the end of it comes last. */
const inOrder = names.toSorted((a, b) => Number(a === 'abort') - Number(b === 'abort'))
const ownRows = inOrder.flatMap((name) => {
  const { own } = expectations[name]
  return Object.entries(own === 'public' ? { owner: 200 } : own).map(
    ([role, status]) => [name, role as Role, status] as const,
  )
})
const otherRows = closed.flatMap((name) =>
  mayAsk(name).flatMap((role) => (role in strangers ? [[name, role as Strange] as const] : [])),
)

const missing: Subject = {
  system: 'no-desk',
  plan: 'no-desk-plan',
  migration: 'no-desk-1',
  task: 'accept-findings',
  evidence: 'b'.repeat(64),
  fact: 'b'.repeat(64),
  run: `no-desk-deploy-${'b'.repeat(16)}`,
  playbook: 'permit-desk-deploy',
}
let there: Subject = missing
let stopWorkers = (): Promise<void> => Promise.resolve()

beforeAll(async () => {
  const facts = new FactStore(api.pool)
  const runner = createRunner({
    secrets: { read: async () => '' },
    journal: new StepJournalStore(api.pool),
    playbooks: new PlaybookStore(folder),
  })
  const activities = { ...new PaperRoom().activities, ...createDeskActivities({ runner, facts }) }
  stopWorkers = await startWorkers(temporal, namespace, api, { activities })
  await planPermitDesk(api, samplePlanInput())
  await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
  const { migration } = await until('findings', (m) => m.tasks.some(({ state }) => state === 'open'))
  const { digest } = await api.call('storeEvidence', {
    as: 'owner',
    query: { name: 'findings.txt' },
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from('findings'),
  })
  there = {
    system: 'permit-desk',
    plan: 'permit-desk-plan',
    migration,
    task: 'accept-findings',
    evidence: digest,
    fact: await facts.put(nothingFound),
    run: await recordedRun(),
    playbook: 'permit-desk-deploy',
  }
}, 120_000)

afterAll(async () => {
  await stopWorkers()
  rmSync(folder, { recursive: true })
}, 60_000)

async function recordedRun(): Promise<string> {
  const { content: plan } = await new PlanStore(api.pool).get('permit-desk-plan')
  const runId = `permit-desk-deploy-${'0'.repeat(16)}`
  const request = {
    ...{ runId, migration: '', system: plan.system, plan, playbook: plan.playbooks.deploy },
    ...{ hosts: {}, databases: {}, hostKeys: {}, inputs: {}, skip: [], confirmed: [] },
  }
  await new PlaybookRunStore(api.pool).begin({ request, by: actors.coordinator, steps: [] }, Date.now())
  return runId
}

/** Sends a request, and gives no more of a stream than that it begins. */
async function statusOf(name: RouteName, call: Call): Promise<{ status: number; text: string }> {
  if (name !== 'streamEvents') return api.send(name, call)
  const asking = new AbortController()
  const query = new URLSearchParams(call.query).toString()
  const answer = await fetch(`${api.url}${pathOf(routes[name], call.params)}?${query}`, {
    headers: call.as === undefined ? {} : { authorization: `Bearer ${api.people[call.as].token}` },
    signal: asking.signal,
  })
  const text = answer.ok ? '' : await answer.text()
  asking.abort()
  return { status: answer.status, text }
}

describe('every route', () => {
  it('names in the table the roles that it names in the contract', () => {
    const named = (name: RouteName) => {
      const { own } = expectations[name]
      return own === 'public' ? own : Object.keys(own).sort()
    }
    const inContract = (name: RouteName) => {
      const { roles: listed } = routes[name]
      return listed === 'public' ? listed : [...listed].sort()
    }
    expect(Object.keys(expectations).sort()).toEqual([...names].sort())
    expect(names.map((name) => [name, named(name)])).toEqual(names.map((name) => [name, inContract(name)]))
  })

  it.each(closed)('%s lets nobody in without a token, whatever it is about', async (name) => {
    for (const subject of [there, missing])
      expect(await statusOf(name, requestsOf(subject)[name])).toMatchObject({ status: 401 })
  })

  it.each(
    closed.flatMap((name) =>
      roles.filter((role) => !mayAsk(name).includes(role)).map((role) => [name, role] as const),
    ),
  )('%s is refused to %s, of the move and of others, whatever it is about', async (name, role) => {
    const people: readonly Person[] = role in strangers ? [role, strangers[role as Strange]] : [role]
    for (const as of people)
      for (const subject of [there, missing])
        expect(await statusOf(name, { as, ...requestsOf(subject)[name] })).toMatchObject({ status: 403 })
  })
})

/** A refusal repeats what was asked for. */
function without(subject: Subject, text: string): string {
  const longestFirst = Object.entries(subject as unknown as Record<string, string>).sort(
    ([, one], [, other]) => other.length - one.length,
  )
  return longestFirst.reduce((rest, [what, value]) => rest.replaceAll(value, `(${what})`), text)
}

describe('of another organisation’s system', () => {
  const answering = (kind: 'hidden' | 'nothing' | 'shared') =>
    otherRows.filter(([name]) => expectations[name].other === kind)
  const refusing = otherRows.flatMap(([name, role]) => {
    const { other } = expectations[name]
    return typeof other === 'number' ? [[name, role, other] as const] : []
  })
  const ask = (name: RouteName, role: Strange, subject: Subject) =>
    statusOf(name, { as: strangers[role], ...requestsOf(subject)[name] })

  it.each(answering('hidden'))('%s answers %s as if there were none', async (name, role) => {
    const before = await look()
    const found = await ask(name, role, there)
    const absent = await ask(name, role, missing)
    expect(found.status).toBe(404)
    expect(without(there, found.text)).toBe(without(missing, absent.text))
    expect(await look()).toEqual(before)
  })

  it.each(answering('nothing'))('%s has nothing for %s', async (name, role) => {
    const { status, text } = await ask(name, role, there)
    expect(status).toBe(200)
    expect(text).not.toMatch(/permit-(desk|bureau|soft)/)
  })

  it.each(answering('shared'))('%s answers %s as everybody', async (name, role) => {
    const { status } = await ask(name, role, there)
    expect(status).toBe(routes[name].status)
  })

  it.each(refusing)('%s refuses %s with %i and changes nothing', async (name, role, status) => {
    const before = await look()
    expect(await ask(name, role, there)).toMatchObject({ status })
    expect(await look()).toEqual(before)
  })

  it.each(names.filter((name) => routes[name].method === 'GET' && expectations[name].other === 'hidden'))(
    '%s tells no more by HEAD',
    async (name) => {
      if (name === 'streamEvents') return
      const request = requestsOf(there)[name]
      const query = new URLSearchParams(request.query).toString()
      const answer = await fetch(`${api.url}${pathOf(routes[name], request.params)}?${query}`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${api.people.otherCoordinator.token}` },
      })
      expect([403, 404]).toContain(answer.status)
    },
  )
})

describe('of its own move', () => {
  it.each(ownRows)('%s answers %s with %i', async (name, role, status) => {
    const { status: found, text } = await statusOf(name, { as: role, ...requestsOf(there)[name] })
    expect({ found, text: found === status ? '' : text }).toEqual({ found: status, text: '' })
  })
})
