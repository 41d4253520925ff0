import { existsSync } from 'node:fs'
import { afterAll, beforeAll } from '@jest/globals'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'

const places = [
  process.env['QIANYUN_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser of this machine; undefined where there is none. */
export const browserPath = places.find((place) => place !== undefined && existsSync(place))

/** A headless browser for the file. Every context it gave is closed with it. */
export function useBrowser(): { newContext(options?: BrowserContextOptions): Promise<BrowserContext> } {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (browserPath === undefined) return
    browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
  }, 60_000)
  return {
    newContext: async (options) => {
      if (browser === undefined) throw new Error('There is no browser on this machine; install chromium')
      return browser.newContext({ locale: 'en-GB', ...options })
    },
  }
}
