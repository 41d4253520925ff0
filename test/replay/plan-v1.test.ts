import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

import { hostOf, zoneOf } from '../../domain/plan/places.ts'
import type { MigrationPlanV1 } from '../../domain/plan/plan-v1.ts'
import { upgradePlan } from '../../domain/plan/upgrade.ts'
import { jsonDigest } from '../../storage/digest.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlanStore } from '../../storage/plans.ts'
import type { MigrationInput } from '../../workflows/migration/messages.ts'
import { MigrationState } from '../../workflows/migration/state.ts'
import { UnknownStateVersionError } from '../../workflows/migration/unknown-state-version.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { samplePlanV1 } from '../support/plan-v1.ts'

const folder = join(import.meta.dirname, 'histories')
const histories = readdirSync(folder).filter((name) => name.startsWith('v1-plan-migration-'))

/** What a run that was recorded with a plan of version 1 was started with. */
function inputOf(name: string): MigrationInput {
  const { history } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
    history: {
      events: { workflowExecutionStartedEventAttributes: { input: { payloads: { data: string }[] } } }[]
    }
  }
  const [payload] = history.events[0]?.workflowExecutionStartedEventAttributes.input.payloads ?? []
  return JSON.parse(Buffer.from(payload?.data ?? '', 'base64').toString()) as MigrationInput
}

const resumed = histories.map((name) => inputOf(name)).filter((input) => input.resumed !== undefined)
const now = () => Date.UTC(2026, 10, 30)

describe('a move that was launched with a plan of version 1', () => {
  it('goes on from the state its last run handed on, in every phase', () => {
    expect(resumed.map((input) => input.resumed?.migration.phase).toSorted()).toEqual([
      'adaptation',
      'cutover',
      'cutover',
      'recognition',
      'rehearsal',
      'resourcing',
      'retention',
      'trial-run',
    ])
    for (const input of resumed) {
      const before = input.resumed
      if (before === undefined) throw new Error('nothing was handed on')
      expect([before.schemaVersion, before.migration.plan.version]).toEqual([1, undefined])
      const state = new MigrationState(input, now)
      const { plan, hostKeys, sequence } = state.migration
      expect(plan).toEqual(upgradePlan(before.migration.plan))
      expect(Object.keys(hostKeys).every((name) => hostOf(plan, name).name === name)).toBe(true)
      expect(zoneOf(plan, 'target')).toBe('default')
      state.emit('paused', { reason: 'a look' }, actors.operations)
      expect(state.migration).toMatchObject({ standing: 'paused', sequence: sequence + 1 })
      const next = state.resumed()
      expect([next.schemaVersion, next.migration.plan.version]).toEqual([2, 2])
      expect(new MigrationState({ ...input, resumed: next }, now).migration).toEqual(state.migration)
    }
  })

  it('is refused where its state is of a version nobody knows, with what to do', () => {
    const [input] = resumed
    if (input?.resumed === undefined) throw new Error('nothing was handed on')
    const unknown = { ...input, resumed: { ...input.resumed, schemaVersion: 3 as never } }
    expect(() => new MigrationState(unknown, now)).toThrow(UnknownStateVersionError)
    expect(() => new MigrationState(unknown, now)).toThrow(
      'The state of this move has the schema version "3", expected one of "1", "2". Start the orchestrator of the version that wrote it, or a newer one; the move goes on then, and nothing of it is lost.',
    )
  })
})

describe('what was stored with plans of version 1', () => {
  const database = useDatabase()

  it('is read as version 2: projections as they stood, plans under the digest of their stored bytes', async () => {
    const [input] = resumed
    if (input?.resumed === undefined) throw new Error('nothing was handed on')
    const { migration } = input.resumed
    await database.pool.query(
      `insert into migration (migration, system, number, organisations, sequence, phase, standing, content)
       values ($1, $2, 1, $3, $4, $5, $6, $7)`,
      [
        migration.migration,
        migration.plan.system,
        Object.values(migration.plan.organisations),
        migration.sequence,
        migration.phase,
        migration.standing,
        JSON.stringify(migration),
      ],
    )
    const store = new MigrationStore(database.pool)
    const expected = { ...migration, plan: upgradePlan(migration.plan) }
    expect(await store.get(migration.migration)).toEqual(expected)
    expect(await store.find(migration.plan.system)).toEqual(expected)
    expect(await store.list()).toEqual([expected])
    expect(await store.listNotOver()).toEqual([expected])
  })

  it('is launched again from the very bytes that were frozen', async () => {
    const plan: MigrationPlanV1 = samplePlanV1()
    await database.pool.query(`insert into system (system, content) values ($1, '{}')`, [plan.system])
    const plans = new PlanStore(database.pool)
    const created = await plans.create(plan, actors.coordinator, now())
    expect(created).toMatchObject({ content: upgradePlan(plan), given: plan, digest: jsonDigest(plan) })
    expect(await plans.create(plan, actors.coordinator, now())).toEqual(created)
    const { rows } = await database.pool.query<{ content: unknown }>('select content from plan')
    expect(rows.map(({ content }) => content)).toEqual([plan])
  })
})
