import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Worker } from '@temporalio/worker'
import { workflowBundlePath } from '../support/temporal.ts'

const folder = join(import.meta.dirname, 'histories')

interface SavedHistory {
  readonly workflowId: string
  readonly history: Record<string, unknown>
}

describe('saved histories', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

  it('are there for every kind of ending a run has had', () => {
    expect(files.length).toBeGreaterThanOrEqual(10)
  })

  it.each(files)('%s replays on the code as it is now', async (name) => {
    const { workflowId, history } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as SavedHistory
    const codePath = await workflowBundlePath()
    const replaying = Worker.runReplayHistory({ workflowBundle: { codePath } }, history, workflowId)
    await expect(replaying).resolves.toBeUndefined()
  })

  it('are refused by code that does other things in another order', async () => {
    const name = files.find((file) => file.startsWith('migration')) ?? ''
    const { workflowId, history } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as SavedHistory
    const events = history['events'] as {
      activityTaskScheduledEventAttributes?: { activityType: { name: string } }
    }[]
    const changed = events.map((event) =>
      event.activityTaskScheduledEventAttributes === undefined
        ? event
        : {
            ...event,
            activityTaskScheduledEventAttributes: {
              ...event.activityTaskScheduledEventAttributes,
              activityType: { name: 'somethingElse' },
            },
          },
    )
    const codePath = await workflowBundlePath()
    await expect(
      Worker.runReplayHistory({ workflowBundle: { codePath } }, { ...history, events: changed }, workflowId),
    ).rejects.toThrow(/[Nn]ondeterminism/)
  })
})
