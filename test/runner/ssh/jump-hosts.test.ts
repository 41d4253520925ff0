import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { SshTarget } from '../../../runner/ssh/connection.ts'
import { HostUnreachableError, LoginRefusedError, WrongHostKeyError } from '../../../runner/ssh/errors.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'

let first: TestSshd
let second: TestSshd
let behind: TestSshd
let closed: TestSshd
let pool: HostPool

beforeAll(async () => {
  const forwardsNothing = ['sh', '-c', 'exec "$@" -o AllowTcpForwarding=no', 'sh']
  ;[first, second, behind, closed] = await Promise.all([
    startSshd('127.0.0.11'),
    startSshd('127.0.0.12'),
    startSshd('127.0.0.13'),
    startSshd('127.0.0.14', forwardsNothing),
  ])
}, 60_000)
afterAll(async () => {
  await Promise.all([first, second, behind, closed].map(async (sshd) => sshd.close()))
})
beforeEach(() => {
  pool = new HostPool()
})
afterEach(async () => pool.close())

const jump = (name: string, sshd: TestSshd, over: Partial<SshTarget> = {}): SshTarget =>
  sshd.target({ name, ...over })

/** The host behind both, the second reached through the first. */
const target = (over: Partial<SshTarget> = {}): SshTarget =>
  behind.target({ name: 'old-1', via: jump('inner', second, { via: jump('outer', first) }), ...over })

const refusal = async (of: SshTarget): Promise<unknown> =>
  pool
    .host(of)
    .run('true')
    .catch((error: unknown) => error)

describe('a host behind jump hosts', () => {
  it('is logged in to through each of them, and takes scripts, input and files as any other', async () => {
    const host = pool.host(target())
    const big = 'x'.repeat(3_000_000)
    const ran = await Promise.all([
      host.run('echo "$SSH_CONNECTION"'),
      host.run('wc -c', { stdin: big }),
      host.readFile('/etc/hostname'),
    ])
    expect(ran[0].stdout).toMatch(new RegExp(`127.0.0.13 ${String(behind.port)}$`, 'm'))
    expect(ran[1].stdout.trim()).toBe('3000000')
    expect(ran[2].length).toBeGreaterThan(0)
    await first.stop()
    try {
      await expect(pool.host(target()).run('true')).rejects.toThrow('"outer" cannot be reached')
    } finally {
      await first.start()
    }
  }, 60_000)

  it('is reached again after the connection to a jump host was lost', async () => {
    const host = pool.host(target())
    await host.run('true')
    for (const lost of [first, second, behind]) {
      lost.dropConnections()
      expect((await host.run('echo again')).stdout).toBe('again\n')
    }
  }, 60_000)

  it('shows its key through them, and is refused where it is another than the pinned one', async () => {
    expect(await pool.hostKeyShown(target())).toBe(behind.hostKey)
    const other = `SHA256:${'O'.repeat(43)}`
    expect(await refusal(target({ hostKey: other }))).toBeInstanceOf(WrongHostKeyError)
    const wrongJump = await refusal(target({ via: jump('inner', second, { hostKey: other }) }))
    expect(wrongJump).toBeInstanceOf(WrongHostKeyError)
    expect(String(wrongJump)).toContain('"inner"')
  })

  it('is said to be out of reach with the jump host that says so', async () => {
    const gone = await refusal(behind.target({ name: 'old-1', port: 1, via: jump('outer', first) }))
    expect(gone).toBeInstanceOf(HostUnreachableError)
    expect(String(gone)).toMatch(
      /"old-1" cannot be reached at 127\.0\.0\.13:1 \(through the jump host "outer": .*refused/,
    )
    const notForwarded = await refusal(behind.target({ name: 'old-1', via: jump('closed', closed) }))
    expect(String(notForwarded)).toMatch(/through the jump host "closed": .*AllowTcpForwarding/)
    const noLogin = await refusal(target({ via: jump('outer', first, { user: 'nobody' }) }))
    expect(noLogin).toBeInstanceOf(LoginRefusedError)
    expect(String(noLogin)).toContain('"outer"')
  })

  it('is not used any more by who may no longer have the key of a jump host', async () => {
    let may = true
    const asked: SshTarget = {
      ...jump('outer', first),
      privateKey: async () => {
        if (!may) throw new Error('not bound')
        return Promise.resolve(first.privateKey)
      },
    }
    const host = pool.host(behind.target({ identity: 'a plan', via: asked }))
    await host.run('true')
    may = false
    await expect(host.run('true')).rejects.toThrow('not bound')
  })
})
