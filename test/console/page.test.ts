import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'

import type { MigrationSummary } from '../../api/contract.ts'
import { browserPath, useBrowser } from '../support/browser.ts'
import type { Person } from '../support/credentials.ts'
import { useMoves } from '../support/moves.ts'
import { readOnly } from '../support/read-only.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { samplePlan } from '../support/plan.ts'

const { api, client } = useMoves({
  consoleFolder: join(import.meta.dirname, '..', '..', 'console'),
  lookEveryMs: 200,
})
const browser = useBrowser()
const describeInBrowser = browserPath === undefined ? describe.skip : describe
const system = 'permit-desk'
const name = '行政许可受理系统'

let context: BrowserContext | undefined
const complaints: string[] = []

/** A page of a browser of its own; what the browser complains of (its policy, errors) fails the test. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  context = await browser.newContext(options)
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (40[1-4]|503)|net::ERR/.test(message.text()))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${api.url}/${path}`)
  return page
}

const signedIn = (person: Person, path = '', options: BrowserContextOptions = {}): Promise<Page> =>
  open(`${path}#token=${api.people[person].token}`, options)

afterEach(async () => {
  await context?.close()
  context = undefined
  expect(complaints.splice(0)).toEqual([])
})

/** Waits until it is there to be seen. */
async function expectSeen(what: Locator): Promise<void> {
  await what.first().waitFor()
  expect(await what.first().isVisible()).toBe(true)
}

async function list(): Promise<MigrationSummary[]> {
  return (await api.call('listMigrations', { as: 'coordinator' })).migrations
}

async function untilMove(wanted: (move: MigrationSummary) => boolean): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    const [move] = await list()
    if (move !== undefined && wanted(move)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`The move did not come so far: ${JSON.stringify(await list())}`)
}

