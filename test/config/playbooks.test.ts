import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { PlaybookStore, readPlaybookFolder } from '../../config/playbooks.ts'

let home: string
let folder: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'qianyun-playbooks-'))
  folder = join(home, 'desk')
  write('playbook.yaml', 'playbook: desk\n')
  write('desk.conf', 'OWNER=us\n')
  write('etc/cron.d/desk', '0 3 * * * desk\n')
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

function write(path: string, content: string | Uint8Array): void {
  const place = join(folder, path)
  mkdirSync(join(place, '..'), { recursive: true })
  writeFileSync(place, content)
}

const digest = async (of = folder) => (await readPlaybookFolder(of)).ref.digest
const problems = async () => (await readPlaybookFolder(folder)).problems

describe('the digest of a playbook', () => {
  it('is what the command of the documentation says of a folder, so that anybody can check it', async () => {
    write('README.md', '# desk\n')
    write('.desk.conf.swp', '')
    const page = readFileSync(join(import.meta.dirname, '../../docs/playbooks.md'), 'utf8')
    const [command = ''] = /find \. -type f .* sha256sum$/m.exec(page) ?? []
    const said = execFileSync('sh', ['-c', command], { cwd: folder }).toString()
    expect(said).toBe(`${await digest()}  -\n`)
  })

  it('is the same for the same files at another place, whatever their modes, times and order', async () => {
    const copy = join(home, 'elsewhere')
    cpSync(join(folder, 'etc'), join(copy, 'etc'), { recursive: true })
    cpSync(join(folder, 'playbook.yaml'), join(copy, 'playbook.yaml'))
    cpSync(join(folder, 'desk.conf'), join(copy, 'desk.conf'))
    chmodSync(join(copy, 'desk.conf'), 0o755)
    utimesSync(join(copy, 'desk.conf'), 1, 1)
    expect(await digest(copy)).toBe(await digest())
  })

  it.each<[string, () => void]>([
    ['a file’s text', () => write('etc/cron.d/desk', '0 4 * * * desk\n')],
    ['a file’s name', () => renameSync(join(folder, 'desk.conf'), join(folder, 'mesk.conf'))],
    ['a further file', () => write('empty', '')],
    ['a README.md that is not the folder’s own', () => write('etc/README.md', '')],
  ])('changes with %s', async (_name, change) => {
    const before = await digest()
    change()
    expect(await digest()).not.toBe(before)
    expect(await problems()).toEqual([])
  })

  it('leaves out README.md and what begins with a dot, and steps cannot have these either', async () => {
    const before = await digest()
    write('README.md', '# desk\n')
    write('.desk.conf.swp', Uint8Array.of(0xff))
    write('.git/config', '')
    symlinkSync('/etc/passwd', join(folder, '.link'))
    const { ref, files, problems: found } = await readPlaybookFolder(folder)
    expect(ref.digest).toBe(before)
    expect(found).toEqual([])
    expect([...files.keys()]).toEqual(['desk.conf', 'etc/cron.d/desk', 'playbook.yaml'])
  })
})

describe('a folder is no playbook', () => {
  it.each<[string, () => void, string, string]>([
    [
      'with a link out of it',
      () => symlinkSync('/etc/passwd', join(folder, 'users')),
      'users',
      'is a symbolic link, expected a plain file',
    ],
    [
      'with a link inside it',
      () => symlinkSync('desk.conf', join(folder, 'same.conf')),
      'same.conf',
      'is a symbolic link, expected a plain file',
    ],
    [
      'with a link to a folder',
      () => symlinkSync('/etc', join(folder, 'all')),
      'all',
      'is a symbolic link, expected a plain file',
    ],
    [
      'with a pipe, which is not waited for',
      () => execFileSync('mkfifo', [join(folder, 'pipe')]),
      'pipe',
      'is no plain file',
    ],
    [
      'with a text in another encoding',
      () => write('gbk.conf', Uint8Array.of(0xd0, 0xed, 0xbf, 0xc9)),
      'gbk.conf',
      'is no text in UTF-8',
    ],
    [
      'with a name that reads as two lines',
      () => write('a\nb', ''),
      String.raw`a\nb`,
      'is no name for a file of a playbook: rename it',
    ],
    [
      'with a name that reads as an option',
      () => write('-rf', ''),
      '-rf',
      'is no name for a file of a playbook: rename it',
    ],
    [
      'with a name every object has',
      () => write('__proto__', ''),
      '__proto__',
      'is no name for a file of a playbook: rename it',
    ],
    [
      'with more than 4 MiB',
      () => write('zeros', Buffer.alloc(4 * 1024 * 1024 + 1)),
      'zeros',
      'makes the folder larger than 4194304 bytes, expected at most that',
    ],
    [
      'without the file that makes it one',
      () => rmSync(join(folder, 'playbook.yaml')),
      'playbook.yaml',
      'is missing',
    ],
  ])('%s', async (_name, change, path, message) => {
    change()
    expect(await problems()).toMatchObject([{ path, message }])
  })

  it('with more than 200 files', async () => {
    for (let n = 0; n < 201; n += 1) write(`many/${n}`, '')
    expect(await problems()).toContainEqual(
      expect.objectContaining({ path: '.', message: 'holds more than 200 files, expected at most that' }),
    )
  })
})

it('knows its playbooks by their names alone', async () => {
  const store = new PlaybookStore(home)
  mkdirSync(join(home, '.hidden'))
  symlinkSync('/etc', join(home, 'linked'))
  expect(await store.names()).toEqual(['desk'])
  await expect(store.read('../desk')).rejects.toThrow('no playbook "../desk", expected one of "desk"')
  expect((await store.read('desk')).ref.name).toBe('desk')
})
