import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { say } from '../../../domain/words/said.ts'
import type { Said } from '../../../domain/words/message.ts'
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
  from = join(fixture.scratch, 'from')
  to = join(fixture.scratch, 'new', 'deep', 'to')
  mkdirSync(from)
})
afterEach(async () => {
  rmSync(join(sshd.directory, '.bashrc'), { force: true })
  await fixture.close()
})

const checked = ', checksum: true, mustBeFlat: true'
let runs = 0

async function sync(settings = checked) {
  fixture.write(
    'sync',
    `steps: [{ id: a, kind: sync-files, with: { from: { host: source, path: ${from} }, to: { host: target, path: ${to} }${settings} } }]`,
  )
  const { done, failure } = await fixture.runner.runSteps(
    fixture.request('sync', { runId: `run-${String(runs++)}` }),
    ['a'],
  )
  const result = done[0]?.result as { verified?: boolean; notCompared?: Said[] } | undefined
  return {
    result,
    failure,
    named: (result?.notCompared ?? []).map((one) => say('en', one)).join('\n'),
    codes: (result?.notCompared ?? []).map(({ code }) => code),
  }
}

/** A file with an ACL and an attribute, as an archive lays it down: the tools that set them are not everywhere. */
function withAttributes(name: string, content: string): void {
  const archive = join(fixture.scratch, 'archive.tar')
  writeFileSync(join(from, name), content)
  const pax = [
    'SCHILY.xattr.user.note:=checked by hand',
    'SCHILY.acl.access:=user::rw-\nuser:daemon:rw-\ngroup::r--\nmask::rw-\nother::r--',
  ].map((record) => `--pax-option=${record}`)
  execFileSync('tar', ['--format=posix', ...pax, '-C', from, '-cf', archive, name])
  rmSync(join(from, name))
  execFileSync('tar', ['--xattrs', '--xattrs-include=user.*', '--acls', '-C', from, '-xf', archive])
}

/** The attributes of a file as an archive writes them. */
function attributesOf(folder: string, name: string): string {
  const words = ['--format=posix', '--xattrs', '--acls', '-C', folder, '-cf', '-', name]
  const text = execFileSync('tar', words).toString('latin1')
  return [
    ...text.matchAll(/SCHILY\.(?:xattr\.user|acl\.access)[^\n]*(?:\n(?:user|group|mask|other):[^\n]*)*/g),
  ].join('\n')
}

describe('attributes of files', () => {
  it('go along: access control lists, extended attributes, holes, pipes, hard links', async () => {
    withAttributes('附件.pdf', 'content')
    expect(attributesOf(from, '附件.pdf')).toMatch(
      /checked by hand[^]*user:daemon|user:daemon[^]*checked by hand/,
    )
    execFileSync('truncate', ['-s', '300M', join(from, 'hole')])
    execFileSync('mkfifo', [join(from, 'pipe')])
    const { result, named } = await sync()
    expect(result?.verified).toBe(true)
    expect(attributesOf(to, '附件.pdf')).toBe(attributesOf(from, '附件.pdf'))
    expect(statSync(join(to, 'hole')).blocks).toBeLessThan(1_000)
    expect(statSync(join(to, 'pipe')).isFIFO()).toBe(true)
    expect(named).toContain('owners, groups, set-user-id')
    expect(named).not.toContain('ACL')
  })

  it('that changed alone are carried by the next pass and found by the comparison', async () => {
    writeFileSync(join(from, 'a'), 'a')
    await sync()
    withAttributes('a', 'a')
    const { failure } = await sync(', checksum: true, mustBeFlat: true, passes: 1')
    expect(failure).toMatchObject({ code: 'files-not-flat' })
    expect((await sync()).result?.verified).toBe(true)
    expect(attributesOf(to, 'a')).toContain('checked by hand')
  })

  it('that one end cannot carry are named beside the verification, with the host and the reason', async () => {
    const bin = join(sshd.directory, 'bin')
    mkdirSync(bin, { recursive: true })
    writeFileSync(
      join(bin, 'rsync'),
      '#!/bin/sh\nif [ "$1" = --version ]; then echo "rsync  version 3.0.6  protocol version 30"; echo "no ACLs, xattrs"; exit; fi\nexec /usr/bin/rsync "$@"\n',
      { mode: 0o755 },
    )
    writeFileSync(join(sshd.directory, '.bashrc'), `PATH=${bin}:$PATH\n`)
    withAttributes('a', 'a')
    const { result, named } = await sync()
    expect(result?.verified).toBe(true)
    expect(named).toContain('access control lists (ACLs): rsync is built without them on "old"')
    expect(named).toContain('extended attributes and file capabilities: rsync 3.0 is too old (3.1) on "old"')
  })

  it('that the playbook leaves out are named', async () => {
    withAttributes('a', 'a')
    const { named } = await sync(`${checked}, without: [acls, xattrs, holes]`)
    expect(named).toContain('access control lists (ACLs), left out by the playbook')
    expect(attributesOf(to, 'a')).not.toContain('checked by hand')
  })

  it('are named where a copy lacks something though every entry is the same', async () => {
    symlinkSync('/bigdisk/2024', join(from, '2024'))
    symlinkSync(join(from, 'a'), join(from, 'in-full'))
    writeFileSync(join(from, 'a'), 'a')
    execFileSync('ln', [join(from, 'a'), join(fixture.scratch, 'elsewhere')])
    execFileSync('truncate', ['-s', '20M', join(from, 'hole')])
    const { result, named } = await sync(`${checked}, without: [holes]`)
    expect(result?.verified).toBe(true)
    expect(named).toContain('1 links that lead out of the folder; what lies behind them is not carried: 2024')
    expect(named).toContain(
      `1 links that name "${from}" in full, which is "${to}" on the other side: in-full`,
    )
    expect(named).toContain('1 files that have a hard link outside the folder')
    expect(named).toMatch(/\d+ bytes on disk became 2\d{7}, holes were not kept/)
  })
})

