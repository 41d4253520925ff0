import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'

import { chooseHome, firstClosedFolder, sharedHome } from '../../config/home.mjs'
import { becomeRoot } from './privilege.mjs'
import { run } from './run.mjs'
import { SetupError } from './sentence.mjs'
import { words } from './words.mjs'

/**
 * The home to set up, made and writable, before anything is fetched: `{ path, open }`; `open` says whether users of their own
 * can reach it, as the lab's hosts must. A user who may use sudo is given a home outside closed folders, as root is; one that
 * holds state already stays. Throws SetupError when the home cannot be made, is of somebody else, or a server of root's could
 * not reach it.
 */
export async function makeHome(repository, wantsLab, env = process.env) {
  const choice = chooseHome({ env })
  if (choice.reason !== undefined)
    console.log(words.homeElsewhere(firstClosedFolder(repository), choice.path))
  whereFolderFails(choice.path, () => assertOwn(choice.path))
  const closed = closedOnTheWay(choice.path)
  const given =
    closed !== undefined && wantsLab ? await giveSharedHome(repository, choice.path, closed, env) : undefined
  const path = given ?? choice.path
  whereFolderFails(path, () => {
    makeFolder(path)
    accessSync(path, constants.W_OK | constants.X_OK)
  })
  const isOpen = given !== undefined || closed === undefined
  if (!isOpen && process.getuid?.() === 0 && !env.DATABASE_URL)
    throw new SetupError(words.homeClosed(closed, path))
  if (!isOpen) return { path, open: false, why: words.homeClosed(closed, path) }
  return unwritable.test(path) ? { path, open: false, why: words.homeUnwritable(path) } : { path, open: true }
}

/** What means something else in a configuration file or crontab of the lab's hosts. */
const unwritable = /['"\\%#$`\n]/

/** Folder by folder: a recursive mkdir of Node tries for ever where the file system has no such folder and makes none, as /proc. */
function makeFolder(path) {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o755 })
}

function whereFolderFails(path, work) {
  try {
    work()
  } catch (error) {
    if (error instanceof SetupError || error.code === 'ENOSPC') throw error
    throw new SetupError(words.homeNotMade(path, error.code ?? error.message))
  }
}

/** A home of one's own is opened by the lab; what lies above it is not the lab's. */
function closedOnTheWay(path) {
  const above = firstClosedFolder(dirname(path))
  return above ?? (process.getuid?.() === 0 ? firstClosedFolder(path) : undefined)
}

async function giveSharedHome(repository, path, closed, env) {
  const isNamed = (env.QIANYUN_HOME ?? '') !== ''
  const userId = process.getuid?.()
  if (isNamed || userId === 0 || existsSync(join(path, 'postgres'))) return undefined
  const root = await becomeRoot()
  if (root === undefined) return undefined
  const shared = sharedHome(repository)
  const [command, ...args] = [...root, 'install', '-d', '-m', '755', dirname(shared)]
  const made = await run(command, args)
  const owner = ['-o', String(userId), '-g', String(process.getgid())]
  const [again, ...rest] = [...root, 'install', '-d', '-m', '755', ...owner, shared]
  if (made.code !== 0 || (await run(again, rest)).code !== 0) return undefined
  console.log(words.homeElsewhere(closed, shared))
  return shared
}

function assertOwn(path) {
  const me = process.getuid?.()
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || me === undefined) return
  if (!found.isDirectory()) throw new SetupError(words.homeIsNoFolder(path))
  const other = ['secrets', 'accounts', 'logs', 'bin', 'lab']
    .map((name) => statSync(join(path, name), { throwIfNoEntry: false })?.uid)
    .find((uid) => uid !== undefined && uid !== me)
  if (other !== undefined) throw new SetupError(words.homeOf(path, nameOf(other), userInfo().username))
}

function nameOf(uid) {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.split(':')[2] === String(uid))
  return line?.split(':')[0] ?? String(uid)
}
