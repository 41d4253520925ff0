import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { HostPool } from '../../../runner/ssh/pool.ts'
import type { Carries } from '../../../families/files/steps/sync-files/carries.ts'
import { UnexpectedRsyncOptionError } from '../../../families/files/steps/sync-files/errors.ts'
import { SyncFilesParams } from '../../../families/files/steps/sync-files/params.ts'
import { runPass } from '../../../families/files/steps/sync-files/pass.ts'
import { serverScript } from '../../../families/files/steps/sync-files/rsync.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'

/** No attributes beside mode and time. */
const plain: Carries = { acls: false, xattrs: false, capabilities: false, because: [] }

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
  to = join(fixture.scratch, 'to $(id)', 'deep')
  mkdirSync(join(from, 'folder'), { recursive: true })
  writeFileSync(join(from, 'a file\nwith a line'), 'one')
  writeFileSync(join(from, 'folder', '附件.pdf'), Buffer.alloc(300_000, 'x'), { mode: 0o640 })
  utimesSync(join(from, 'folder', '附件.pdf'), 1_600_000_000, 1_600_000_000)
})
afterEach(async () => {
  await fixture.close()
})

let runs = 0

async function sync(settings = '', runId = `run-${runs++}`) {
  const quoted = (path: string) => JSON.stringify(path)
  // A newline is refused in paths of folders, not in names of files.
  fixture.write(
    'sync',
    `steps: [{ id: a, kind: sync-files, with: { from: { host: source, path: ${quoted(from)} }, to: { host: target, path: ${quoted(to)} }${settings} } }]`,
  )
  const request = fixture.request('sync', { runId })
  return { request, outcome: await fixture.runner.runSteps(request, ['a']) }
}

describe('files synchronised from one host to another', () => {
  it('arrive with their times and modes, and are counted', async () => {
    const { outcome } = await sync(', checksum: true, mustBeFlat: true')
    expect(outcome.failure).toBeUndefined()
    expect(outcome.done[0]?.result).toMatchObject({
      passes: 2,
      flat: true,
      files: 2,
      bytes: 300_003,
      verified: true,
    })
    const copy = statSync(join(to, 'folder', '附件.pdf'))
    expect([copy.mtimeMs, copy.mode & 0o777, copy.size]).toEqual([1_600_000_000_000, 0o640, 300_000])
    expect(readFileSync(join(to, 'a file\nwith a line'), 'utf8')).toBe('one')
  })

  it('a second time are left alone, and only what changed is sent the third time', async () => {
    await sync()
    expect((await sync()).outcome.done[0]?.result).toEqual({ changed: false })
    writeFileSync(join(from, 'a file\nwith a line'), 'two and more')
    expect((await sync()).outcome.done[0]?.result).toMatchObject({ files: 1, bytes: 12 })
  })

  it('stay when they are gone at the source, unless they are to go', async () => {
    await sync()
    rmSync(join(from, 'folder'), { recursive: true })
    await sync()
    expect(readdirSync(to)).toContain('folder')
    expect((await sync(', delete: true')).outcome.done[0]?.result).toMatchObject({ deleted: 2 })
    expect(readdirSync(to)).not.toContain('folder')
  })

  it('all stay where the folder they come from has nothing in it, as if its disk were not mounted', async () => {
    await sync()
    const before = readdirSync(to)
    rmSync(from, { recursive: true })
    mkdirSync(from)
    const { outcome } = await sync(', delete: true, checksum: true')
    expect(outcome.failure).toMatchObject({ code: 'files-source-empty' })
    expect(readdirSync(to)).toEqual(before)
    rmSync(to, { recursive: true })
    expect((await sync(', delete: true, checksum: true')).outcome.failure).toBeUndefined()
  })
  it('that differ in nothing but content are found by checksum', async () => {
    await sync()
    const name = join('folder', '附件.pdf')
    writeFileSync(join(to, name), Buffer.alloc(300_000, 'y'))
    utimesSync(join(to, name), 1_600_000_000, 1_600_000_000)
    expect((await sync()).outcome.done[0]?.result).toEqual({ changed: false })
    const { outcome } = await sync(', checksum: true')
    expect(outcome.done[0]?.result).toMatchObject({ verified: false, differing: 1 })
    const strict = await sync(', checksum: true, mustBeFlat: true')
    expect(strict.outcome.failure).toMatchObject({ code: 'files-not-flat' })
  })

  it('that were written where they go, and are newer there, are kept when that is asked for', async () => {
    await sync()
    const corrected = join(to, 'folder', '附件.pdf')
    writeFileSync(corrected, 'corrected by a citizen')
    writeFileSync(join(from, 'late'), 'late')

    const { outcome } = await sync(', newer: keep, mustBeFlat: true, checksum: true')

    expect(outcome.done[0]?.result).toMatchObject({ flat: true, files: 1, verified: true })
    expect(readFileSync(corrected, 'utf8')).toBe('corrected by a citizen')
    expect(readFileSync(join(to, 'late'), 'utf8')).toBe('late')
  })

  it('leave patterns out', async () => {
    await sync(", exclude: ['*.pdf']")
    expect(readdirSync(join(to, 'folder'))).toEqual([])
  })

  it('go back the other way', async () => {
    await sync()
    writeFileSync(join(to, 'new'), 'from the new side')
    ;[from, to] = [to, from]
    await sync()
    expect(readFileSync(join(to, 'new'), 'utf8')).toBe('from the new side')
  })

  it('are removed by undo where nothing was before', async () => {
    const { request } = await sync()
    expect(await fixture.runner.undo(request, ['a'])).toEqual({ undone: ['a'], kept: [], left: [] })
    expect(readdirSync(join(to, '..'))).toEqual([])
  })

  it('from a folder that is not there: the failure is rsync’s own', async () => {
    rmSync(from, { recursive: true })
    mkdirSync(to, { recursive: true })
    const { outcome } = await sync()
    expect(outcome.failure).toMatchObject({ code: 'sync-failed' })
    expect(outcome.failure?.message).toContain('No such file or directory')
  })
})

