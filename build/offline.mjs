import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * Makes a folder that runs where no registry can be reached: the package, and of the packages installed here those it needs, in
 * the versions of package-lock.json. Packages hold programs for one platform, so the folder is for machines like this one.
 */
const repository = dirname(import.meta.dirname)
const { name, version } = readJson('package.json')
const { values } = parseArgs({
  options: { to: { type: 'string', default: join(repository, 'dist', 'offline') } },
})
const folder = resolve(values.to, `${name}-${version}-${process.platform}-${process.arch}`)

mkdirSync(values.to, { recursive: true })
const draft = mkdtempSync(join(values.to, '.draft-'))
try {
  unpackPackage(draft)
  const made = join(draft, 'package')
  for (const path of neededPackages()) copyPackage(path, made)
  rmSync(folder, { recursive: true, force: true })
  renameSync(made, folder)
} finally {
  rmSync(draft, { recursive: true, force: true })
}
console.log(`The folder is "${folder}". Copy it to the other machine; there: node cli/qianyun.mjs --help`)

/** What `npm pack` makes of the build that is there, unpacked; npm names the file on its last line. */
function unpackPackage(into) {
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', into], { cwd: repository })
  const archive = String(packed).trim().split('\n').at(-1)
  execFileSync('tar', ['-xzf', join(into, archive), '-C', into])
}

/** Paths of what is no development package. Optional ones for other platforms are rightly absent. */
function neededPackages() {
  const needed = Object.entries(readJson('package-lock.json').packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true,
  )
  const absent = needed.find(
    ([path, { optional }]) => !existsSync(join(repository, path)) && optional !== true,
  )
  if (absent !== undefined) throw new Error(`"${absent[0]}" is not installed: npm ci`)
  return needed.map(([path]) => path).filter((path) => existsSync(join(repository, path)))
}

/** Packages inside a package have a line of their own in the lock file. */
function copyPackage(path, into) {
  const source = join(repository, path)
  const filter = (file) => !file.slice(source.length).startsWith('/node_modules') && !isOfOtherPlatform(file)
  cpSync(source, join(into, path), { recursive: true, filter })
}

/** Temporal's core brings a library for each platform, named by its target. */
function isOfOtherPlatform(file) {
  const [, target] = /core-bridge\/releases\/([^/]+)/.exec(file) ?? []
  const cpu = { x64: 'x86_64', arm64: 'aarch64' }[process.arch]
  const system = { linux: 'linux', darwin: 'apple', win32: 'windows' }[process.platform]
  return target !== undefined && !(target.startsWith(cpu) && target.includes(system))
}

function readJson(file) {
  return JSON.parse(readFileSync(join(repository, file), 'utf8'))
}
