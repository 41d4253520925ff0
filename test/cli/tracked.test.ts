import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { useCli } from '../support/cli.ts'
import { useMoves } from '../support/moves.ts'
import { trackedPlanInput } from '../support/tracked-plan.ts'

const { api, room } = useMoves({ playbooksFolder: join(import.meta.dirname, '../../playbooks') })
const cli = useCli(api)
const task = '1-tracked-assess'

beforeAll(async () => {
  const system = {
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { as: 'coordinator', body: [system] })
  await api.call('createPlan', { as: 'coordinator', body: trackedPlanInput() })
  await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
  const isThere = async (): Promise<boolean> => {
    const { tasks } = await api.call('listTasks', { as: 'vendor', query: { all: 'true' } })
    return tasks.some((one) => one.task.id === task)
  }
  for (let look = 0; look < 200 && !(await isThere()); look += 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
}, 60_000)

const words = ['--lang', 'en']

describe('a tracked move', () => {
  it('is marked as that in its list, its view, its tasks and its plan', async () => {
    const of = async (...args: readonly string[]) => (await cli.as('coordinator', ...args, ...words)).stdout
    expect(await of('migration', 'list')).toContain('[TRACKED]')
    expect(await of('migration', 'show', 'permit-desk')).toContain(
      'people do this move with another tool or by hand; what stands here they attest',
    )
    expect((await cli.as('vendor', 'task', 'list', ...words)).stdout).toContain('[TRACKED]')
    expect(await of('plan', 'show', 'permit-desk-plan')).toContain('with "Data Guard"')
    expect(await of('plan', 'methods', 'permit-desk')).toContain(
      'tracked: by people, with another tool or by hand',
    )
    const { migrations } = await api.call('listMigrations', { as: 'owner' })
    expect(migrations).toMatchObject([{ system: 'permit-desk', tracked: true }])
  })

  it('takes a task with its evidence and its figures, signs them, and shows them', async () => {
    const shown = (await cli.as('vendor', 'task', 'show', 'permit-desk', task, ...words)).stdout
    expect(shown).toContain('figures (done-by, began-at, ended-at)')
    const file = cli.file('system.txt', 'Oracle 11.2.0.4')
    const complete = async (...figures: readonly string[]) => {
      const args = ['task', 'complete', 'permit-desk', task, '--note', '已核对', '--evidence', file]
      return cli.run([...args, ...figures, '--context', 'vendor', ...words])
    }
    await cli.as('vendor', 'task', 'take', 'permit-desk', task)
    const without = await complete('--figure', 'done-by=王工')
    expect([without.exitCode, without.stderr]).toEqual([1, expect.stringContaining('began-at, ended-at')])
    const at = new Date().toISOString()
    const when = ['--figure', `began-at=${at}`, '--figure', `ended-at=${at}`]
    const done = await complete('--figure', 'done-by=王工', ...when)
    expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining('system.txt')])
    const signed = await cli.as('vendor', 'task', 'sign', 'permit-desk', task, '--yes', ...words)
    expect(signed.stderr).toContain('figure: done-by "王工"')
    const after = (await cli.as('operations', 'task', 'show', 'permit-desk', task, ...words)).stdout
    expect(after).toContain('done-by: 王工')
    expect(room.of('permit-desk').ran).toEqual([])
  })
})
