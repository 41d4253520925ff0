import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/**
 * The command line of a checkout as a bundle, which starts in a third of the time that its sources take one by one. It is kept beside the
 * packages and made anew when a source or a package has changed. Gives its path; undefined where none can be made or kept: the folder may
 * belong to another user, a source may not compile.
 */
export async function bundleOfCheckout(repository) {
  const folder = join(repository, 'node_modules', '.cache', 'qianyun')
  try {
    return keptBundle(repository, folder) ?? (await makeBundle(repository, folder))
  } catch {
    return undefined
  }
}

const recordOf = (folder) => join(folder, 'kept.json')

function keptBundle(repository, folder) {
  if (!existsSync(recordOf(folder))) return undefined
  const { bundle, sources } = JSON.parse(readFileSync(recordOf(folder), 'utf8'))
  const isAsItWas = Object.entries(sources).every(([path, mark]) => markOf(join(repository, path)) === mark)
  return isAsItWas && existsSync(bundle) ? bundle : undefined
}

async function makeBundle(repository, folder) {
  const { bundleCommandLineOfCheckout } = await import('./bundles.mjs')
  mkdirSync(folder, { recursive: true })
  const beganMs = Date.now()
  // A folder of its own for each: another process may still load parts of the last one.
  const made = mkdtempSync(join(folder, 'bundle-'))
  chmodSync(made, 0o755)
  try {
    const inputs = await bundleCommandLineOfCheckout(repository, made)
    const sources = Object.fromEntries(
      [...inputs, 'package-lock.json'].map((path) => [path, markOf(join(repository, path))]),
    )
    const bundle = join(made, 'qianyun.js')
    // What changed meanwhile may have been read before it changed.
    const settled = Object.values(sources).every((mark) => changedMsOf(mark) < beganMs)
    if (settled) keep(folder, { bundle, sources })
    removeOldBundles(folder, bundle)
    return bundle
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    throw error
  }
}

/** Time and size of a file. */
function markOf(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 'absent' : `${found.mtimeMs} ${found.size}`
}

const changedMsOf = (mark) => Number(mark.split(' ')[0])

function keep(folder, record) {
  const draft = join(folder, `kept.${process.pid}.json`)
  writeFileSync(draft, JSON.stringify(record))
  renameSync(draft, recordOf(folder))
}

/** A command that was started with an older bundle may run for hours and load a part of it late. */
function removeOldBundles(folder, current) {
  const dayAgoMs = Date.now() - 86_400_000
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!name.startsWith('bundle-') || current.startsWith(path) || statSync(path).mtimeMs > dayAgoMs) continue
    rmSync(path, { recursive: true, force: true })
  }
}
