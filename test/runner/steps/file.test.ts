import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd, secrets: { 'app-password': 'canary-8415' } })
})
afterEach(async () => {
  await fixture.close()
  rmSync(join(sshd.directory, '.qianyun'), { recursive: true, force: true })
})

const at = (name: string) => join(fixture.scratch, name)
const copies = () => join(sshd.directory, '.qianyun/before/run-step')

async function run(name: string, more: string) {
  fixture.write(
    'step',
    `steps: [{ id: a, kind: file, host: target, with: { path: '${at(name)}', ${more} } }]`,
  )
  return fixture.runner.runSteps(fixture.request('step'), ['a'])
}
const undo = async () => fixture.runner.undo(fixture.request('step'), ['a'])

describe('a file in GBK', () => {
  const data = Buffer.from([0xca, 0xfd, 0xbe, 0xdd, 0xbf, 0xe2])
  const gbk = (host: string) =>
    Buffer.concat([
      Buffer.from('# '),
      data,
      Buffer.from('\nTITLE='),
      data,
      Buffer.from(`\nDB_HOST=${host}\n`),
    ])

  it('keeps every byte but those that are edited', async () => {
    writeFileSync(at('gbk'), gbk('1.1.1.1'))
    expect((await run('gbk', 'values: { DB_HOST: 2.2.2.2 }')).failure).toBeUndefined()
    expect(readFileSync(at('gbk')).equals(gbk('2.2.2.2'))).toBe(true)
    await undo()
    expect(readFileSync(at('gbk')).equals(gbk('1.1.1.1'))).toBe(true)
  })

  it.each([
    ['text outside ASCII is to go in', 'values: { TITLE: 数据 }', 'not-utf8'],
    ['a text to be replaced may be half of a character', 'replace: [{ find: b, with: c }]', 'half-character'],
  ])('is left alone when %s', async (_what, edit, code) => {
    const content = Buffer.concat([gbk('1.1.1.1'), Buffer.from([0x81, 0x62])])
    writeFileSync(at('gbk'), content)
    expect((await run('gbk', edit)).failure).toMatchObject({ code })
    expect(readFileSync(at('gbk')).equals(content)).toBe(true)
  })
})

it('a file where a folder is wanted, or the other way round, is left alone', async () => {
  mkdirSync(at('folder'))
  writeFileSync(at('file'), 'x')
  expect((await run('folder', 'content: hello')).failure).toMatchObject({ code: 'wrong-kind-of-file' })
  expect(readdirSync(at('folder'))).toEqual([])
  expect((await run('file', 'state: directory')).failure).toMatchObject({ code: 'wrong-kind-of-file' })
  expect(readFileSync(at('file'), 'utf8')).toBe('x')
})

it('a secret takes its place in a file without changing who may read it', async () => {
  writeFileSync(at('password'), 'old', { mode: 0o640 })
  await run('password', "secret: '${databases.target.appSecret}'")
  expect(readFileSync(at('password'), 'utf8')).toBe('canary-8415')
  expect(statSync(at('password')).mode & 0o777).toBe(0o640)
})

describe('undo', () => {
  it('puts owner and mode back where only they were changed', async () => {
    writeFileSync(at('own'), 'x', { mode: 0o640 })
    const isRoot = userInfo().uid === 0
    if (isRoot) chownSync(at('own'), 33, 33)
    const { uid, gid } = statSync(at('own'))
    const owner = isRoot ? 'nobody:nogroup' : userInfo().username
    await run('own', `owner: '${owner}', mode: '0600'`)
    expect(statSync(at('own')).mode & 0o777).toBe(0o600)
    expect(statSync(at('own')).uid === 33).toBe(false)
    await undo()
    const { mode, ...after } = statSync(at('own'))
    expect([after.uid, after.gid, mode & 0o777]).toEqual([uid, gid, 0o640])
  })

  it('brings back what was taken away as it was, links as links', async () => {
    mkdirSync(at('tree'))
    writeFileSync(at('tree/file'), 'content', { mode: 0o600 })
    symlinkSync('file', at('tree/link'))
    await run('tree', 'state: absent')
    expect(existsSync(at('tree'))).toBe(false)
    await undo()
    expect(readdirSync(at('tree'))).toEqual(['file', 'link'])
    expect(lstatSync(at('tree/link')).isSymbolicLink()).toBe(true)
    expect(existsSync(join(copies(), 'a'))).toBe(false)
  })

  it('brings back a link that was taken away, and what a link led to', async () => {
    writeFileSync(at('real'), 'old')
    symlinkSync('real', at('link'))
    await run('link', 'content: new')
    expect(readFileSync(at('real'), 'utf8')).toBe('new')
    await undo()
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
    expect(readFileSync(at('real'), 'utf8')).toBe('old')
    fixture.write(
      'gone',
      `steps: [{ id: a, kind: file, host: target, with: { path: '${at('link')}', state: absent } }]`,
    )
    await fixture.runner.runSteps(fixture.request('gone'), ['a'])
    expect([existsSync(at('link')), existsSync(at('real'))]).toEqual([false, true])
    await fixture.runner.undo(fixture.request('gone'), ['a'])
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
  })

  it('does not take half of a copy for the whole', async () => {
    writeFileSync(at('conf'), 'the whole old content')
    mkdirSync(join(copies(), 'a.new'), { recursive: true })
    writeFileSync(join(copies(), 'a.new/content'), 'the wh')
    await run('conf', 'content: new')
    await undo()
    expect(readFileSync(at('conf'), 'utf8')).toBe('the whole old content')
  })

  it('fails when the copy is gone, and says so', async () => {
    writeFileSync(at('conf'), 'old')
    await run('conf', 'content: new')
    rmSync(copies(), { recursive: true })
    await expect(undo()).rejects.toThrow('is not there')
    expect(readFileSync(at('conf'), 'utf8')).toBe('new')
  })

  it('needs no copy of what was never changed', async () => {
    writeFileSync(at('conf'), 'old')
    writeFileSync(join(sshd.directory, '.qianyun'), 'no folder for copies')
    expect((await run('conf', 'content: new')).failure).toMatchObject({ code: 'command-failed' })
    expect(await undo()).toMatchObject({ undone: ['a'] })
    expect(readFileSync(at('conf'), 'utf8')).toBe('old')
  })

  it('does not overwrite what somebody has put in the place of what was taken away', async () => {
    writeFileSync(at('conf'), 'old')
    await run('conf', 'state: absent')
    writeFileSync(at('conf'), 'theirs')
    await expect(undo()).rejects.toThrow('something else')
    expect(readFileSync(at('conf'), 'utf8')).toBe('theirs')
  })
})