describeInBrowser('the page before a move', () => {
  it('asks for a token, and says when it is nobody’s', async () => {
    const page = await open('')
    await page.getByLabel('Token').fill('nobodys-token-0000000000000000000000000000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectSeen(page.getByRole('alert').getByText('does not accept this token'))
    await page.getByLabel('Token').fill(api.people.owner.token)
    await page.keyboard.press('Enter')
    await expectSeen(page.getByText('No move yet.'))
    await expectSeen(page.getByText('npx qianyun migration launch'))
  }, 60_000)

  it('takes the token of its address, and takes it out of the address at once', async () => {
    const page = await signedIn('owner')
    await expectSeen(page.getByText('owner-li · owner · permit-bureau'))
    expect(page.url()).toBe(`${api.url}/#/`)
    expect(await page.evaluate<number>('history.length')).toBeLessThanOrEqual(2)
    expect(await page.evaluate<number>('localStorage.length')).toBe(0)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expectSeen(page.getByLabel('Token'))
    expect(await page.evaluate<number>('sessionStorage.length')).toBe(0)
  }, 60_000)

  it.each(['%zz', '%E4%BB%A4%E7%89%8C'])(
    'refuses a link whose token "%s" cannot be one, and lets another be given',
    async (token) => {
      const page = await open(`#token=${token}`)
      await expectSeen(page.getByRole('alert').getByText('does not accept this token'))
      expect(page.url()).toBe(`${api.url}/#/`)
      await page.getByLabel('Token').fill(api.people.owner.token)
      await page.keyboard.press('Enter')
      await expectSeen(page.getByText('No move yet.'))
    },
    60_000,
  )

  it('speaks the language of the browser, and the other one when asked', async () => {
    const page = await open('', { locale: 'zh-CN' })
    await expectSeen(page.getByRole('heading', { name: '登录' }))
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await page.getByRole('button', { name: 'English' }).click()
    await expectSeen(page.getByRole('heading', { name: 'Sign in' }))
    await page.reload()
    await expectSeen(page.getByRole('heading', { name: 'Sign in' }))
  }, 60_000)
})

describeInBrowser('the page with a move', () => {
  beforeAll(async () => {
    const { policy } = samplePlan({ profile: 'lab', trialRun: { seconds: 1 }, retention: { seconds: 90 } })
    await api.call('importSystems', {
      as: 'coordinator',
      body: [
        { system, name, department: 'permit-bureau', vendor: 'permit-soft', mlpsLevel: 2, classified: false },
      ],
    })
    await api.call('createPlan', { as: 'coordinator', body: samplePlanInput({ policy }) })
    await api.call('launchMigration', { as: 'coordinator', body: { plan: 'permit-desk-plan' } })
    await untilMove(({ openTasks }) => openTasks.length > 0)
  }, 60_000)

  it('shows phase, step, whom it waits for, downtime and the way back, and marks the lab', async () => {
    const page = await signedIn('coordinator')
    const card = page.getByRole('article', { name })
    await expectSeen(card.getByText('Lab', { exact: true }))
    expect(await card.locator('[aria-current=step]').textContent()).toContain('Assessment')
    expect(await card.locator('.stepper li').count()).toBe(9)
    await expectSeen(card.getByText('owner (permit-bureau) to take task'))
    await expectSeen(card.getByText('none: not switched yet'))
    await expectSeen(card.getByText('not needed: the old side serves'))
    expect(await page.getByRole('link', { name: 'Temporal UI' }).getAttribute('href')).toBe(
      'http://127.0.0.1:8233',
    )
  }, 60_000)

  it('tells a colleague of whoever has a task how to take it over, with a reason, which it then shows', async () => {
    const params = { migration: system, task: 'accept-findings' }
    const line = `npx qianyun task take ${system} accept-findings --reason "…" --account `
    await api.call('takeTask', { as: 'owner', params, body: {} })
    const page = await signedIn('secondOwner')
    await page.getByRole('link', { name }).click()
    await expectSeen(page.getByText(`${line}owner-zhou`))
    await api.call('takeTask', { as: 'secondOwner', params, body: { reason: 'owner-li is ill' } })
    await expectSeen(page.getByRole('cell', { name: 'owner-li is ill' }))
    await page.getByText(line).waitFor({ state: 'detached' })
    await api.call('takeTask', { as: 'owner', params, body: { reason: 'well again' } })
  }, 60_000)

  it('changes by itself, and says aloud what has changed', async () => {
    const page = await signedIn('coordinator')
    await expectSeen(page.getByText('owner (permit-bureau) to complete task'))
    const params = { migration: system, task: 'accept-findings' }
    await api.call('completeTask', { as: 'owner', params, body: { note: 'accepted' } })
    await expectSeen(page.getByText('provider (city-cloud) to take task'))
    await page.locator('#news').getByText('Resourcing').waitFor({ state: 'attached' })
  }, 60_000)

  it('says that it is stale when the server is gone, and catches up when it is back', async () => {
    const page = await signedIn('coordinator')
    await expectSeen(page.getByText('live', { exact: true }))
    await expectSeen(page.getByText('provider (city-cloud) to take task'))
    await context?.setOffline(true)
    await expectSeen(page.locator('#banner').getByText('Not live'))
    await expectSeen(page.getByText('provider (city-cloud) to take task'))
    const params = { migration: system, task: 'approve-resources' }
    await api.call('completeTask', { as: 'provider', params, body: { note: 'allocated' } })
    await context?.setOffline(false)
    await expectSeen(page.getByText('vendor (permit-soft) to take task'))
    await page.locator('#banner').waitFor({ state: 'hidden' })
  }, 60_000)

  it('says since when nothing is recorded, while the database of the product takes nothing', async () => {
    const page = await signedIn('coordinator')
    await expectSeen(page.getByText('live', { exact: true }))
    await readOnly(api.pool, true)
    try {
      await expectSeen(
        page.locator('#banner').getByText(/Nothing has been recorded since .*database of Qianyun/),
      )
    } finally {
      await readOnly(api.pool, false)
    }
    await page.locator('#banner').waitFor({ state: 'hidden' })
  }, 120_000)

  it('shows one move with its tasks and events, by the keyboard alone', async () => {
    const page = await signedIn('coordinator')
    await page.getByRole('link', { name }).focus()
    await page.keyboard.press('Enter')
    await expectSeen(page.getByRole('heading', { level: 1, name }))
    expect(page.url()).toBe(`${api.url}/#/moves/${system}-1`)
    await expectSeen(page.getByRole('cell', { name: 'host keys pinned' }))
    await expectSeen(page.getByText(`npx qianyun task show ${system} adapt-code --context VENDOR`))
    await expectSeen(page.getByText(`npx qianyun migration facts ${system}-1 --account coordinator-chen`))
    await page.getByRole('link', { name: 'All moves' }).focus()
    await page.keyboard.press('Enter')
    await expectSeen(page.getByRole('heading', { level: 1, name: 'Moves' }))
  }, 60_000)

  it('shows what would turn the direction of writing instead of obeying it', async () => {
    const body = { reason: 'the key \u202Erof\u202C owner' }
    await api.call('pause', { as: 'coordinator', params: { system }, body })
    const page = await signedIn('coordinator')
    await page.getByRole('link', { name }).click()
    const shown = 'the key \\u{202e}rof\\u{202c} owner'
    await expectSeen(page.getByRole('cell', { name: shown }))
    await expectSeen(page.getByRole('definition').getByText(shown))
    await api.call('resume', { as: 'coordinator', params: { system }, body: {} })
  }, 60_000)

  it('says what is not there, or not to be seen, alike', async () => {
    const page = await signedIn('otherOwner')
    await expectSeen(page.getByText('No move yet.'))
    await page.goto(`${api.url}/#/moves/${system}-1`)
    await expectSeen(page.getByRole('alert').getByText(`There is no move "${system}-1"`))
  }, 60_000)

  it.each([
    ['a phone', { viewport: { width: 400, height: 800 } }],
    ['a desktop at 200 %', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ])(
    'fits %s without scrolling sideways',
    async (_, options) => {
      const page = await signedIn('coordinator', '', options)
      await page.getByRole('link', { name }).click()
      await expectSeen(page.getByRole('heading', { level: 1, name }))
      expect(
        await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
      ).toBeLessThanOrEqual(0)
    },
    60_000,
  )

  it('shows at once that the workflow of a move was ended outside, by whom and why', async () => {
    const page = await signedIn('operations')
    await expectSeen(page.getByText('vendor (permit-soft) to take task'))
    await client().workflow.getHandle(`migration/${system}`).terminate('cleaning up')
    await expectSeen(page.getByText('ended outside Qianyun'))
    await expectSeen(page.getByText(/^terminated by \S+ at .*, reason: cleaning up$/))
    await page.getByRole('link', { name }).click()
    const line = `npx qianyun migration acknowledge-end ${system} --reason "…" --account operations-sun`
    await expectSeen(page.getByText(line))
  }, 60_000)
})
