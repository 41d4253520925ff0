import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { families } from '../../../families/index.ts'
import { loadKinds } from '../../../runner/steps/find-kind.ts'
import { stepKinds } from '../../../runner/steps/index.ts'
import { kindFolders, repository } from '../../support/kind-folders.ts'

const tests = ['test/runner', 'test/families'].flatMap((room) =>
  readdirSync(join(repository, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(repository, room, file), 'utf8')),
)

/** What a process has loaded of packages that are CommonJS, once it has imported these files. */
function packagesLoadedBy(files: readonly string[]): readonly string[] {
  const script = `
    import { createRequire } from 'node:module'
    for (const file of ${JSON.stringify(files)}) await import('./' + file)
    console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'))`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const printed = execFileSync(process.execPath, args, { cwd: repository, encoding: 'utf8' })
  const names = [...printed.matchAll(/node_modules\/([^/\n]+)/g)].map(([, name]) => name ?? '')
  return [...new Set(names)]
}

describe('the list of kinds', () => {
  it('has every folder of a kind, under the name its page is headed with', () => {
    expect([...stepKinds.keys()].sort()).toEqual([...kindFolders.keys()].sort())
  })

  it('names no family and no kind of a family twice', () => {
    const names = [
      families.map(({ name }) => name),
      families.flatMap(({ steps }) => steps.map((one) => one.name)),
    ]
    for (const some of names) expect(new Set(some).size).toBe(some.length)
  })

  it('is imported, and playbooks are linted by it, without a package that reaches hosts or databases', () => {
    const reaches = ['ssh2', 'node-ssh', 'pg']
    const pure = ['runner/steps/index.ts', 'runner/language/lint.ts', 'runner/language/json-schema.ts']
    expect(packagesLoadedBy(pure).filter((name) => reaches.includes(name))).toEqual([])
    const whole = ['runner/ssh/connection.ts', 'families/postgresql/database.ts']
    expect(packagesLoadedBy(whole)).toEqual(expect.arrayContaining(['ssh2', 'pg']))
  })
})

describe.each([...stepKinds.values()])('the kind $name', (kind) => {
  it('loads what carries out that very kind, and can undo what it says it can', async () => {
    const { implementation } = await kind.load()
    expect(implementation.kind).toBe(kind.name)
    expect([...(await loadKinds([kind.name, kind.name])).keys()]).toEqual([kind.name])
    const undoes = 'undo' in implementation || 'carryOutUndo' in implementation
    expect(undoes).toBe(kind.undoable !== undefined)
  })

  it('has a data case or a test of its own', () => {
    const folder = kindFolders.get(kind.name) ?? ''
    const cases = existsSync(join(repository, 'test', folder.replace(/[^/]+$/, kind.name)))
    expect(cases || tests.some((text) => text.includes(`${folder}/index.ts'`))).toBe(true)
  })
})
