import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const repositoryFolder = dirname(import.meta.dirname)
const isPackage = !existsSync(join(repositoryFolder, 'config', 'home.mjs'))

/**
 * Where everything written at run time lives, decided in this one place for the set-up script and for the programs.
 * Servers are started as users of their own when root runs them, so a home inside folders closed to others would not work.
 * A package has no sources, and its folder is replaced by that of the next one: its home is the user's.
 */
export function chooseHome({
  env = process.env,
  repository = repositoryFolder,
  userId = process.getuid?.(),
} = {}) {
  const named = env.QIANYUN_HOME
  if (named !== undefined && named !== '') return { path: resolve(named) }
  if (isPackage) return { path: join(homedir(), '.qianyun') }
  const usual = join(repository, '.qianyun')
  const closedFolder = userId === undefined ? undefined : firstClosedFolder(repository)
  if (closedFolder === undefined) return { path: usual }
  const path = sharedHome(repository)
  // The set-up gives one to a user who may use sudo; everybody else keeps the usual place.
  if (userId !== 0 && statSync(path, { throwIfNoEntry: false })?.uid !== userId) return { path: usual }
  if (userId !== 0) return { path }
  return {
    path,
    reason: `"${closedFolder}" is closed to other users, and the servers run as users of their own: state is kept in "${path}" instead. Set QIANYUN_HOME to choose another folder.`,
  }
}

/** The home of a repository that lies in a folder closed to others. */
export function sharedHome(repository) {
  const mark = createHash('sha256').update(repository).digest('hex').slice(0, 12)
  return join('/var/lib/qianyun', mark)
}

/** The topmost folder on the way to `folder`, itself included, that other users may not pass through; undefined when all are open. */
export function firstClosedFolder(folder) {
  const way = [resolve(folder)]
  while (dirname(way[0]) !== way[0]) way.unshift(dirname(way[0]))
  return way.find((step) => isClosed(step))
}

function isClosed(folder) {
  const found = statSync(folder, { throwIfNoEntry: false })
  return found !== undefined && (found.mode & 0o001) === 0
}
