import {
  appendFileSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { say } from '../../../domain/words/said.ts'
import type { Said } from '../../../domain/words/message.ts'
import { implementation } from '../../../families/files/steps/sync-files/index.ts'
import { SyncFilesParams } from '../../../families/files/steps/sync-files/params.ts'
import { quote } from '../../../runner/ssh/quote.ts'
import type { RemoteProcess } from '../../../runner/steps/kind.ts'
import { LocalHost } from '../../support/local-host.ts'
import { stepContext } from '../../support/step-context.ts'

let folder: string

/** This machine with users and groups of its own beside those it has. */
class HostWithUsers extends LocalHost {
  constructor(name: string, users: string, groups: string) {
    super(name)
    for (const [base, more] of [
      ['passwd', users],
      ['group', groups],
    ] as const) {
      copyFileSync(`/etc/${base}`, join(folder, `${name}-${base}`))
      appendFileSync(join(folder, `${name}-${base}`), more)
    }
  }

  override async start(script: string): Promise<RemoteProcess> {
    const mounts = ['passwd', 'group'].map(
      (base) => `mount --bind ${join(folder, `${this.name}-${base}`)} /etc/${base}`,
    )
    const inside = [...mounts, `exec sh -c ${quote(script)}`].join(' && ')
    return super.start(`exec unshare --mount --propagation private sh -c ${quote(inside)}`)
  }
}

const user = (name: string, id: number) => `${name}:x:${String(id)}:${String(id)}::/:/bin/sh\n`
const group = (name: string, id: number) => `${name}:x:${String(id)}:\n`

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-owners-'))
  mkdirSync(join(folder, 'from'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function sync(owners: boolean) {
  const context = stepContext([
    new HostWithUsers(
      'old',
      user('app', 60_001) + user('web', 60_002) + user('both', 60_005),
      group('app', 60_001) + group('both', 60_005),
    ),
    new HostWithUsers(
      'new',
      user('backup-agent', 60_001) + user('app', 60_009) + user('both', 60_005),
      group('app', 60_001) + group('both', 60_005),
    ),
  ])
  const params = SyncFilesParams.parse({
    from: { host: 'old', path: join(folder, 'from') },
    to: { host: 'new', path: join(folder, 'to') },
    owners,
    checksum: true,
    mustBeFlat: true,
  })
  const facts = await implementation.gather(params, context)
  const commands = implementation.plan(params, facts)
  const result = await implementation.carryOut?.(params, facts, commands, context)
  const { notCompared, verified } = result as { notCompared: Said[]; verified: boolean }
  return {
    title: commands[0]?.title ?? '',
    verified,
    named: notCompared.map((one) => say('en', one)).join('\n'),
  }
}

function file(name: string, uid: number, gid: number): void {
  writeFileSync(join(folder, 'from', name), 'x')
  chownSync(join(folder, 'from', name), uid, gid)
}

describe('owners that are kept by number', () => {
  it('are named before the copy and beside "verified" where the number has another name, or none', async () => {
    file('a', 60_001, 60_001)
    file('b', 60_002, 60_005)
    file('c', 60_003, 60_003)
    const { title, verified, named } = await sync(true)
    expect(title).toContain('uid 60001: app → backup-agent, uid 60002: web → -')
    expect(verified).toBe(true)
    expect(named).toMatch(/names of owners: 2 owners and groups .*uid 60001: app → backup-agent/)
    expect(`${title}${named}`).not.toMatch(/gid 60001|60003|60005|uid 0/)
    expect(statSync(join(folder, 'to', 'a')).uid).toBe(60_001)
  }, 60_000)

  it('are not named where the names are the same, or owners are not kept', async () => {
    file('a', 60_005, 60_005)
    const alike = await sync(true)
    expect(`${alike.title}${alike.named}`).not.toMatch(/uid|gid|names of owners/)
    file('b', 60_001, 60_001)
    const without = await sync(false)
    expect(`${without.title}${without.named}`).not.toMatch(/uid 6|names of owners/)
  }, 60_000)
})
