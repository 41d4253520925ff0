import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import type { WorkflowHandle } from '@temporalio/client'
import type { MigrationEvent } from '../../domain/move/event.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { CommandStore } from '../../storage/commands.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { inTransaction, lockName, locks } from '../../storage/pool.ts'
import { commandUpdates, migrationWorkflowId } from '../../workflows/migration/messages.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { resetWorkflow } from '../support/reset-workflow.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const storage = useDatabase()
const temporal = useOwnTemporal()
useWorkers(storage, temporal)

const store = () => new MigrationStore(storage.pool)

async function until(reached: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await reached()) return
    await sleep(50)
  }
  throw new Error('It never came to that')
}

/** A move that waits for the owner, with all it has decided on record. */
async function waiting() {
  const { client } = temporal.env
  const plan = nextPlan()
  const move = await Move.launch(client, storage.pool, plan)
  const { migration } = await move.until('findings', (m) => m.tasks.length === 1)
  const workflowId = migrationWorkflowId(plan.system)
  const handle = client.workflow.getHandle(workflowId)
  await until(async () => {
    const { raw } = await handle.describe()
    return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask
  })
  return { client, move, migration, workflowId, handle }
}

/** Gives a command, whatever becomes of it. */
async function pause(migration: string, handle: WorkflowHandle): Promise<void> {
  const request = { requestId: randomUUID(), actor: actors.operations, data: { reason: 'holiday' } }
  await new CommandStore(storage.pool).give({ migration, name: 'pause', ...request }, Date.now())
  await handle.executeUpdate(commandUpdates.pause, { args: [request] }).catch(() => undefined)
}

/** What somebody else has recorded under the sequence the move takes next. */
async function recordBeside(migration: string): Promise<MigrationEvent> {
  const { sequence } = await store().get(migration)
  const event: MigrationEvent = {
    migration,
    sequence: sequence + 1,
    atMs: 1,
    actor: actors.coordinator,
    type: 'held',
    data: { reason: 'by another' },
  }
  await store().append([event])
  return event
}

/** Changes the stored move behind the product's back, as a backup that was put back does. Gives what stood there before. */
async function setProjection(migration: string, change: (m: Migration) => Migration) {
  const content = await store().get(migration)
  await storage.pool.query('update migration set content = $2 where migration = $1', [
    migration,
    JSON.stringify(change(content)),
  ])
  return { content }
}

describe('a move whose event storage refuses', () => {
  it('stops, and says which event it was and what to do', async () => {
    const { migration, handle } = await waiting()
    const { sequence } = await recordBeside(migration)
    const asked = pause(migration, handle)
    await expect(handle.result()).rejects.toMatchObject({
      cause: {
        type: 'event-conflict',
        message: expect.stringContaining(
          `Event ${String(sequence)} of "${migration}" is recorded as "put on hold"`,
        ),
      },
    })
    await asked
  }, 60_000)
})

describe('a move that was reset', () => {
  it('goes on where the run before had recorded its last event and was not told', async () => {
    const { client, migration, move, workflowId, handle } = await waiting()
    let asked: Promise<void> | undefined
    await inTransaction(storage.pool, async (other) => {
      await lockName(other, locks.migration, migration)
      asked = pause(migration, handle)
      await until(async () => ((await handle.describe()).raw.pendingActivities ?? []).length > 0)
      await handle.terminate('cleaning up')
    })
    await move.until('paused', (m) => m.standing === 'paused')
    await asked
    await resetWorkflow(client, workflowId)
    // A reset gives the run its signals and updates anew, at its own pace: until then it is not paused, and refuses.
    await until(async () => (await move.command('resume', actors.operations, { note: '' })) === 'taken')
    const events = await store().events(migration)
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['paused', 'resumed'])
    expect((await handle.describe()).status.name).toBe('RUNNING')
  }, 60_000)

  it('to the task before a refusal goes on once the database is put right', async () => {
    const { client, migration, move, workflowId, handle } = await waiting()
    const { content } = await setProjection(migration, (m) => ({ ...m, sequence: m.sequence - 1 }))
    const asked = pause(migration, handle)
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'event-gap' } })
    await asked

    await setProjection(migration, () => content)
    const { events } = await handle.fetchHistory()
    const refused = events?.findLast(({ activityTaskScheduledEventAttributes: a }) => a?.activityType)
    const eventId = Number(refused?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId)
    await resetWorkflow(client, workflowId, { eventId })
    await move.until('paused', (m) => m.standing === 'paused')
    expect(await move.command('resume', actors.operations, { note: '' })).toBe('taken')
  }, 60_000)
})
