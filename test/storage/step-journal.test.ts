import { describe, expect, it } from '@jest/globals'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const journal = () => new StepJournalStore(database.pool)

describe('the step journal', () => {
  it('keeps the facts of before the first change while a step is interrupted and resumed', async () => {
    await journal().started('run-1', 'copy', { tables: 3 })
    await journal().mark('run-1', 'copy', 'dumped', { bytes: 12 })
    await journal().started('run-1', 'copy', { tables: 99 })
    await journal().mark('run-1', 'copy', 'dumped', { bytes: 12 })
    await journal().mark('run-1', 'copy', 'restored')
    const entry = await journal().read('run-1', 'copy')
    expect(entry).toMatchObject({ status: 'started', attempt: 1, factsBefore: { tables: 3 } })
    expect(entry?.marks.map(({ name }) => name)).toEqual(['dumped', 'restored'])
    expect(entry?.marks[0]).toMatchObject({ detail: { bytes: 12 } })
    expect(entry?.marks[1]).not.toHaveProperty('detail')
  })

  it('counts attempts after failures and keeps the result of the one that succeeded', async () => {
    await journal().started('run-2', 'deploy', null)
    await journal().failed('run-2', 'deploy', 'no space left\0')
    expect(await journal().read('run-2', 'deploy')).toMatchObject({
      status: 'failed',
      error: 'no space left',
    })
    await journal().started('run-2', 'deploy', null)
    await journal().done('run-2', 'deploy', { changed: true })
    await journal().done('run-2', 'deploy', { changed: true })
    await journal().started('run-2', 'deploy', null)
    const entry = await journal().read('run-2', 'deploy')
    expect(entry).toMatchObject({ status: 'done', attempt: 2, result: { changed: true } })
    expect(entry).not.toHaveProperty('error')
  })

  it('begins anew after an undo', async () => {
    await journal().started('run-3', 'fence', { login: true })
    await journal().mark('run-3', 'fence', 'revoked')
    await journal().undone('run-3', 'fence')
    await journal().started('run-3', 'fence', { login: false })
    expect(await journal().read('run-3', 'fence')).toMatchObject({
      status: 'started',
      attempt: 2,
      factsBefore: { login: false },
      marks: [],
    })
  })

  it('gives the steps of a run in the order they began, skipped ones too', async () => {
    await journal().started('run-4', 'zeta', undefined)
    await journal().skipped('run-4', 'alpha', 'when is false')
    expect((await journal().readRun('run-4')).map(({ stepId, status }) => [stepId, status])).toEqual([
      ['zeta', 'started'],
      ['alpha', 'skipped'],
    ])
    expect(await journal().read('run-4', 'unknown')).toBeUndefined()
  })
})
