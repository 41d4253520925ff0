import { spawnSync } from 'node:child_process'

import { installPackages } from './debian-packages.mjs'
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

/** Installs a browser when none runs and apt may; the tests of the page are skipped without. One that brings snapd is not installed. */
export async function installBrowser(note) {
  if (findBrowser() !== undefined) return words.alreadyThere
  try {
    const { output } = await run('apt-get', ['install', '--simulate', '--no-install-recommends', 'chromium'])
    if (/^Inst snapd\b/m.test(output)) throw new SetupError(words.browserBySnap)
    await installPackages(['chromium'], note)
    if (findBrowser() === undefined) throw new SetupError(words.browserDoesNotRun)
    return words.installed
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return words.noBrowser(error.message.split('\n')[0])
  }
}

function answers(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { timeout: 30_000, encoding: 'utf8' })
  return status === 0 && /\d+\.\d+/.test(stdout)
}
