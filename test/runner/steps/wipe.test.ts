import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'

import { disposalOf } from '../../../families/files/disposal.ts'
import type { RecordedRetention } from '../../../runner/steps/kind.ts'
import { stepKinds } from '../../../runner/steps/index.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture
let root: string

beforeAll(async () => {
  // As on most hosts: whoever logs in may not read what belongs to others. Root has to be told so.
  const plain = ['setpriv', '--bounding-set=-dac_override,-dac_read_search']
  sshd = await startSshd('127.0.0.1', userInfo().uid === 0 ? plain : [])
})
afterAll(async () => {
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd })
  root = fixture.scratch
})
afterEach(async () => {
  await fixture.close()
})

const anyone = { account: 'owner-li', role: 'owner', organisation: 'owner' } as const
const at = (name: string) => join(root, name)

function write(name: string, content = name): void {
  mkdirSync(join(at(name), '..'), { recursive: true })
  writeFileSync(at(name), content)
}

async function wipe(names: readonly string[], more = '') {
  const paths = names.map((name) => `'${at(name)}'`).join(', ')
  const params = `paths: [${paths}]${more}`
  fixture.write('wipe', `steps: [{ id: a, kind: wipe, host: target, with: { ${params} } }]`)
  const { done, failure } = await fixture.runner.runSteps(fixture.request('wipe'), ['a'])
  return { result: done[0]?.result, failure }
}

it('a path that is a link is wiped where it leads, and the link with it', async () => {
  write('disk/uploads/citizens.csv')
  mkdirSync(at('desk'))
  symlinkSync(at('disk/uploads'), at('desk/uploads'))
  const { result, failure } = await wipe(['desk/uploads'])
  expect(failure).toBeUndefined()
  expect(result).toMatchObject({ files: 1, removedBytes: 25, proof: { after: { paths: 'absent' } } })
  expect(existsSync(at('disk/uploads'))).toBe(false)
  expect(existsSync(at('desk'))).toBe(true)
  expect(() => readFileSync(at('desk/uploads'))).toThrow('ENOENT')
})

it('a link that leads too near to the root is refused', async () => {
  symlinkSync('/usr', at('desk'))
  expect((await wipe(['desk'])).failure).toMatchObject({ code: 'path-too-shallow' })
})

it('every file is counted once, in whatever size and however its folders lie in each other', async () => {
  write('desk/uploads/a.pdf', '12345')
  write('desk/big', '')
  truncateSync(at('desk/big'), 2_200_000_000)
  const { result } = await wipe(['desk/uploads', 'desk', 'desk/uploads'], ', overwrite: false')
  expect(result).toMatchObject({ files: 2, removedBytes: 2_200_000_005 })
}, 120_000)

it('nothing is removed when a file cannot be read: it would be missing in the proof', async () => {
  write('desk/a')
  write('desk/secret')
  chmodSync(at('desk/secret'), 0)
  const { failure } = await wipe(['desk'])
  expect(failure?.message).toContain('Permission denied')
  expect([existsSync(at('desk/a')), existsSync(at('desk/secret'))]).toEqual([true, true])
})

it('a wipe that finds no file is refused, unless that is said to be right', async () => {
  mkdirSync(at('unmounted'))
  expect((await wipe(['unmounted', 'absent'])).failure).toMatchObject({ code: 'nothing-to-wipe' })
  expect((await wipe(['unmounted', 'absent'], ', mayBeEmpty: true')).result).toMatchObject({ files: 0 })
  expect(existsSync(at('unmounted'))).toBe(false)
})

it('what links inside lead to is left alone, and said in the proof', async () => {
  write('desk/a')
  write('elsewhere/jdk')
  symlinkSync('a', at('desk/inside'))
  symlinkSync(at('elsewhere'), at('desk/outside'))
  const { result } = await wipe(['desk'])
  expect(result).toMatchObject({
    files: 1,
    proof: { before: { leadsOut: { count: 1, some: [at('elsewhere')] } } },
  })
  expect(existsSync(at('elsewhere/jdk'))).toBe(true)
})

type Words = readonly { readonly code: string; readonly en: string; readonly zh: string }[]

/** What the proof of a wipe says became of the bytes. */
async function disposalAfter(more = '') {
  write('desk/a', '12345')
  const { result } = await wipe(['desk'], more)
  const { disposal } = (result as { proof: { disposal: Record<string, Words> } }).proof
  const codes = (kind: string) => (disposal[kind] ?? []).map(({ code }) => code)
  return { codes, sentences: Object.values(disposal).flat() }
}

