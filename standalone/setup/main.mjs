import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { settleProxies } from '../../config/proxies.mjs'
import { installBrowser, needsBrowser } from './browser.mjs'
import { installLabPackages, needsLabPackages, whatTheLabLacks } from './debian-packages.mjs'
import { assertSpace } from './disk-space.mjs'
import { makeHome } from './home-folder.mjs'
import { opensPages } from './named-tests.mjs'
import { installNpmPackages, packagesMatch } from './npm-packages.mjs'
import { endWithNpm } from './npm-parent.mjs'
import { placePostgres } from './postgres-programs.mjs'
import { assertAsked, assertPortsOpen } from './preflight.mjs'
import { step } from './progress.mjs'
import { runTests } from './run-tests.mjs'
import { SetupError } from './sentence.mjs'
import { placeTemporal, placeTestServer } from './temporal-programs.mjs'
import { uninstall } from './uninstall.mjs'
import { usage } from './usage.mjs'
import { words } from './words.mjs'

const repository = dirname(dirname(import.meta.dirname))

const commands = {
  start: { entry: 'standalone/main.ts', lab: 'if possible', openHome: true },
  demo: { entry: 'lab/demo/main.ts', lab: 'needed', openHome: true },
  bench: { entry: 'bench/main.ts', lab: 'needed', openHome: true },
  soak: { entry: 'soak/main.ts', lab: 'needed' },
  test: { lab: 'if possible', tests: true },
  setup: { lab: 'if possible', tests: true, openHome: true },
  uninstall: {},
}

/** What starts the command line alone, or reads a log, needs no machines. */
const commandOf = (name, args) =>
  name === 'bench' && (args.includes('cli') || args.includes('audit'))
    ? { ...commands.bench, lab: 'none' }
    : commands[name]

const overview = words.overview(Object.keys(commands).join('|'))

async function main([name, ...args]) {
  if (isHelp(name)) return tell(overview)
  const command = commandOf(name, args)
  if (command === undefined)
    throw new SetupError(name === undefined ? overview : `${words.noCommand(name)}\n${overview}`)
  if (args.some(isHelp)) return tell(usage[name])
  // What is written here is read by servers that run as users of their own.
  process.umask(0o022)
  endWithNpm()
  settleProxies(process.env)
  if (name === 'uninstall') {
    assertAsked(name, args)
    return uninstall(repository, args)
  }
  const runArgs = await setUp(name, args)
  if (name === 'setup') return 0
  if (name === 'test') return runTests(repository, args)
  return runProgram(command.entry, runArgs)
}

const isHelp = (word) => word === '--help' || word === '-h'

function tell(text) {
  console.log(text)
  return 0
}

/** Gives the arguments to go on with: without the lab when it cannot be had and need not. */
async function setUp(name, args) {
  const command = commandOf(name, args)
  assertAsked(name, args)
  const wantsLab = command.lab !== 'none' && !args.includes('--no-lab')
  const home = await makeHome(repository, wantsLab && command.openHome === true)
  const noLab = await labKeptOut(home, command, wantsLab)
  const ownPostgres = !process.env.DATABASE_URL || command.tests === true
  const ownTemporal = !process.env.TEMPORAL_ADDRESS || command.tests === true
  if (noLab !== undefined) console.log(`${noLab}\n${words.withoutLab}`)
  const lab = wantsLab && noLab === undefined
  const withoutLab = wantsLab && name === 'start' ? [...args, '--no-lab'] : args
  const debianPackages = lab && (await needsLabPackages())
  const pages = lab && command.tests === true && opensPages(repository, name === 'test' ? args : [])
  const browser = pages && (await needsBrowser())
  const needs = { lab, tests: command.tests === true, ownPostgres, ownTemporal, debianPackages, browser }
  assertSpace(repository, home.path, needs)
  if (name === 'start' && !packagesMatch(repository)) await assertPortsOpen()
  await step(words.npmPackages, (note) => installNpmPackages(repository, note))
  if (ownPostgres) await step('PostgreSQL 18', () => placePostgres(repository, home.path))
  if (ownTemporal) await step('Temporal', (note) => placeTemporal(home.path, note))
  if (command.tests) await step(words.temporalTestServer, (note) => placeTestServer(home.path, note))
  if (!lab) return withoutLab
  try {
    await step(words.labPackages, installLabPackages)
  } catch (error) {
    if (!(error instanceof SetupError) || command.lab === 'needed') throw error
    console.log(`${error.message}\n${name === 'test' ? words.labTestsFail : words.withoutLab}`)
    return withoutLab
  }
  if (pages) await step(words.aBrowser, installBrowser)
  return args
}

/** All that keeps the lab out, of this home or of the machine. Throws SetupError where the command is nothing without. */
async function labKeptOut(home, command, wantsLab) {
  if (!wantsLab || command.openHome !== true) return undefined
  const found = [...(home.open ? [] : [home.why]), ...(await whatTheLabLacks())]
  if (found.length === 0) return undefined
  const why = found.join('\n')
  if (command.lab === 'needed') throw new SetupError(why)
  return why
}

/** Runs a TypeScript program in this very process, so that a signal to it reaches the program. */
async function runProgram(entry, args) {
  const path = join(repository, entry)
  const { register } = await import('tsx/esm/api')
  register()
  process.argv = [process.argv[0], path, ...args]
  await import(pathToFileURL(path).href)
  return undefined
}

try {
  const code = await main(process.argv.slice(2))
  if (code !== undefined) process.exitCode = code
} catch (error) {
  if (error.code === 'ENOSPC') console.error(words.diskFull(error.message))
  else if (error instanceof SetupError || error.code === 'EACCES' || error.code === 'EPERM')
    console.error(error.message)
  else throw error
  process.exitCode = 1
}
