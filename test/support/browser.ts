import { afterAll, beforeAll } from '@jest/globals'
import { findBrowser } from '../../standalone/setup/browser.mjs'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'

/** The browser of this machine; undefined where none runs. */
export const browserPath = findBrowser()

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
