import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { findingSaid } from '../../../domain/assessment/finding.ts'
import { implementation as files } from '../../../families/files/index.ts'
import { quote } from '../../../runner/ssh/quote.ts'
import { LocalHost } from '../../support/local-host.ts'

const isRoot = process.getuid?.() === 0
const hasTools = ['setfacl', 'setfattr', 'getfattr', 'setcap', 'python3'].every(
  (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0,
)
/** Attributes are set by the tools of their packages, and capabilities by root alone. */
const describeWithTools = isRoot && hasTools ? describe : describe.skip

let folder: string
let tree: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-assessed-'))
  tree = join(folder, 'uploads')
  mkdirSync(join(tree, '2026'), { recursive: true })
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function found(path = tree, without: readonly string[] = []) {
  const host = new LocalHost('old-1')
  const run = host.run.bind(host)
  host.run = async (script, options) =>
    run(
      without.reduce((text, tool) => text.replaceAll(`command -v ${tool}`, 'false'), script),
      options,
    )
  const { findings } = await files.assess({ host, paths: [path] }, { waivers: [] })
  return Object.fromEntries(
    findings.map((finding) => [finding.code, findingSaid('en', finding).replaceAll(folder, '')]),
  )
}

const file = (name: string, content: string | Buffer = 'x') => {
  writeFileSync(join(tree, name), content)
  return join(tree, name)
}
const call = (command: string, ...words: string[]) => execFileSync(command, words, { stdio: 'pipe' })

describe('a tree of files is assessed', () => {
  it('and nothing is found in an ordinary one, links inside and hard links inside included', async () => {
    file('附件 1.pdf')
    linkSync(file('2026/a'), join(tree, 'b'))
    symlinkSync('2026/a', join(tree, 'c'))
    expect(await found()).toEqual({})
  })

  it('for holes, devices, sockets, links and hard links that lead out, and names that are not UTF-8', async () => {
    call('truncate', '-s', '20M', join(tree, 'sparse.img'))
    file('whole.bin', Buffer.alloc(300_000, 1))
    call('mkfifo', join(tree, 'pipe'))
    if (isRoot) call('mknod', join(tree, '2026', 'null'), 'c', '1', '3')
    writeFileSync(join(folder, 'outside'), 'x')
    linkSync(join(folder, 'outside'), join(tree, 'linked'))
    linkSync(join(folder, 'outside'), join(tree, 'linked-too'))
    symlinkSync('/bigdisk/2024', join(tree, '2024'))
    symlinkSync('../../outside', join(tree, '2026', 'up'))
    for (let n = 0; n < 7; n += 1)
      writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xb8, 0xbd, 0x30 + n])]), 'gbk')
    file('sessions.db', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(84)]))
    file('2026/Thumbs.db', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))
    file('2026/empty.sqlite', '')
    file('notes.mv.db')
    const socket: Server = createServer().listen(join(tree, 'app.sock'))
    try {
      const all = await found()
      expect(all['files-holes']).toMatch(/^1 files .*: sparse\.img$/)
      expect(all['files-channels']).toMatch(/^2 sockets and pipes/)
      const devices = isRoot ? ': 2026/null' : ''
      expect((all['files-devices'] ?? '').slice(-devices.length || 0)).toBe(devices)
      expect(all['files-hard-links-out']).toMatch(/^1 files .*: linked/)
      expect(all['files-links-out']).toMatch(/^2 links below "\/uploads" lead out of it: .*2024/)
      expect(all['files-odd-names']).toMatch(/^7 names .*: .+, .+/)
      expect(all['files-databases']).toMatch(/^2 files .*: notes\.mv\.db, sessions\.db$/)
      expect(Object.keys(all)).toHaveLength(isRoot ? 7 : 6)
    } finally {
      socket.close()
    }
  })

  it('for other file systems mounted below it, and for what the login user cannot read', async () => {
    if (!isRoot) return
    mkdirSync(join(tree, '2026', 'archive'))
    call('mount', '-t', 'tmpfs', 'tmpfs', join(tree, '2026', 'archive'))
    try {
      mkdirSync(join(tree, '2026', 'archive', 'deep'))
      expect((await found())['files-file-systems']).toMatch(/^1 other file systems .*: 2026\/archive$/)
    } finally {
      call('umount', join(tree, '2026', 'archive'))
    }
  })

  it('by a login user who cannot read all of it, which is named', async () => {
    if (!isRoot) return
    chmodSync(folder, 0o755)
    chmodSync(file('secret'), 0o600)
    mkdirSync(join(tree, 'closed'), { mode: 0o700 })
    const host = new LocalHost('old-1')
    const run = host.run.bind(host)
    host.run = async (script, options) =>
      run(`setpriv --reuid=65534 --regid=65534 --clear-groups sh -c ${quote(script)}`, options)
    const { findings } = await files.assess({ host, paths: [tree] }, { waivers: [] })
    expect(findings.map((one) => findingSaid('en', one).replaceAll(folder, ''))).toEqual([
      '2 files and folders below "/uploads" cannot be read by the login user: secret, closed',
    ])
  })

  it('and what cannot be known is said: without tools, and without the folder', async () => {
    const unknown = await found(tree, ['python3', 'getfattr'])
    expect(unknown['files-unknown']).toMatch(/access control lists.*extended attributes.*file capabilities/)
    const unseen = await found(join(folder, 'gone'))
    expect(Object.keys(unseen)).toEqual(['files-unseen'])
    expect(unseen['files-unseen']).toMatch(/on host "old-1" could not be looked at: .*gone/)
  })
})

describeWithTools('a tree of files with attributes is assessed', () => {
  it.each([
    ['by python', []],
    ['by the tools', ['python3']],
  ])('for attributes, %s: how many and the first of them', async (_, without) => {
    call('setfacl', '-m', 'u:daemon:r', file('shared.txt'))
    call('setfacl', '-d', '-m', 'u:daemon:rx', join(tree, '2026'))
    call('setfattr', '-n', 'user.note', '-v', 'checked', file('noted with blanks.txt'))
    call('setcap', 'cap_net_bind_service=ep', file('server'))
    const all = await found(tree, without)
    expect(Object.keys(all).toSorted()).toEqual(['files-acls', 'files-capabilities', 'files-xattrs'])
    expect(all['files-acls']).toMatch(
      /^2 files and folders below "\/uploads" have access control lists: .*2026/,
    )
    expect(all['files-capabilities']).toMatch(/^1 files .*: server$/)
    expect(all['files-xattrs']).toMatch(/^1 files .*: noted with blanks\.txt$/)
  })
})
