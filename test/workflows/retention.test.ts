import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/common'
import { engineActor } from '../../domain/organisation.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { migrationWorkflowId } from '../../workflows/migration/messages.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { nextPlan, useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)
let isArmed = true
paper.activities.awaitArmed = async () => {
  if (!isArmed) throw ApplicationFailure.nonRetryable('reverse-slot-missing', 'way-back-not-armed')
}

describe('retention', () => {
  it('begins with a way back on record as degraded when nobody saw it armed', async () => {
    isArmed = false
    const move = await Move.launch(temporal.env.client, database.pool, nextPlan())
    await move.toRecognition()
    await move.toCutover()
    const through = move.toRetention(Date.now())
    await move.until('not armed', (m) => m.step?.failure?.code === 'way-back-not-armed')
    const skip = { step: 'arm-way-back', reason: 'the slot is being made anew' }
    expect(await move.command('skip-step', actors.operations, skip)).toBe('taken')
    isArmed = true
    expect((await through).retention?.wayBack).toMatchObject({
      state: 'degraded',
      reasons: [{ code: 'arming-skipped', values: {} }],
    })
    const armed = { state: 'armed', reasons: [] } as const
    expect(await move.command('report-way-back', engineActor, armed)).toBe('taken')
  }, 90_000)

  it('goes on in a run of its own when a way back comes and goes, and can be rolled back at any time', async () => {
    const plan = nextPlan()
    const move = await Move.launch(temporal.env.client, database.pool, plan)
    await move.toRecognition()
    await move.toCutover()
    const before = await move.toRetention(Date.now())
    const handle = temporal.env.client.workflow.getHandle(migrationWorkflowId(plan.system))
    const firstRun = (await handle.describe()).runId
    for (let change = 1; change <= 205; change += 1) {
      const data = { state: change % 2 === 1 ? 'degraded' : 'armed', reasons: [] } as const
      await move.command('report-way-back', engineActor, data, `way-back-${change}`)
    }
    const m = await move.until(
      'told',
      (at) => at.retention?.wayBack.state === 'degraded' && at.sequence > 205,
    )
    for (let look = 0; look < 100 && (await handle.describe()).runId === firstRun; look += 1) await sleep(50)
    expect((await handle.describe()).runId).not.toBe(firstRun)
    expect(m).toMatchObject({ phase: 'retention', retention: { untilMs: before.retention?.untilMs } })
    const events = await new MigrationStore(database.pool).events(m.migration)
    expect(events.filter((e) => e.type === 'retention-started')).toHaveLength(1)
    expect(events.filter((e) => e.type === 'way-back-changed')).toHaveLength(205)
    expect(await move.command('roll-back', actors.operations, { reason: 'payment fails' })).toBe('taken')
    await move.until('rolled back', (at) => at.switches.length === 2)
  }, 180_000)
})
