import { spawnSync } from 'node:child_process'

import { installPackages, updateLists } from './debian-packages.mjs'
import { findOnPath, run } from './run.mjs'
import { SetupError } from './sentence.mjs'
import { words } from './words.mjs'

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/**
 * A browser for the page's tests; undefined when none of this machine runs. Ubuntu's "chromium" is a script that asks for
 * snapd: a file of that name is no browser until it answers.
 */
export function findBrowser(env = process.env) {
  const found = programs.flatMap((name) => findOnPath(name, env.PATH) ?? [])
  return [env.QIANYUN_CHROMIUM, ...found, ...elsewhere].find((place) => place && answers(place))
}

/** Whether one would be installed: none runs, and apt is there and knows of one that is no snap, or knows nothing yet. */
export async function needsBrowser() {
  if (findBrowser() !== undefined) return false
  const { code, output } = await simulate()
  return code !== 127 && !bySnap.test(output)
}

/** Installs a browser when none runs and apt may; the tests of the page are skipped without. One that is a snap is not installed. */
export async function installBrowser(note) {
  if (findBrowser() !== undefined) return words.alreadyThere
  try {
    let plan = await simulate()
    // Before its first update apt knows no package, and cannot tell a snap.
    if (plan.code !== 0) {
      await updateLists('chromium', note)
      plan = await simulate()
    }
    if (bySnap.test(plan.output)) throw new SetupError(words.browserBySnap)
    await installPackages(['chromium'], note)
    if (findBrowser() === undefined) throw new SetupError(words.browserDoesNotRun)
    return words.installed
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return words.noBrowser(error.message.split('\n')[0])
  }
}

/** Ubuntu's package brings snapd where it is missing, and asks the one that is there for the snap: its version tells. */
const bySnap = /^Inst (snapd |\S+ \([^)]*snap)/m

function simulate() {
  return run('apt-get', ['install', '--simulate', '--no-install-recommends', 'chromium'])
}

function answers(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { timeout: 30_000, encoding: 'utf8' })
  return status === 0 && /\d+\.\d+/.test(stdout)
}