it('the proof says what was overwritten, what was removed only, and what nobody looked at, in both languages', async () => {
  const { codes, sentences } = await disposalAfter()
  // Which of the two depends on the disk this test runs on; never both.
  expect([...codes('overwritten'), ...codes('removedOnly')]).toEqual([
    expect.stringMatching(/^wiped-(cleared|written-elsewhere)$/),
    'wiped-names',
  ])
  expect(codes('notLookedAt')).toEqual(
    expect.arrayContaining(['wipe-not-snapshots', 'wipe-not-backups', 'wipe-not-purged']),
  )
  expect(sentences.every(({ en, zh }) => en !== '' && /[一-龥]/.test(zh))).toBe(true)
  expect(sentences.flatMap(({ code, en }) => (en.includes('purge') ? [code] : []))).toEqual([
    'wipe-not-purged',
  ])
})

it('the proof of a wipe that overwrites nothing says so', async () => {
  const { codes } = await disposalAfter(', overwrite: false')
  expect(codes('overwritten')).toEqual([])
  expect(codes('removedOnly')).toEqual(['wiped-files-removed', 'wiped-names'])
})

it('to overwrite is called "clear" on a magnetic disk that is written in place, and nowhere else', () => {
  const found = (fileSystem: string, rotational?: boolean) => ({
    files: 1,
    bytes: 5,
    digest: '',
    leadsOut: { count: 0, some: [] },
    targets: { real: [], copies: [] },
    media: [{ place: '/srv/a', fileSystem, ...(rotational === undefined ? {} : { rotational }) }],
  })
  const cleared = (...medium: Parameters<typeof found>) =>
    disposalOf(found(...medium), { overwrite: true }).overwritten.length === 1
  expect([cleared('ext2/ext3', true), cleared('xfs', true)]).toEqual([true, true])
  const onVirtual = found('ext2/ext3', true)
  const media = onVirtual.media.map((one) => ({ ...one, virtual: true as const }))
  expect(disposalOf({ ...onVirtual, media }, { overwrite: true }).overwritten).toEqual([])
  expect(
    [
      ['ext2/ext3', false],
      ['ext2/ext3'],
      ['btrfs', true],
      ['zfs', true],
      ['overlayfs', true],
      ['nfs'],
      ['tmpfs'],
    ].map(([fileSystem, turns]) => cleared(fileSystem as string, turns as boolean | undefined)),
  ).toEqual([false, false, false, false, false, false, false])
})

it('copies that other steps kept of what was there are wiped too, others stay', async () => {
  write('desk/app.conf', 'PASSWORD=canary')
  write('other.conf')
  fixture.write(
    'edit',
    `steps:
  - { id: a, kind: file, host: target, with: { path: '${at('desk/app.conf')}', content: new } }
  - { id: b, kind: file, host: target, with: { path: '${at('other.conf')}', content: new } }`,
  )
  await fixture.runner.runSteps(fixture.request('edit'), ['a', 'b'])
  const before = join(sshd.directory, '.qianyun/before/run-edit')
  expect([existsSync(join(before, 'a')), existsSync(join(before, 'b'))]).toEqual([true, true])
  expect((await wipe(['desk'])).failure).toBeUndefined()
  expect([existsSync(join(before, 'a')), existsSync(join(before, 'b'))]).toEqual([false, true])
  rmSync(join(sshd.directory, '.qianyun'), { recursive: true })
})

it('nothing is wiped that the record does not give up, whatever the playbook says', async () => {
  write('desk/a')
  const later = { untilMs: Date.now() + 60_000 }
  const wipeIn = async (retention: RecordedRetention, more = '') => {
    const kept = playbookFixture({ sshd, retention })
    kept.write(
      'wipe',
      `steps: [{ id: a, kind: wipe, host: target, with: { paths: ['${at('desk')}']${more} } }]`,
    )
    const run = async () => kept.runner.runSteps(kept.request('wipe'), ['a'])
    return run().finally(async () => kept.close())
  }
  const release = { statement: 'Released.', by: anyone, atMs: 1 }
  expect((await wipeIn({ ...later, release })).failure).toMatchObject({ code: 'too-early' })
  expect((await wipeIn({ untilMs: 0 })).failure).toMatchObject({ code: 'not-released' })
  await expect(wipeIn({ ...later, release }, ", notBefore: '2000-01-01T00:00:00Z'")).rejects.toMatchObject({
    code: 'invalid-input',
  })
  expect(existsSync(at('desk/a'))).toBe(true)
})

it('a wipe of nothing is no wipe', () => {
  const issues = stepKinds.get('wipe')?.params.safeParse({ host: 'a' })
  expect(issues?.error?.message).toContain('must have')
})

it.each(['i', 'a'])(
  'what has the attribute "%s" is named with it, and wiped once it is taken away',
  async (attribute) => {
    write('desk/kept.log')
    write('desk/other.log')
    execFileSync('chattr', [`+${attribute}`, at('desk/kept.log')])
    try {
      for (const more of ['', ', overwrite: true']) {
        const { failure } = await wipe(['desk'], more)
        expect(failure?.message).toMatch(/kept\.log.*not permitted.*lsattr/s)
      }
    } finally {
      execFileSync('chattr', [`-${attribute}`, at('desk/kept.log')])
    }
    expect((await wipe(['desk'])).failure).toBeUndefined()
  },
)
