import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContext } from 'playwright-core'
import { System } from '../../domain/ledger/system.ts'
import { phases } from '../../domain/move/phase.ts'
import { names, sentences } from '../../domain/words/catalogue.ts'
import { said, say } from '../../domain/words/said.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { historyOf } from '../storage/history.ts'
import { actors } from '../support/actors.ts'
import { useApi } from '../support/api.ts'
import { browserPath, useBrowser } from '../support/browser.ts'
import { samplePlan } from '../support/plan.ts'

const api = useApi(undefined, { consoleFolder: join(import.meta.dirname, '..', '..', 'console') })
const browser = useBrowser()
const describeInBrowser = browserPath === undefined ? describe.skip : describe
const { system } = samplePlan()

const missed = said('gate-missed', {
  problem: said('rehearsal-gates-missed', { gates: [said('writes-lost', { lost: 1, acknowledged: 9 })] }),
})
const steps = Object.keys(names.step)
let context: BrowserContext

beforeAll(async () => {
  await new SystemStore(api.pool).import(
    [System.parse({ system, name: '业务系统', department: 'permit-bureau' })],
    actors.coordinator,
    1,
  )
  const each = steps.flatMap((step) => [
    { emit: 'step-started', data: { step, attempt: 1 } } as const,
    { emit: 'step-finished', data: { step } } as const,
  ])
  const failed = { step: 'rehearse', attempt: 1, ...missed, message: say('en', missed) }
  await new MigrationStore(api.pool).append(
    historyOf(
      [
        { emit: 'phase-entered', data: { phase: 'rehearsal', round: 1 } },
        ...each,
        { emit: 'step-started', data: { step: 'rehearse', attempt: 1 } },
        {
          emit: 'step-failed',
          data: { ...failed, playbookStep: 'switches', playbookTitle: { en: 'Switches', zh: '切换' } },
        },
      ],
      `${system}-1`,
    ),
  )
})
afterAll(async () => context.close())

/** What the page shows of the move, in a language. */
async function shown(locale: string): Promise<string> {
  context = await browser.newContext({ locale })
  const page = await context.newPage()
  await page.goto(`${api.url}/#token=${api.people.operations.token}`)
  await page.getByRole('article', { name: '业务系统' }).getByRole('link').first().click()
  await page.locator('#back').waitFor()
  return page.locator('main').innerText()
}

describeInBrowser('the page', () => {
  it('shows a Chinese reader no code and no English name of a step', async () => {
    const text = await shown('zh-CN')
    expect(text).toContain('测试与演练 失败：切换：演练未通过：已确认的 9 次写入中丢失 1 次。')
    expect(text).toContain('最终同步')
    // Commands are typed as they are, whoever reads.
    const read = text.replaceAll(/npx qianyun.*/g, '')
    for (const code of [...Object.keys(sentences), ...steps, ...phases].filter((one) => one.includes('-')))
      expect({ code, stands: read.includes(code) }).toEqual({ code, stands: false })
    for (const { en } of [...Object.values(names.step), ...Object.values(names.event)])
      expect({ en, stands: read.includes(en) }).toEqual({ en, stands: false })
  }, 60_000)

  it('says the same in English', async () => {
    const text = await shown('en-GB')
    expect(text).toContain(
      'rehearse failed: Switches: The rehearsal missed gates: 1 of 9 acknowledged writes',
    )
    expect(text).toContain('final sync')
  }, 60_000)

  it('says what the API refuses, and why, in the reader’s language', async () => {
    for (const [locale, said] of [
      ['zh-CN', '无法载入：迁云自身的数据库没有应答，或无法写入，请稍后重试；/healthz 会说明自何时起。'],
      [
        'en-GB',
        'This could not be loaded: The database of Qianyun does not answer, or takes nothing. Try again in a moment; /healthz says since when.',
      ],
    ] as const) {
      context = await browser.newContext({ locale })
      const page = await context.newPage()
      const problem = { code: 'storage-unavailable', status: 503, detail: 'In English.', values: {} }
      await page.route('**/migrations', async (route) => route.fulfill({ status: 503, json: problem }))
      await page.goto(`${api.url}/#token=${api.people.operations.token}`)
      await page.getByText(said).waitFor()
      expect(await page.getByText('In English.').count()).toBe(0)
      await context.close()
    }
  }, 60_000)

  it('says what the ledger has against a move, and types for each state what the command line types', async () => {
    const moves = new MigrationStore(api.pool)
    const contradictions = [
      { cell: 'classified', planned: 'false', found: 'true' },
      { cell: 'mlpsLevel', planned: '3', found: '4' },
    ] as const
    for (const [name, acts] of [
      ['held', [{ emit: 'ledger-changed', data: { contradictions } }]],
      [
        'undeployed',
        [
          { emit: 'step-started', data: { step: 'deploy-staging', attempt: 1 } },
          { emit: 'step-failed', data: { step: 'deploy-staging', attempt: 1, code: 'x', message: 'x' } },
        ],
      ],
    ] as const) {
      await new SystemStore(api.pool).import(
        [System.parse({ system: name, name, department: 'permit-bureau' })],
        actors.coordinator,
        2,
      )
      await moves.append(
        historyOf(acts, `${name}-1`).map((event) =>
          event.type === 'launched'
            ? { ...event, data: { ...event.data, plan: { ...event.data.plan, plan: name, system: name } } }
            : event,
        ),
      )
    }
    context = await browser.newContext({ locale: 'zh-CN' })
    const page = await context.newPage()
    await page.goto(`${api.url}/#token=${api.people.operations.token}`)
    const open = async (name: string) => {
      await page.getByRole('article', { name, exact: true }).getByRole('link').first().click()
      await page.locator('#back').waitFor()
      return page.locator('main').innerText()
    }
    const held = await open('held')
    expect(held).toContain('更正台账或计划：涉密、等保级别')
    expect(held).toContain('台账中“涉密”为“true”，而迁移以“false”为前提。')
    expect(held).toContain('迁移已暂缓，签署已作废。')
    expect(held).toContain('npx qianyun system show held')
    expect(held.replaceAll(/npx qianyun.*/g, '')).not.toMatch(/mlpsLevel|classified/)
    await page.locator('#back').click()
    const blocked = await open('undeployed')
    expect(blocked).toContain('npx qianyun migration retry undeployed')
    expect(blocked).toContain('npx qianyun migration skip undeployed --reason "…"')
  }, 60_000)
})
