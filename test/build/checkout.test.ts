import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from '@jest/globals'

import { useHomeFolder } from '../support/home-folder.ts'

const repository = join(import.meta.dirname, '..', '..')
const folder = useHomeFolder()
const kept = join(folder, 'node_modules', '.cache', 'qianyun')

/** A checkout whose command line is one file that prints a word. */
beforeEach(() => {
  for (const name of ['cli', 'node_modules', 'build'])
    rmSync(join(folder, name), { recursive: true, force: true })
  for (const name of ['cli', 'node_modules']) mkdirSync(join(folder, name))
  cpSync(join(repository, 'build'), join(folder, 'build'), { recursive: true })
  cpSync(join(repository, 'cli', 'qianyun.mjs'), join(folder, 'cli', 'qianyun.mjs'))
  for (const name of ['esbuild', 'tsx'])
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name))
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  say('one')
})

function say(word: string): void {
  const path = join(folder, 'cli', 'main.ts')
  writeFileSync(path, `export const main = async (): Promise<number> => (console.log('${word}'), 0)\n`)
  // A source that has changed in this very moment is bundled, and the bundle is not kept.
  utimesSync(path, new Date(), new Date(Date.now() - 5_000))
}

function run() {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, 'cli', 'qianyun.mjs')], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  return { said: stdout.trim(), stderr, status }
}

const bundles = () => readdirSync(kept).filter((name) => name.startsWith('bundle-'))

describe('the command line of a checkout', () => {
  it('keeps one bundle of its sources, and says what a changed source says at once', () => {
    expect([run().said, run().said]).toEqual(['one', 'one'])
    expect(bundles()).toHaveLength(1)

    say('other')

    expect([run().said, run().said]).toEqual(['other', 'other'])
  })

  it('runs from source, whatever has been built there', () => {
    mkdirSync(join(folder, 'dist'), { recursive: true })
    writeFileSync(join(folder, 'dist', 'qianyun.js'), `export const main = () => console.log('built')`)

    expect(run().said).toBe('one')
    rmSync(join(folder, 'cli', 'main.ts'))
    expect(run().said).toBe('built')
    rmSync(join(folder, 'dist'), { recursive: true })
  })

  it('runs from its sources one by one where no bundle can be kept', () => {
    writeFileSync(join(folder, 'node_modules', '.cache'), 'a file where a folder is wanted')

    expect(run()).toEqual({ said: 'one', stderr: '', status: 0 })
  })

  it('shows where a source does not compile', () => {
    writeFileSync(join(folder, 'cli', 'main.ts'), 'export const main = (\n')

    const { status, stderr } = run()

    expect(status).not.toBe(0)
    expect(stderr).toContain('main.ts')
  })

  it('says of a package that was made without a build how it is made', () => {
    rmSync(join(folder, 'cli', 'main.ts'))

    expect(run()).toMatchObject({ status: 1, stderr: expect.stringMatching(/npm run build && npm pack/) })
  })
})
