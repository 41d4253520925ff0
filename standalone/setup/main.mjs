import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { chooseHome } from '../../config/home.mjs'
import { settleProxies } from '../../config/proxies.mjs'
import { installBrowser, installLabPackages } from './debian-packages.mjs'
import { installNpmPackages } from './npm-packages.mjs'
import { endWithNpm } from './npm-parent.mjs'
import { placePostgres } from './postgres-programs.mjs'
import { step } from './progress.mjs'
import { runTests } from './run-tests.mjs'
import { SetupError } from './sentence.mjs'
import { placeTemporal, placeTestServer } from './temporal-programs.mjs'
import { usage } from './usage.mjs'

const repository = dirname(dirname(import.meta.dirname))

const commands = {
  start: { entry: 'standalone/main.ts', lab: 'if possible' },
  demo: { entry: 'lab/demo/main.ts', lab: 'needed' },
  bench: { entry: 'bench/main.ts', lab: 'needed' },
  soak: { entry: 'soak/main.ts', lab: 'needed' },
  test: { lab: 'needed', tests: true },
  setup: { lab: 'if possible', tests: true },
}

const overview = `node standalone/setup/first.cjs <${Object.keys(commands).join('|')}> [arguments]
Sets up what is missing, then runs it. Everything is kept in one folder: QIANYUN_HOME, or .qianyun in the repository.`

async function main([name, ...args]) {
  if (isHelp(name)) return tell(overview)
  const command = commands[name]
  if (command === undefined)
    throw new SetupError(name === undefined ? overview : `"${name}" is not a command.\n${overview}`)
  if (args.some(isHelp)) return tell(usage[name])
  // What is written here is read by servers that run as users of their own.
  process.umask(0o022)
  endWithNpm()
  settleProxies(process.env)
  const runArgs = await setUp(command, args)
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
async function setUp(command, args) {
  const home = chooseHome()
  if (home.reason !== undefined) console.log(home.reason)
  mkdirSync(home.path, { recursive: true, mode: 0o755 })
  await step('npm packages', (note) => installNpmPackages(repository, note))
  if (!process.env.DATABASE_URL || command.tests) {
    await step('PostgreSQL 18', () => placePostgres(repository, home.path))
  }
  if (!process.env.TEMPORAL_ADDRESS || command.tests) {
    await step('Temporal', (note) => placeTemporal(home.path, note))
  }
  if (command.tests) await step('Temporal test server', (note) => placeTestServer(home.path, note))
  if (args.includes('--no-lab')) return args
  try {
    await step("the lab's Debian packages", installLabPackages)
  } catch (error) {
    if (!(error instanceof SetupError) || command.lab === 'needed') throw error
    console.log(`${error.message}\nGoing on without the lab.`)
    return [...args, '--no-lab']
  }
  if (command.tests) await step('a browser', installBrowser)
  return args
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
  if (
    !(error instanceof SetupError) &&
    error.code !== 'EACCES' &&
    error.code !== 'EPERM' &&
    error.code !== 'ENOSPC'
  )
    throw error
  console.error(error.message)
  process.exitCode = 1
}
