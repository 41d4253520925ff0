import { existsSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'

import { chooseHome, sharedHome } from '../../config/home.mjs'
import { packagesRecord } from './debian-packages.mjs'
import { becomeRoot } from './privilege.mjs'
import { run } from './run.mjs'
import { programFailed, SetupError } from './sentence.mjs'
import { words } from './words.mjs'

const users = ['qy-old', 'qy-staging', 'qy-cloud', 'qy-entry', 'qy-stack']
/** What starts and the set-up write into a home; whatever else is in a named one stays. */
const partsOfHome = [
  ...['bin', 'postgresql-18', 'postgres', 'temporal', 'secrets', 'own-secrets', 'accounts', 'context.json'],
  ...['standalone.json', 'lab', 'logs', 'demo', 'bench'],
]

/**
 * Shows what was made on this machine, asks, and removes it: the home, the npm packages, the users of servers and hosts; the
 * Debian packages that were installed are asked about apart. Gives the exit code. Throws SetupError while something of it runs.
 */
export async function uninstall(repository, args) {
  const yes = args.includes('--yes')
  const paths = findPaths(repository)
  assertEnded(paths)
  const found = users.filter((name) => isUser(name))
  const packages = recordedPackages()
  if (paths.length + found.length + packages.length === 0) return tell(words.nothingToRemove)
  console.log([words.removes, ...paths.map((path) => `  ${path}`), ...found.map(words.userLine)].join('\n'))
  if (!(yes || (await ask(words.askRemove)))) return tell(words.removedNothing, 1)
  const root = await becomeRoot()
  if (root === undefined && found.length > 0) throw new SetupError(words.removeNeedsRoot)
  await endLeftHosts(root ?? [], paths)
  await runAll(root ?? [], ['rm', '-rf', '--', ...paths])
  forgetEmptyFolders(paths)
  for (const name of found) await removeUser(root, name)
  if (packages.length > 0) await removePackages(root, packages, args.includes('--packages'), yes)
  return tell(words.removed)
}

function findPaths(repository) {
  const { path } = chooseHome()
  const isNamed = (process.env.QIANYUN_HOME ?? '') !== ''
  const home = isNamed ? partsOfHome.map((name) => join(path, name)) : [path]
  const all = [...home, ...(isNamed ? [] : [join(repository, '.qianyun'), sharedHome(repository)])]
  return [...new Set([...all, join(repository, 'node_modules')])].filter((one) => existsSync(one))
}

function forgetEmptyFolders(paths) {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    if (folder.startsWith('/var/lib/qianyun') || folder === process.env.QIANYUN_HOME) {
      if (existsSync(folder) && readdirSync(folder).length === 0) tryTo(() => rmdirSync(folder))
    }
  }
}

/** A stack or a lab that runs is ended by who started it. */
function assertEnded(paths) {
  const folders = paths.flatMap((path) => [path, dirname(path), join(path, 'demo'), join(path, 'bench')])
  for (const file of folders.flatMap((folder) => [
    join(folder, 'standalone.json'),
    join(folder, 'lab', 'starter.json'),
  ])) {
    const { pid, startTicks } = readJson(file)
    if (pid !== undefined && startTicksOf(pid) === startTicks) throw new SetupError(words.stillRuns(pid))
  }
}

/** Hosts whose starter was killed. */
async function endLeftHosts(root, paths) {
  const left = processesOf(users).filter(({ text }) => paths.some((path) => text.includes(`${path}/`)))
  if (left.length > 0) await runAll(root, ['kill', '-KILL', ...left.map(({ pid }) => pid)])
}

async function removeUser(root, name) {
  const busy = processesOf([name])[0]
  if (busy !== undefined) return tell(words.userStays(name, busy.pid))
  await runAll(root, ['userdel', name])
}

async function removePackages(root, packages, wanted, yes) {
  const names = packages.join(' ')
  console.log(words.packagesWere(names))
  const mayRemove = wanted || (!yes && (await ask(words.askPackages)))
  if (!mayRemove) return tell(words.packagesStay(names))
  await runAll(root, ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'remove', '-y', ...packages])
  await runAll(root, ['rm', '-f', packagesRecord])
}

async function runAll(root, commandWords) {
  const [command, ...args] = [...root, ...commandWords]
  const { code, output } = await run(command, args)
  if (code !== 0) throw programFailed(words.notRemoved(commandWords.join(' ')), output)
}

function recordedPackages() {
  const text = existsSync(packagesRecord) ? readFileSync(packagesRecord, 'utf8') : ''
  return [...new Set(text.split('\n').filter(Boolean))]
}

const isUser = (name) =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .some((line) => line.startsWith(`${name}:`))

function processesOf(names) {
  const ids = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([name]) => names.includes(name))
    .map(([, , uid]) => Number(uid))
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => ids.includes(tryTo(() => statSync(`/proc/${pid}`).uid)))
    .map((pid) => ({
      pid,
      text: ['cmdline', 'environ']
        .map((file) => tryTo(() => readFileSync(`/proc/${pid}/${file}`, 'utf8')) ?? '')
        .join(),
    }))
}

function startTicksOf(pid) {
  const stat = tryTo(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
}

const readJson = (path) => tryTo(() => JSON.parse(readFileSync(path, 'utf8'))) ?? {}

function tryTo(work) {
  try {
    return work()
  } catch {
    return undefined
  }
}

async function ask(question) {
  if (!process.stdin.isTTY) return false
  const input = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await input.question(question).catch(() => '')
  input.close()
  return answer.trim() === 'yes'
}

function tell(text, code = 0) {
  console.log(text)
  return code
}
