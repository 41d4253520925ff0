import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture
let from: string
let to: string

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd })
  from = join(fixture.scratch, "from: it's")
  to = join(fixture.scratch, 'to $(id)')
  for (let number = 0; number < 40; number++) write(`${number % 4}/deep/${number}.pdf`, `file ${number}`)
  write('outside/tree/of/one', 'one', fixture.scratch)
  write('outside/tree/two', 'two', fixture.scratch)
})
afterEach(async () => {
  await fixture.close()
})

const longAgo = 1_600_000_000

function write(name: string, text: string, below = from): void {
  mkdirSync(dirname(join(below, name)), { recursive: true })
  writeFileSync(join(below, name), text)
  utimesSync(join(below, name), longAgo, longAgo)
}

let runs = 0

async function sync(settings = '') {
  const [one, other] = [from, to].map((path) => JSON.stringify(path))
  fixture.write(
    'sync',
    `steps: [{ id: a, kind: sync-files, with: { from: { host: source, path: ${one} }, to: { host: target, path: ${other} }${settings} } }]`,
  )
  const request = fixture.request('sync', { runId: `scope-${process.pid}-${runs++}` })
  const { failure, done } = await fixture.runner.runSteps(request, ['a'])
  return { failure, result: done[0]?.result as { readonly totalFiles?: number; readonly files?: number } }
}

/** The clocks of these tests are one: what changes from now on is what has changed. Status times are up to a tick behind. */
async function sinceNow(): Promise<void> {
  await sleep(60)
  const carried = join(sshd.directory, '.qianyun/carried')
  const now = Date.now() / 1000 - 0.03
  for (const name of readdirSync(carried))
    if (existsSync(join(carried, name, 'as-of'))) utimesSync(join(carried, name, 'as-of'), now, now)
}

/** Every entry of a folder with what a copy has to have. rsync does not tell the time of a link within a second. */
function listed(folder: string): string {
  const what = `find . -mindepth 1 \\( -type d -printf '%p %y %m\\0' -o -type l -printf '%p %l\\0' -o -printf '%p %y %m %T@ %n\\0' \\) | sort -z | tr '\\0' '|'; find . -type f -print0 | sort -z | xargs -0 cat`
  return execFileSync('sh', ['-c', what], { cwd: folder }).toString('latin1')
}

const changed = ', scope: changed'

describe('a pass over what has changed', () => {
  it('carries whatever kind of change there was, and looks at nothing else', async () => {
    await sync()
    await sinceNow()
    write('0/deep/new.pdf', 'new')
    write('1/deep/1.pdf', 'FILE 1')
    writeFileSync(join(from, '1/deep/5.pdf'), 'longer than before')
    chmodSync(join(from, '2/deep/2.pdf'), 0o600)
    chmodSync(join(from, '3'), 0o700)
    renameSync(join(from, '2/deep/6.pdf'), join(from, '2/renamed\nof two lines.pdf'))
    linkSync(join(from, '0/deep/0.pdf'), join(from, '0/again.pdf'))
    symlinkSync('deep/4.pdf', join(from, '0/link'))
    execFileSync('sh', ['-c', `touch "$(printf '\\312\\375.pdf')"`], { cwd: from })
    mkdirSync(join(from, 'empty'))

    const { failure, result } = await sync(changed)

    expect(failure).toBeUndefined()
    // Of 53. Folder 3 and its files are among them: only its status has changed, as if it had been moved here. rsync counts the folders above twice.
    expect(result.totalFiles).toBeLessThan(45)
    execFileSync('rm', ['-f', join(to, '2/deep/6.pdf')])
    expect(listed(to)).toBe(listed(from))
  }, 60_000)

  it('takes all of a folder that was moved to where it is, or made there with another in it', async () => {
    await sync()
    await sinceNow()
    renameSync(join(fixture.scratch, 'outside/tree'), join(from, 'tree'))
    write('tree/three', 'three')
    renameSync(join(from, '1'), join(from, '0/one'))

    expect((await sync(changed)).failure).toBeUndefined()

    execFileSync('rm', ['-rf', join(to, '1')])
    expect(listed(to)).toBe(listed(from))
    expect(statSync(join(to, 'tree/of/one')).mtimeMs).toBe(longAgo * 1000)
  }, 60_000)

  it('is one over all of it where nobody has carried all of it, or the record is gone', async () => {
    expect((await sync(changed)).result).toMatchObject({ files: 40 })
    execFileSync('rm', ['-rf', join(sshd.directory, '.qianyun/carried')])
    writeFileSync(join(from, '0/deep/0.pdf'), 'another')
    expect((await sync(changed)).result).toMatchObject({ files: 1 })
    expect(readFileSync(join(to, '0/deep/0.pdf'), 'utf8')).toBe('another')
  }, 60_000)

  it('begins where the last whole one began, not where it ended, and says what it has not compared', async () => {
    await sync()
    const before = readdirSync(join(sshd.directory, '.qianyun/carried'))
    expect(before.length).toBeGreaterThan(0)
    // Within the margin that clocks may differ by, everything counts as changed.
    const { result } = await sync(`${changed}, mustBeFlat: true`)
    expect(result).toEqual({ changed: false })
    writeFileSync(join(from, '0/deep/0.pdf'), 'another')
    expect(JSON.stringify((await sync(changed)).result)).toContain('not-compared-unchanged')
  }, 60_000)
})