describe('a pass nobody waits for', () => {
  const unattended = { carries: plain, dryRun: false, checksum: false, unattended: true }
  let pool: HostPool
  beforeEach(() => {
    pool = new HostPool()
  })
  afterEach(async () => {
    await pool.close()
  })
  const pass = async (signal?: AbortSignal, more: object = {}, say = (_line: string): void => undefined) => {
    const hosts = ['source', 'target'].map((name) => pool.host(sshd.target({ name })))
    const params = SyncFilesParams.parse({
      from: { host: 'source', path: from },
      to: { host: 'target', path: to },
      ...more,
    })
    return runPass(params, unattended, {
      ...stepContext(hosts),
      say,
      ...(signal === undefined ? {} : { signal }),
    })
  }

  it('goes into a folder that is there, and makes none that is not', async () => {
    await expect(pass()).rejects.toMatchObject({
      code: 'sync-failed',
      message: expect.stringContaining('cd'),
    })
    expect(existsSync(to)).toBe(false)
    mkdirSync(to, { recursive: true })
    expect(await pass()).toMatchObject({ files: 2 })
    expect(await pass()).toMatchObject({ changes: 0 })
  })

  it('that is given up midway leaves no part of a file behind, and the next one goes on', async () => {
    mkdirSync(to, { recursive: true })
    writeFileSync(join(from, 'big'), '')
    truncateSync(join(from, 'big'), 2_000_000_000)
    const stop = new AbortController()
    const passing = pass(stop.signal).catch((error: unknown) => error)
    while (!readdirSync(to).some((name) => name.startsWith('.big.'))) await sleep(5)
    stop.abort(new Error('given up'))
    expect(await passing).toMatchObject({ message: 'given up' })
    expect(readdirSync(to).filter((name) => name.includes('big'))).toEqual([])
    truncateSync(join(from, 'big'), 3)
    await pass()
    expect(readdirSync(to).toSorted()).toEqual(['a file\nwith a line', 'big', 'folder'])
  })

  it('goes on with a file where the one before was given up, and sends the rest of it alone', async () => {
    mkdirSync(to, { recursive: true })
    const content = randomBytes(40_000_000)
    writeFileSync(join(from, 'big'), content)
    const stop = new AbortController()
    const passing = pass(stop.signal).catch((error: unknown) => error)
    const begun = () => readdirSync(to).find((name) => name.startsWith('.big.')) ?? ''
    while (begun() === '' || statSync(join(to, begun())).size < 20_000_000) await sleep(1)
    stop.abort(new Error('given up'))
    await passing
    expect(readdirSync(to).filter((name) => name.includes('big'))).toEqual([])

    const said: string[] = []
    await pass(undefined, {}, (line) => void said.push(line))
    expect(readFileSync(join(to, 'big')).equals(content)).toBe(true)
    const [, sent] = /synchronised, (\d+) bytes/.exec(said.join()) ?? []
    expect(Number(sent)).toBeLessThan(25_000_000)
  })

  it('keeps to the bandwidth of the hour, and passes beside it do not', async () => {
    mkdirSync(to, { recursive: true })
    writeFileSync(join(from, 'big'), randomBytes(1_500_000))
    const hour = { from: '00:00', to: '24:00', megabytesPerSecond: 0.5 }
    const limited = { bandwidth: { timeZone: 'Asia/Shanghai', hours: [hour] } }
    const ended: string[] = []
    const other = `${to}-of-another`
    mkdirSync(other)
    await Promise.all([
      pass(undefined, limited).then(() => ended.push('limited')),
      pass(undefined, { to: { host: 'target', path: other } }).then(() => ended.push('free')),
    ])
    expect(ended).toEqual(['free', 'limited'])
    expect(readFileSync(join(to, 'big')).equals(readFileSync(join(from, 'big')))).toBe(true)
  })
})

it('a host has no say in what runs on the other one', () => {
  const params = SyncFilesParams.parse({ from: { host: 'old', path: '/a' }, to: { host: 'new', path: '/b' } })
  const once = { carries: plain, dryRun: false, checksum: false }
  const usual = 'rsync --server -lHtpre.iLsfxCIvu --log-format=%i --stats . there'
  expect(serverScript(params, usual, once).split('\n').at(-1)).toBe(
    `exec rsync --server -lHtpre.iLsfxCIvu '--log-format=%i' --stats \${parts:+--partial-dir="$parts/content"} . /b`,
  )
  for (const announced of [
    'sh -c id',
    'rsync --server --sender -lHtpre.iLsfxCIvu . /etc',
    'rsync --server -lHtpre.iLsfxCIvu --log-file=/etc/cron.d/x . there',
    'rsync --server -lHtpre.iLsfxCIvu --remove-source-files . there',
    'rsync --server -lHtpre.iLs;id . there',
    'rsync --server -lHtpre.iLsfxCIvu --delete . there',
    'rsync --server -lHogtpre.iLsfxCIvu --numeric-ids . there',
  ]) {
    expect(() => serverScript(params, announced, once)).toThrow(UnexpectedRsyncOptionError)
  }
  expect(() => serverScript(params, usual, { ...once, dryRun: true })).toThrow(UnexpectedRsyncOptionError)
})
