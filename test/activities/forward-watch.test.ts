import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createGuardActivities } from '../../activities/guard.ts'
import { wayBackWatchers } from '../../activities/way-back-watchers.ts'
import { say } from '../../domain/words/said.ts'
import { dropSlot } from '../../families/postgresql/replication/slots.ts'
import { CommandStore } from '../../storage/commands.ts'
import { MeasurementStore } from '../../storage/measurements.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { WatchedMoves } from '../../storage/watched-moves.ts'
import { guardWorkflowId } from '../../workflows/guard/messages.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  withServer,
} from '../support/postgres-pair.ts'
import { until } from '../support/until.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const storage = useDatabase()
const temporal = useOwnTemporal()
useWorkers(storage, temporal)

let pair: Pair
let move: Move
let endGuard = async (): Promise<void> => undefined

/** The phases before go by on paper; replication is real, and not switched. */
beforeAll(async () => {
  pair = await startPair('forward')
  await makeApplication(pair)
  await replicate(pair)
  const plan = nextPlan({ profile: 'lab', trialRun: { seconds: 1 }, retention: { seconds: 7_200 } })
  move = await Move.launch(temporal.env.client, storage.pool, plan)
  await move.toRecognition()
  await move.toCutover()
  const measurements = new MeasurementStore(storage.pool)
  const guard = createGuardActivities({
    commands: new CommandStore(storage.pool),
    moves: new WatchedMoves(storage.pool),
    measurements,
    temporal: temporal.env.client,
    watchers: async () =>
      wayBackWatchers({
        places: {
          opened: (_family, _move, _dataset, role) => pair[role === 'source' ? 'source' : 'target'],
        },
        measurements,
      }),
  })
  const activity = new MockActivityEnvironment({
    workflowExecution: { workflowId: guardWorkflowId('default'), runId: 'a-run' },
  })
  const watching = activity.run(async () => guard.watchZone({ zone: 'default', forMs: 600_000 }))
  const ended = watching.catch(() => undefined)
  endGuard = async () => {
    activity.cancel()
    await ended
  }
}, 120_000)

afterAll(async () => {
  await endGuard()
  await pair.stop()
}, 60_000)

const forward = async () => (await move.now()).forward
const told = async (code: string) =>
  until(async () => (await forward())?.reasons.some((reason) => reason.code === code) === true)
const go = async () => move.command('decide-cutover', actors.operations, { decision: 'go', reason: 'ready' })

it('tells the move what keeps the new side from being current, holds the go back meanwhile, and takes it back', async () => {
  await move.schedule(Date.now())
  await move.until('prepared', (m) => m.cutover?.preparation === 'done' && m.step === undefined)
  expect(await forward()).toBeUndefined()

  pair.new.freeze()
  try {
    await told('forward-not-looked-at')
    expect(await go()).toBe('new-side-not-current')
  } finally {
    pair.new.thaw()
  }
  await until(async () => (await forward()) === undefined)

  const link = await withServer(pair.new.port, database, async (client) => {
    const { rows } = await client.query<{ name: string }>('select subname as name from pg_subscription')
    return rows[0]?.name ?? ''
  })
  await withServer(pair.old.port, database, async (client) => dropSlot(client, link, 0))
  await told('forward-lost')
  const { forward: lost, migration } = await move.now()
  expect(await go()).toBe('new-side-not-current')
  expect(say('en', lost!.reasons[0]!)).toContain(`slot "${link}"`)
  expect(say('zh', lost!.reasons[0]!)).toContain(`复制槽“${link}”`)
  const events = await new MigrationStore(storage.pool).events(migration)
  expect(events.filter(({ type }) => type === 'forward-changed')).toHaveLength(3)
}, 120_000)
