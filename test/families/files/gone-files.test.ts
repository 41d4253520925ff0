import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { findTargets } from '../../../families/files/inventory.ts'
import type { SetAside } from '../../../families/files/steps/sync-files/gone.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

const pool = new HostPool()
let sshd: TestSshd
let fixture: PlaybookFixture
let old: string
let neu: string
const places: string[] = []

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await pool.close()
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd })
  old = join(fixture.scratch, "old: it's")
  neu = join(fixture.scratch, 'new $(id)')
  for (const name of ['2023/a.pdf', '2023/附件\nof two lines.pdf', '2024/b c.pdf', 'stays.pdf'])
    write(join(old, name), name)
})
afterEach(async () => {
  await fixture.close()
  for (const place of places.splice(0)) rmSync(dirname(place), { recursive: true, force: true })
})

function write(file: string, text: string, atSeconds = 1_600_000_000): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  utimesSync(file, atSeconds, atSeconds)
}

function host(): HostPort {
  const { address, port, user, hostKey, privateKey } = sshd
  return pool.host({
    ...{ name: 'new', address, port, user, hostKey, identity: 'test' },
    privateKey: async () => privateKey,
  })
}

let runs = 0

/** A step from one folder to the other, and what has become of what is gone. */
async function sync(from: string, to: string, settings = '') {
  const [one, other] = [from, to].map((path) => JSON.stringify(path))
  fixture.write(
    'sync',
    `steps: [{ id: a, kind: sync-files, with: { from: { host: source, path: ${one} }, to: { host: target, path: ${other} }${settings} } }]`,
  )
  const request = fixture.request('sync', { runId: `gone-${process.pid}-${runs++}` })
  const { failure, done } = await fixture.runner.runSteps(request, ['a'])
  const result = done[0]?.result as { readonly aside?: SetAside; readonly changed?: boolean } | undefined
  if (result?.aside !== undefined) places.push(result.aside.place)
  return { failure, result, aside: result?.aside }
}

const aside = ', gone: aside'

describe('files that are removed where they come from, after they were carried', () => {
  it('are moved aside with their count, and the removal of the data takes them along', async () => {
    await sync(old, neu)
    rmSync(join(old, '2023'), { recursive: true })
    rmSync(join(old, '2024', 'b c.pdf'))

    const moved = (await sync(old, neu, aside)).aside

    expect(moved).toMatchObject({ moved: 3, left: 0 })
    expect(readdirSync(neu).toSorted()).toEqual(['2024', 'stays.pdf'])
    const content = join(moved?.place ?? '', 'content')
    expect(readFileSync(join(content, '2023/附件\nof two lines.pdf'), 'utf8')).toContain('附件')
    expect(readFileSync(join(content, '2024/b c.pdf'), 'utf8')).toBe('2024/b c.pdf')
    const { copies } = await findTargets(host(), [neu], new AbortController().signal)
    expect(copies).toContain(moved?.place)
    const [record = ''] = copies.filter((copy) => copy.includes('/.qianyun/carried/'))
    expect(readFileSync(join(record, 'entries'), 'utf8')).toContain('./stays.pdf')
    expect((await sync(old, neu, aside)).result).toEqual({ changed: false })
  })

  it('stay as long as nobody asks for it, and are not forgotten meanwhile', async () => {
    await sync(old, neu)
    rmSync(join(old, '2023', 'a.pdf'))
    write(join(old, 'later.pdf'), 'later')
    await sync(old, neu)
    expect(existsSync(join(neu, '2023', 'a.pdf'))).toBe(true)
    expect((await sync(old, neu, aside)).aside).toMatchObject({ moved: 1 })
    expect(existsSync(join(neu, '2023', 'a.pdf'))).toBe(false)
  })

  it('stay where they were changed, and so does everything that the other side has of its own', async () => {
    await sync(old, neu)
    rmSync(join(old, '2023'), { recursive: true })
    write(join(neu, '2023', 'a.pdf'), 'corrected', 1_700_000_000)
    write(join(neu, '2023', 'own.pdf'), 'own')

    expect((await sync(old, neu, aside)).aside).toMatchObject({ moved: 1, left: 1 })

    expect(readdirSync(join(neu, '2023')).toSorted()).toEqual(['a.pdf', 'own.pdf'])
  })

  it('go on the way back as well, and what only the side of before has stays there', async () => {
    await sync(old, neu)
    write(join(old, 'uploaded meanwhile.pdf'), 'not carried yet')
    rmSync(join(neu, '2024', 'b c.pdf'))

    expect((await sync(neu, old, `${aside}, newer: keep`)).aside).toMatchObject({ moved: 1, left: 0 })

    expect(readdirSync(old).toSorted()).toEqual(['2023', '2024', 'stays.pdf', 'uploaded meanwhile.pdf'])
    expect(readdirSync(join(old, '2024'))).toEqual([])
  })

  it('are never taken from outside the folder, wherever links in it lead', async () => {
    const elsewhere = join(fixture.scratch, 'elsewhere')
    write(join(elsewhere, 'kept.pdf'), '2023/a.pdf')
    await sync(old, neu)
    rmSync(join(old, '2023'), { recursive: true })
    write(join(elsewhere, 'a.pdf'), '2023/a.pdf')
    rmSync(join(neu, '2023'), { recursive: true })
    symlinkSync(elsewhere, join(neu, '2023'))

    expect((await sync(old, neu, aside)).aside).toMatchObject({ moved: 0 })

    expect(readdirSync(elsewhere).toSorted()).toEqual(['a.pdf', 'kept.pdf'])
  })

  it('are not known where a host keeps no record, and the step goes on and says so', async () => {
    await sync(old, neu)
    const carried = (await findTargets(host(), [old], new AbortController().signal)).copies
    const [record = ''] = carried
    rmSync(record, { recursive: true })
    writeFileSync(record, '')
    places.push(join(record, 'file'))
    write(join(old, 'later.pdf'), 'later')
    const { failure, result } = await sync(old, neu, aside)
    expect(failure).toBeUndefined()
    expect(result).toMatchObject({
      changed: true,
      notCompared: expect.arrayContaining([expect.objectContaining({ code: 'not-compared-record' })]),
    })
    rmSync(record)
  })

  it('are refused where most of them are gone at once, as below a disk that is not mounted', async () => {
    for (let n = 0; n < 150; n++) write(join(old, 'disk', `${String(n)}.pdf`), 'x')
    await sync(old, neu)
    rmSync(join(old, 'disk'), { recursive: true })
    const { failure } = await sync(old, neu, aside)
    expect(failure).toMatchObject({ code: 'files-many-gone' })
    expect(readdirSync(join(neu, 'disk'))).toHaveLength(150)
  })
})