it('folders above the destination are made for everybody, whatever the mask of the login user', async () => {
  writeFileSync(join(sshd.directory, '.bashrc'), 'umask 077\n')
  writeFileSync(join(from, 'a'), 'a')
  await sync()
  expect([statSync(join(to, '..')), statSync(join(to, '../..'))].map(({ mode }) => mode & 0o777)).toEqual([
    0o755, 0o755,
  ])
})

describe('an entry that became something else', () => {
  const folder = (name: string) => {
    mkdirSync(join(from, name))
    writeFileSync(join(from, name, 'content'), 'x')
  }
  const file = (name: string) => writeFileSync(join(from, name), 'x')
  const link = (name: string) => symlinkSync('elsewhere', join(from, name))
  const empty = (name: string) => mkdirSync(join(from, name))
  const sorts = { folder, file, link, empty }
  type Sort = keyof typeof sorts
  const turns = (Object.keys(sorts) as Sort[]).flatMap((one) =>
    (Object.keys(sorts) as Sort[]).filter((other) => other !== one).map((other) => [one, other] as const),
  )

  const loses = (one: Sort, other: Sort) => one === 'folder' && (other === 'file' || other === 'link')
  async function turned(one: Sort, other: Sort) {
    sorts[one]('2024')
    await sync()
    rmSync(join(from, '2024'), { recursive: true })
    sorts[other]('2024')
    writeFileSync(join(from, 'later'), 'x')
    return sync()
  }

  it.each(turns.filter((turn) => !loses(...turn)))('is carried: %s → %s', async (one, other) => {
    expect((await turned(one, other)).result?.verified).toBe(true)
  })

  it.each(turns.filter((turn) => loses(...turn)))('is refused by its name: %s → %s', async (one, other) => {
    const { failure } = await turned(one, other)
    expect(failure).toMatchObject({ code: 'file-type-changed' })
    expect(failure?.message).toContain(`"${to}/2024" is a folder with content on "cloud"`)
    expect((await sync(`${checked}, delete: true`)).result?.verified).toBe(true)
  })
})

describe('a failure says what stood in the way', () => {
  it.each([
    ['no rsync', 'PATH=/nowhere', /has no rsync that the login user can run/],
    [
      'an rsync that is killed',
      'rsync() { :; }; PATH=BIN:$PATH',
      /rsync was ended by a signal on "(old|cloud)"/,
    ],
  ])('%s', async (_name, bashrc, sentence) => {
    const bin = join(sshd.directory, 'killed')
    mkdirSync(bin, { recursive: true })
    writeFileSync(
      join(bin, 'rsync'),
      '#!/bin/sh\n[ "$1" = --version ] && exec /usr/bin/rsync "$@"\nkill -9 $$\n',
      { mode: 0o755 },
    )
    for (const tool of ['sh', 'id', 'stat', 'env']) if (bashrc.includes('nowhere')) link(tool)
    writeFileSync(
      join(sshd.directory, '.bashrc'),
      `${bashrc.replace('BIN', bin).replace('/nowhere', tools())}\n`,
    )
    mkdirSync(to, { recursive: true })
    expect((await sync()).failure?.message).toMatch(sentence)
  })

  it('a full disk', async () => {
    const small = join(fixture.scratch, 'small')
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', small])
    try {
      to = join(small, 'to')
      writeFileSync(join(from, 'big'), Buffer.alloc(500_000, 'x'))
      const { failure } = await sync()
      expect(failure).toMatchObject({ code: 'sync-failed' })
      expect(failure?.message).toMatch(
        /there is no room left for ".*" on "cloud" \(No space left on device\)/,
      )
    } finally {
      execFileSync('umount', [small])
    }
  })

  const tools = () => join(sshd.directory, 'tools')
  const link = (name: string) => {
    mkdirSync(tools(), { recursive: true })
    execFileSync('ln', ['-sf', execFileSync('which', [name]).toString().trim(), join(tools(), name)])
  }
})
