import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { SyncFilesParams } from '../../../families/files/steps/sync-files/params.ts'
import { runPass } from '../../../families/files/steps/sync-files/pass.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let hosts: { readonly from: TestSshd; readonly to: TestSshd }
const pool = new HostPool()

beforeAll(async () => {
  const [from, to] = await Promise.all([startSshd(), startSshd()])
  hosts = { from, to }
  for (const host of [from, to]) mkdirSync(join(host.directory, 'files'))
}, 60_000)
afterAll(async () => {
  await pool.close()
  await Promise.all([hosts.from.close(), hosts.to.close()])
}, 60_000)

const folder = (side: 'from' | 'to') => join(hosts[side].directory, 'files')

/** `joinedAfterMs`: how late a busy runner comes to what has begun on the other side; `meanwhile`: what happens before. */
async function pass(joinedAfterMs = 0, meanwhile: () => void = () => undefined): Promise<void> {
  const params = SyncFilesParams.parse({
    from: { host: 'from', path: folder('from') },
    to: { host: 'to', path: folder('to') },
  })
  await runPass(
    params,
    {
      carries: { acls: false, xattrs: false, capabilities: false, because: [] },
      dryRun: false,
      checksum: false,
      unattended: true,
    },
    {
      host: (name) => {
        const { address, port, user, hostKey, privateKey } = hosts[name === 'from' ? 'from' : 'to']
        const key = { privateKey: async () => privateKey, serviceDir: undefined }
        const host = pool.host({ name, address, port, user, hostKey, ...key })
        const start = async (script: string) => {
          const process = await host.start(script)
          if (name === 'to') {
            meanwhile()
            await sleep(joinedAfterMs)
          }
          return process
        }
        return { ...host, name, start, run: async (...asked) => host.run(...asked) }
      },
      signal: AbortSignal.timeout(20_000),
      say: () => undefined,
    },
  )
}

it('passes that failed because one host was away leave no session open on the other', async () => {
  writeFileSync(join(folder('from'), 'a'), 'a')
  await hosts.to.stop()
  // More of them than a connection takes sessions.
  for (let failed = 0; failed < 8; failed += 1)
    await expect(pass()).rejects.toMatchObject({ code: 'host-unreachable' })
  await hosts.to.start()
  await pass()
  expect(existsSync(join(folder('to'), 'a'))).toBe(true)
}, 90_000)

it.each([
  ['side that takes the files has ended', () => undefined, 'sync-failed'],
  ['side that takes the files is lost', () => hosts.to.dropConnections(), 'connection-lost'],
  ['side that has the files is lost', () => hosts.from.dropConnections(), 'connection-lost'],
])(
  'a pass whose %s before both are joined ends, too',
  async (_what, harm, code) => {
    renameSync(folder('to'), `${folder('to')}-away`)
    try {
      await expect(pass(1_000, harm)).rejects.toMatchObject({ code })
    } finally {
      renameSync(`${folder('to')}-away`, folder('to'))
    }
    await pass()
  },
  60_000,
)

it.each([
  ['a file that is immutable', 'i', 'kept'],
  ['a file that is append-only', 'a', 'kept'],
  ['a folder that is immutable', 'i', '.'],
])(
  'a pass that %s stops is told with the attribute',
  async (what, attribute, name) => {
    // rsync may take a file of the same size and second for the same.
    writeFileSync(join(folder('from'), 'kept'), `newer than the other: ${what}, ${name}`)
    writeFileSync(join(folder('from'), 'more'), `beside it: ${what}, ${name}`)
    if (!existsSync(join(folder('to'), 'kept'))) writeFileSync(join(folder('to'), 'kept'), 'older')
    execFileSync('chattr', [`+${attribute}`, join(folder('to'), name)])
    try {
      await expect(pass()).rejects.toMatchObject({
        code: 'sync-failed',
        message: expect.stringMatching(/immutable \(i\).*lsattr/) as unknown,
      })
    } finally {
      execFileSync('chattr', [`-${attribute}`, join(folder('to'), name)])
    }
    await pass()
  },
  60_000,
)
