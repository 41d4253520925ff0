import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { folderBytes } from './folder-size.mjs'
import { run } from './run.mjs'
import { DiskFullError, programFailed } from './sentence.mjs'
import { words } from './words.mjs'

/** Installs what package-lock.json names, unless exactly that is installed. */
export async function installNpmPackages(repository, note) {
  if (packagesMatch(repository)) return words.alreadyThere
  const modules = join(repository, 'node_modules')
  note(words.running('npm ci'), () => ({ bytes: folderBytes(modules) }))
  // npm's own script says which npm this is, when npm started us.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? [process.execPath, process.env.npm_execpath]
    : ['npm']
  const [command, ...first] = npm
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const { code, output } = await run(command, args, { cwd: repository })
  if (code !== 0) {
    const error = programFailed(words.npmFailed, errorLines(output), 6)
    // npm leaves what it had unpacked, and begins anew the next time.
    if (error instanceof DiskFullError) rmSync(modules, { recursive: true, force: true })
    throw error
  }
  return words.installed
}

/** npm says what is wrong first and how it is used after that. */
function errorLines(output) {
  const errors = output.split('\n').filter((line) => /^npm (error|ERR!) \S/.test(line))
  return errors.slice(0, 6).join('\n') || output
}

/**
 * Whether node_modules holds what the lock file says, by the list npm keeps inside node_modules. Optional packages for
 * other platforms are rightly absent.
 */
export function packagesMatch(repository) {
  const installedPath = join(repository, 'node_modules', '.package-lock.json')
  if (!existsSync(installedPath)) return false
  const wanted = readPackages(join(repository, 'package-lock.json'))
  const installed = readPackages(installedPath)
  return Object.entries(wanted)
    .filter(([path]) => path !== '')
    .every(([path, { version, optional, integrity }]) => {
      const found = installed[path]
      if (found === undefined) return optional === true
      return found.version === version && found.integrity === integrity
    })
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages
}
