import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContext, Page } from 'playwright-core'
import { useApi } from '../support/api.ts'
import { browserPath, useBrowser } from '../support/browser.ts'
import { storeWayBackMoves } from '../support/way-back-moves.ts'

const api = useApi(undefined, { consoleFolder: join(import.meta.dirname, '..', '..', 'console') })
const browser = useBrowser()
const describeInBrowser = browserPath === undefined ? describe.skip : describe

const opened: BrowserContext[] = []

beforeAll(async () => {
  await storeWayBackMoves(api)
})
afterAll(async () => {
  await Promise.all(opened.map(async (context) => context.close()))
})

async function pageOf(locale: string): Promise<Page> {
  const context = await browser.newContext({ locale })
  opened.push(context)
  const page = await context.newPage()
  await page.goto(`${api.url}/#token=${api.people.operations.token}`)
  return page
}

const alone = 'given up: the old side is being opened without the new one'

describeInBrowser('the way back on the page', () => {
  it.each([
    ['before', 'not needed: the old side serves', '尚不需要：旧侧在用'],
    ['switched', 'not known yet: the new side serves', '尚不清楚：新侧在用'],
    ['arming', 'being armed: the new side serves', '正在建立：新侧在用'],
    ['armed', /^armed[,;]/, /^就绪[，；]/],
    ['rolled-back', 'not needed: the old side serves', '尚不需要：旧侧在用'],
    ['new-side-gone', alone, '已放弃：正在单独启用旧侧'],
    ['gone-early', alone, '已放弃：正在单独启用旧侧'],
  ])(
    'of "%s" is said by who serves, in the list and on its own',
    async (system, en, zh) => {
      for (const [locale, said] of [
        ['en-GB', en],
        ['zh-CN', zh],
      ] as const) {
        const page = await pageOf(locale)
        const card = page.getByRole('article', { name: system, exact: true })
        await card.getByText(said).first().waitFor()
        await card.getByRole('link').first().click()
        await page.getByRole('heading', { level: 1, name: system }).waitFor()
        await page.getByRole('article').getByText(said).first().waitFor()
        expect(await page.getByText(said).count()).toBeGreaterThan(0)
      }
    },
    60_000,
  )

  it('that is degraded is said with its reasons in the reader’s language, however they were recorded', async () => {
    for (const [locale, said] of [
      ['en-GB', 'database: the old side is 12 s behind'],
      ['zh-CN', 'database：旧侧滞后 12 秒'],
    ] as const) {
      const page = await pageOf(locale)
      await page.getByRole('article', { name: 'degraded', exact: true }).getByRole('link').first().click()
      await page.getByRole('definition').getByText(said).waitFor()
      await page.getByRole('cell').getByText(said).waitFor()
      expect(await page.getByText('marker-late').count()).toBe(0)
    }
  }, 60_000)
})
