import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { SyncFilesParams } from '../../../families/files/steps/sync-files/params.ts'
import { runPass } from '../../../families/files/steps/sync-files/pass.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

/** The folder itself takes one of them. */
const inodes = 10
let small: string
let sshd: TestSshd
let fixture: PlaybookFixture
let from: string

beforeAll(() => {
  small = mkdtempSync(join(tmpdir(), 'qianyun-small-'))
})
afterAll(() => {
  rmSync(small, { recursive: true, force: true })
})
beforeEach(async () => {
  // The host sees a file system there that has much room and few inodes; it goes with the host.
  const mounting = `mount -t tmpfs -o size=64m,nr_inodes=${String(inodes)} none ${small} && exec "$@"`
  const inside = ['sh', '-c', mounting, 'sh']
  sshd = await startSshd('127.0.0.1', ['unshare', '--mount', '--propagation', 'private', ...inside])
  fixture = playbookFixture({ sshd })
  from = join(fixture.scratch, 'from')
  mkdirSync(from)
})
afterEach(async () => {
  await fixture.close()
  await sshd.close()
})

function writeFiles(count: number): void {
  for (let n = 0; n < count; n += 1) writeFileSync(join(from, `file-${String(n)}`), 'x')
}

async function sync(to: string) {
  fixture.write(
    'sync',
    `steps: [{ id: a, kind: sync-files, with: { from: { host: source, path: ${from} }, to: { host: target, path: ${to} } } }]`,
  )
  return fixture.runner.runSteps(fixture.request('sync'), ['a'])
}

describe('a file system with few inodes', () => {
  it.each([
    ['a folder that is there', ''],
    ['a folder that is to be made', '/new'],
  ])(
    'is refused before anything is copied: %s',
    async (_what, below) => {
      writeFiles(20)
      const { failure } = await sync(`${small}${below}`)
      expect(failure).toMatchObject({ code: 'files-too-few-inodes' })
      expect(failure?.message).toMatch(/has 9 inodes left .* (20|21) files and folders are to be made/)
    },
    60_000,
  )

  it('takes what fits', async () => {
    writeFiles(8)
    const { failure, done } = await sync(`${small}/new`)
    expect(failure).toBeUndefined()
    expect(done[0]?.result).toMatchObject({ changed: true, flat: true })
  }, 60_000)

  it('is not refused because of further names of the same file, which take no inode on most file systems', async () => {
    writeFiles(8)
    for (const name of ['a', 'b', 'c']) linkSync(join(from, 'file-0'), join(from, name))
    const { failure } = await sync(`${small}/new`)
    // On this one they do, and the pass itself says so.
    expect(failure).toMatchObject({ code: 'sync-failed', values: { because: { code: 'sync-no-inodes' } } })
  }, 60_000)

  it('that runs out while files are copied is told as that, not as a full disk', async () => {
    writeFiles(20)
    const pool = new HostPool()
    const params = SyncFilesParams.parse({
      from: { host: 'from', path: from },
      to: { host: 'to', path: small },
    })
    const { address, port, user, hostKey, privateKey } = sshd
    const key = { privateKey: async () => privateKey, serviceDir: undefined }
    try {
      await expect(
        runPass(
          params,
          {
            carries: { acls: false, xattrs: false, capabilities: false, because: [] },
            dryRun: false,
            checksum: false,
          },
          {
            host: (name) => pool.host({ name, address, port, user, hostKey, ...key }),
            signal: AbortSignal.timeout(50_000),
            say: () => undefined,
          },
        ),
      ).rejects.toMatchObject({
        code: 'sync-failed',
        because: { code: 'sync-no-inodes' },
        message: expect.stringContaining('has no inodes left'),
      })
    } finally {
      await pool.close()
    }
  }, 60_000)
})
