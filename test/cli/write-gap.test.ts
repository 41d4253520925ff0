import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { Session } from '../../cli/identity/session.ts'
import { Terminal } from '../../cli/terminal/terminal.ts'
import { eventLine } from '../../cli/views/event-line.ts'
import { System } from '../../domain/ledger/system.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { historyOf } from '../storage/history.ts'
import { actors } from '../support/actors.ts'
import { useApi } from '../support/api.ts'
import { browserPath, useBrowser } from '../support/browser.ts'
import { useCli } from '../support/cli.ts'

const api = useApi(undefined, { consoleFolder: join(import.meta.dirname, '..', '..', 'console') })
const cli = useCli(api)
const browser = useBrowser()
const describeInBrowser = browserPath === undefined ? describe.skip : describe
const never = new AbortController().signal
const switched = { generation: 1, anatomyMs: {} }

beforeAll(async () => {
  const system = System.parse({
    system: 'permit-desk',
    name: '行政许可',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  })
  await new SystemStore(api.pool).import([system], actors.coordinator, 1)
  await new MigrationStore(api.pool).append(
    historyOf(
      [
        { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
        {
          emit: 'cutover-scheduled',
          data: {
            window: {
              startsAtMs: Date.parse('2026-11-27T14:00:00Z'),
              endsAtMs: Date.parse('2026-11-29T10:00:00Z'),
            },
            latestRollbackAtMs: Date.parse('2026-11-29T09:00:00Z'),
          },
        },
        { emit: 'cut-over', data: { result: { ...switched, gapMs: 0.4, undoneGaps: [{ gapMs: 2_100 }] } } },
        {
          emit: 'rolled-back',
          data: { result: { ...switched, gapMs: 900.2, gapBound: 'at-most' }, to: 'cutover' },
        },
        { emit: 'cut-over', data: { result: switched } },
      ],
      'permit-desk-1',
    ),
  )
})

describe('the write gaps of a move', () => {
  it('are told by the API as they were measured, without a sum when one was not', async () => {
    const { downtime } = await api.call('showMigration', {
      as: 'coordinator',
      params: { system: 'permit-desk' },
    })

    expect(downtime).toEqual({
      switches: [
        { kind: 'cutover', atMs: expect.any(Number), gapMs: 0.4, undoneGaps: [{ gapMs: 2_100 }] },
        { kind: 'rollback', atMs: expect.any(Number), gapMs: 900.2, gapBound: 'at-most', undoneGaps: [] },
        { kind: 'cutover', atMs: expect.any(Number), undoneGaps: [] },
      ],
    })
  })

  it.each([
    [
      'en',
      ['write gap 1 ms', 'undone: write gap 2100 ms', 'write gap at most 901 ms', 'write gap not measured'],
    ],
    ['zh', ['写中断 1 毫秒', '写中断 2100 毫秒', '写中断 至多 901 毫秒', '写中断 未测得']],
  ] as const)(
    'are shown as figures, as bounds, or as not measured, never as none (%s)',
    async (lang, shown) => {
      const { stdout } = await cli.as('coordinator', 'migration', 'show', 'permit-desk', '--lang', lang)
      for (const text of shown) expect(stdout).toContain(text)
      const list = await cli.as('coordinator', 'migration', 'list', '--lang', 'en')
      expect(list.stdout).toContain('2100 ms + 1 ms + at most 901 ms + not measured')
      expect(stdout + list.stdout).not.toMatch(/(gap|most|中断|至多|\+) 0 |NaN|undefined/)
    },
  )

  it('are events that say the same', async () => {
    const { events } = await api.call('listEvents', {
      as: 'coordinator',
      params: { system: 'permit-desk' },
    })
    const session = new Session('en', new Terminal(process, { NO_COLOR: '1' }), { json: false }, {}, never)
    const scheduled = events.find(({ type }) => type === 'cutover-scheduled')
    expect(eventLine(session, scheduled!, 'Asia/Shanghai')).toContain(
      'cutover scheduled    2026-11-27 22:00:00 to 2026-11-29 18:00:00',
    )
    const lines = events.slice(-3).map((event) => eventLine(session, event, 'UTC'))
    expect(lines).toEqual([
      expect.stringMatching(/ cut over +1 ms$/),
      expect.stringMatching(/ rolled back +at most 901 ms$/),
      expect.stringMatching(/ cut over +not measured$/),
    ])
  })
})

describeInBrowser('the write gaps of a move on the page', () => {
  it('are figures, bounds, or not measured', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${api.url}/#token=${api.people.coordinator.token}`)
    const downtime = page.getByText('cutover: write gap 1 ms')
    await downtime.waitFor()
    expect(await downtime.textContent()).toBe(
      'an attempt undone: 2100 ms · cutover: write gap 1 ms · rollback: write gap at most 901 ms · cutover: write gap not measured',
    )
    await page.getByRole('link', { name: '行政许可' }).click()
    for (const text of ['1 ms', 'at most 901 ms', 'not measured']) {
      await page.getByRole('cell', { name: text, exact: true }).waitFor()
    }
    await context.close()
  }, 60_000)
})
