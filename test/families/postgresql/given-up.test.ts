import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lookAtBothSides } from '../../../families/postgresql/replication/old-side.ts'
import { type ReseedPlan, reseed } from '../../../families/postgresql/replication/reseed.ts'
import { implementation as postgresReplicate } from '../../../families/postgresql/steps/replicate/index.ts'
import { openAlone } from '../../../families/postgresql/switchover/open-alone.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import type { ClosedTask, StepContext } from '../../../runner/steps/kind.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import type { GivingUpDeath } from '../../support/give-up-and-die.ts'
import { LocalHost } from '../../support/local-host.ts'
import { alonePlan } from '../../support/open-alone.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { runStep } from '../../support/run-step.ts'
import { stepContext } from '../../support/step-context.ts'

let pair: Pair

const signal = new AbortController().signal
const on = async (side: 'old' | 'new', sql: string, name = database) =>
  withServer(pair[side].port, name, async (client) => client.query<Record<string, unknown>>(sql))
const applicants = async (side: 'old' | 'new', like: string) =>
  (await on(side, `select from permit where applicant like '${like}%'`)).rowCount

/** The side that serves is lost with a write that it has not passed on; the other one is opened alone, and then it comes back. */
async function openedWithout(gone: 'old' | 'new'): Promise<void> {
  const [from, to, left] =
    gone === 'new'
      ? ([pair.target, pair.source, 'old'] as const)
      : ([pair.source, pair.target, 'new'] as const)
  for (const { name } of (await on(left, 'select subname as name from pg_subscription')).rows)
    await on(left, `alter subscription ${String(name)} disable`)
  await on(gone, `insert into permit (applicant) values ('alone on ${gone}')`)
  await pair[gone].crash()
  await openAlone(alonePlan(switchPlan(pair, from, to)))
  await pair[gone].restart({})
}

const death = async (stale: GivingUpDeath['stale'], beforeStatement: string) =>
  dieInChild('give-up-and-die.ts', {
    ...{ source: pair.source.port, target: pair.target.port, stale, beforeStatement },
  } satisfies GivingUpDeath)

/** The step of a playbook, as somebody runs it who may have a dump and the word of two people. */
const context = (tasks: readonly ClosedTask[] = []): StepContext => ({
  ...stepContext([new LocalHost('new-1')]),
  dataset: (name: string) => (name === 'source' ? pair.source : pair.target) as never,
  closedTasks: async () => tasks,
})
const agreed = (account: string, note: string): ClosedTask => ({
  id: `give-up-${account}`,
  completedBy: { account, role: 'owner', organisation: 'permit-bureau' },
  evidence: [],
  note,
})
const reseeded = async (changed: Partial<ReseedPlan> = {}) =>
  reseed({
    ...{ serves: pair.target, follows: pair.source, waivers: {}, copyTimeoutMs: 20_000, signal },
    say: () => undefined,
    ...changed,
  })

beforeAll(async () => {
  pair = await startPair('given-up')
  await makeApplication(pair)
  await replicate(pair)
  await switchOver(switchPlan(pair, pair.source, pair.target))
  await openedWithout('new')
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

describe('a new side that was given up and came back', () => {
  it('is replaced once a dump of it is kept and two people have agreed, and not before', async () => {
    const path = join(pair.folder, 'new.sql')
    const params = { from: 'source', to: 'target', replace: true }
    const replaceServed = { host: 'new-1', path }
    const withTasks = async (...tasks: ClosedTask[]) =>
      runStep(postgresReplicate, { ...params, replaceServed }, context(tasks))

    await expect(runStep(postgresReplicate, params, context())).rejects.toMatchObject({ code: 'side-stale' })
    await expect(withTasks()).rejects.toMatchObject({ code: 'not-given-up' })
    writeFileSync(path, '--\n-- PostgreSQL database dump\n--\n')
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
    await expect(withTasks(agreed('li', digest))).rejects.toMatchObject({ code: 'not-given-up' })
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({ old: 'open', new: 'stale' })
    expect(await applicants('new', 'alone on new')).toBe(1)

    for (const statement of ['drop database', 'create database'])
      await death('target', statement).then(async () => {
        // Nothing of it serves meanwhile, and the other side goes on.
        expect((await lookAtBothSides(pair.source, pair.target)).old).toBe('open')
        expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
      })

    expect(await withTasks(agreed('li', digest), agreed('wang', `agreed: ${digest}`))).toMatchObject({
      already: false,
    })
    expect(await switchOver(switchPlan(pair, pair.source, pair.target))).toMatchObject({
      ...{ openSide: 'target', generation: 3, armed: true },
    })
    expect(await pair.target.tryAppLogin(appRole)).toBeUndefined()
  }, 180_000)
})

describe('an old side that was given up and came back, with the new one serving', () => {
  beforeAll(async () => {
    await switchOver(switchPlan(pair, pair.target, pair.source))
    await openedWithout('old')
  }, 60_000)

  it('is emptied in place and follows again once it is given up, and not before', async () => {
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({ old: 'stale', new: 'open' })
    await expect(reseeded()).rejects.toMatchObject({ code: 'side-stale' })
    expect(await applicants('old', 'alone on old')).toBe(1)

    for (const statement of ['truncate table', 'create subscription']) await death('source', statement)
    const givenUp = { dump: 'a'.repeat(64), by: ['li', 'wang'] }
    expect(await reseeded({ givenUp })).toMatchObject({ already: false })
    expect(await applicants('old', 'alone on old')).toBe(0)
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({ old: 'closed', new: 'open' })
    expect(await reseeded()).toMatchObject({ already: true })
  }, 120_000)

  it('can be gone back to', async () => {
    await on('new', `insert into permit (applicant) values ('after the seeding')`)
    expect(await switchOver(switchPlan(pair, pair.target, pair.source))).toMatchObject({
      ...{ openSide: 'source', generation: 6, armed: true },
    })
    expect(await applicants('old', 'after the seeding')).toBe(1)
    expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
  }, 60_000)
})

describe('a move that is aborted beside a side that was given up', () => {
  it('leaves that side as it is, shut, and keeps it from being dropped afterwards', async () => {
    await switchOver(switchPlan(pair, pair.source, pair.target))
    await openedWithout('new')
    const params = { from: 'source', to: 'target', replace: true }
    const bound = postgresReplicate.bind(params)
    const before = await bound.gather(context())
    await bound.carryOutUndo(before, context())
    await bound.carryOutUndo(before, context())

    expect(await applicants('new', 'alone on new')).toBe(1)
    expect(await pair.target.tryAppLogin(appRole)).toBeDefined()
    expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
    await expect(runStep(postgresReplicate, params, context())).rejects.toMatchObject({
      code: 'database-served',
    })
  }, 60_000)
})
