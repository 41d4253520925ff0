import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MigrationView } from '../../api/contract.ts'
import { ZoneWatch } from '../../moves/zone-watch.ts'
import { movesOver, planPermitDesk } from '../support/api-move.ts'
import { browserPath, useBrowser } from '../support/browser.ts'
import { useCli } from '../support/cli.ts'
import { useMoves } from '../support/moves.ts'
import { startRunner } from '../support/orchestrator.ts'
import { PaperRoom } from '../support/paper-room.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { useTemporal } from '../support/temporal.ts'

/* All hosts of the system stand in a zone for which nobody has started a runner. */

const zone = 'cloud'
const temporal = useTemporal()
const { api, client } = useMoves({
  consoleFolder: join(import.meta.dirname, '..', '..', 'console'),
  lookEveryMs: 200,
})
const cli = useCli(api)
const browser = useBrowser()
const describeInBrowser = browserPath === undefined ? describe.skip : describe
const move = movesOver(api, { system: 'permit-desk' })
let stopRunner: (() => Promise<void>) | undefined

beforeAll(async () => {
  const plan = samplePlanInput()
  for (const host of Object.values(plan.hosts)) Object.assign(host, { zone })
  await planPermitDesk(api, plan)
  await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
  // It is taken before it can be read.
  const shown = { as: 'coordinator', params: { system: 'permit-desk' } } as const
  while ((await api.send('showMigration', shown)).status !== 200) await sleep(100)
}, 60_000)

afterAll(async () => {
  await stopRunner?.()
}, 60_000)

const awaited = ({ waitingFor }: MigrationView) => waitingFor.filter(({ code }) => code === 'runner')

describe('a step in a zone without a runner', () => {
  it('is told as that by the API and its health, with the zone and since when', async () => {
    const m = await move.until('a step is under way', ({ step }) => step !== undefined)
    expect(awaited(m)).toEqual([
      { code: 'runner', roles: ['operations'], subject: zone, sinceMs: expect.any(Number) },
    ])
    expect(await api.call('health', {})).toEqual({
      status: 'ok',
      withoutRunner: [{ zone, sinceMs: expect.any(Number) }],
    })
  })

  it('is told at the command line: of the move, and to whom it is for among the tasks', async () => {
    const sentence =
      /to start a runner of zone "cloud" \(QIANYUN_ZONE=cloud\): none has been there since 20\d\d-/
    const shown = await cli.as('coordinator', 'migration', 'show', 'permit-desk')
    expect(shown.stdout.replaceAll(/\s+/g, ' ')).toMatch(sentence)
    const tasks = await cli.as('operations', 'task', 'list')
    expect(tasks.stdout.replaceAll(/\s+/g, ' ')).toMatch(sentence)
    const inChinese = await cli.as('operations', 'migration', 'show', 'permit-desk', '--lang', 'zh')
    expect(inChinese.stdout).toMatch(/该区域没有执行端/)
  }, 60_000)

  it('is told of a zone whose runner has not asked for work for longer than one may wait for it', async () => {
    const laterMs = 120_000
    const watch = new ZoneWatch({ temporal: client(), now: () => Date.now() + laterMs })
    const found = await watch.withoutRunner([zone, 'default', zone])
    expect(found).toEqual([
      { zone, sinceMs: expect.any(Number) },
      { zone: 'default', sinceMs: expect.any(Number) },
    ])
  })
})

describeInBrowser('a step in a zone without a runner, on the page', () => {
  it('is told, and the move goes on by itself as a runner comes', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${api.url}/#token=${api.people.operations.token}`)
    await page.goto(`${api.url}/#/moves/permit-desk`)
    const told = page.getByText('to start a runner of zone "cloud"')
    await told.first().waitFor()

    stopRunner = await startRunner(temporal, client().options.namespace, api, new PaperRoom(), zone)
    const m = await move.until('people are asked', ({ tasks }) => tasks.length > 0)
    expect(awaited(m)).toEqual([])
    await told.first().waitFor({ state: 'detached' })
    await context.close()
    // It may have been looked at a moment ago.
    while ((await api.call('health', {})).withoutRunner.length > 0) await sleep(200)
  }, 120_000)
})
