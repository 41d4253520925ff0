import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import {
  CommandFailedError,
  ConnectionLostError,
  FileChangedError,
  NotAFileError,
} from '../../../runner/ssh/errors.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import {
  changeFile,
  digestOf,
  draftScript,
  noFile,
  placeFunctions,
  replaceFile,
} from '../../../runner/ssh/replace-file.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let pool: HostPool
let host: HostPort
let folder: string

beforeAll(async () => {
  sshd = await startSshd()
  pool = new HostPool()
  host = pool.host(sshd.target())
})
afterAll(async () => {
  await pool.close()
  await sshd.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-replace-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(at(name), 'utf8')

describe('a file that is replaced', () => {
  it('is written whole with its mode, and read back byte for byte', async () => {
    const content = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))
    await replaceFile(host, at("it's a file"), content, { mode: '0640' })
    expect((await host.readFile(at("it's a file"))).equals(content)).toBe(true)
    expect(statSync(at("it's a file")).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(["it's a file"])
  })

  it('keeps owner, group and mode, and is newer than it was', async () => {
    writeFileSync(at('owned'), 'old', { mode: 0o640 })
    // Only root may give files away; anybody else owns what he writes.
    const [owner, group] = userInfo().uid === 0 ? [33, 33] : [userInfo().uid, userInfo().gid]
    chownSync(at('owned'), owner, group)
    utimesSync(at('owned'), 1_000_000, 1_000_000)
    await replaceFile(host, at('owned'), 'new')
    const { uid, gid, mode, mtimeMs } = statSync(at('owned'))
    expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: owner, gid: group, mode: 0o640 })
    expect(mtimeMs).toBeGreaterThan(1_000_000_000)
  })

  it('behind a link is the one the link leads to, and the link stays', async () => {
    mkdirSync(at('available'))
    writeFileSync(at('available/site'), 'old')
    symlinkSync('available/site', at('enabled'))
    await replaceFile(host, at('enabled'), 'new')
    expect(read('available/site')).toBe('new')
    expect(lstatSync(at('enabled')).isSymbolicLink()).toBe(true)
  })

  it('is none when a folder lies there, and the folder stays as it is', async () => {
    mkdirSync(at('folder'))
    await expect(replaceFile(host, at('folder'), 'x')).rejects.toThrow(NotAFileError)
    expect(readdirSync(at('folder'))).toEqual([])
  })

  it('in a folder that is not there leaves nothing behind', async () => {
    await expect(replaceFile(host, at('no/file'), 'x')).rejects.toThrow(CommandFailedError)
    expect(existsSync(at('no'))).toBe(false)
  })

  it('stays as it was when the connection breaks before all of the content has arrived', async () => {
    writeFileSync(at('kept'), 'the whole old content')
    const script = `${draftScript(at('kept'), 11)}\n${placeFunctions}\nplace "$path" "$new" ''`
    const half = await host.start(script)
    half.stdout.resume()
    half.stderr.resume()
    half.stdin.write('half')
    while (readdirSync(folder).length === 1) await sleep(20)
    sshd.dropConnections()
    await expect(half.ended).rejects.toThrow(ConnectionLostError)
    while (readdirSync(folder).length > 1) await sleep(20)
    expect(read('kept')).toBe('the whole old content')
  })

  it('stays as it was when its check refuses the new content', async () => {
    writeFileSync(at('checked'), 'old')
    const refused = { check: 'grep -q good "$new" || { echo "no good" >&2; exit 1; }' }
    await expect(replaceFile(host, at('checked'), 'bad', refused)).rejects.toThrow('no good')
    expect(read('checked')).toBe('old')
    const inPlace = { checkInPlace: `grep -q good ${at('checked')} || { echo "not in place" >&2; exit 1; }` }
    await expect(replaceFile(host, at('checked'), 'bad', inPlace)).rejects.toThrow('not in place')
    expect(read('checked')).toBe('old')
    await replaceFile(host, at('checked'), 'good', { ...refused, ...inPlace })
    expect([read('checked'), ...readdirSync(folder)]).toEqual(['good', 'checked'])
  })

  it('is left alone when it is no longer what the new content was made from', async () => {
    writeFileSync(at('shared'), 'theirs')
    await expect(replaceFile(host, at('shared'), 'x', { expected: digestOf('read') })).rejects.toThrow(
      FileChangedError,
    )
    await expect(replaceFile(host, at('shared'), 'x', { expected: noFile })).rejects.toThrow(FileChangedError)
    expect(read('shared')).toBe('theirs')
    await replaceFile(host, at('new'), 'x', { expected: noFile })
    expect(read('new')).toBe('x')
  })
})

describe('a file that is changed', () => {
  it('has what many change in it at once', async () => {
    writeFileSync(at('shared'), 'a=0\nb=0\nc=0\nd=0\n')
    const hosts = ['a', 'b', 'c', 'd']
    await Promise.all(
      hosts.map((key) => changeFile(host, at('shared'), (text) => text.replace(`${key}=0`, `${key}=1`))),
    )
    expect(read('shared')).toBe('a=1\nb=1\nc=1\nd=1\n')
  })

  it('keeps what it does not touch byte for byte in an encoding that is not known', async () => {
    const gbk = Buffer.from([0xca, 0xfd, 0xbe, 0xdd, 0x0d, 0x0a])
    writeFileSync(at('gbk'), Buffer.concat([gbk, Buffer.from('HOST=old\n'), gbk]))
    await changeFile(host, at('gbk'), (text) => text.replace('old', 'new'))
    expect(readFileSync(at('gbk')).equals(Buffer.concat([gbk, Buffer.from('HOST=new\n'), gbk]))).toBe(true)
  })
})
