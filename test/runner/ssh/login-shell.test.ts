import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { LoginShellUnusableError } from '../../../runner/ssh/errors.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let pool: HostPool

beforeAll(async () => {
  sshd = await startSshd()
  // What stands between sshd and the command: a forced command that a test writes, as a login shell of another sort would.
  writeFileSync(join(sshd.directory, 'sshd_config'), `ForceCommand ${forced()}\n`, { flag: 'a' })
  inBetween('exec bash -c "$SSH_ORIGINAL_COMMAND"')
  await sshd.stop()
  await sshd.start()
})
afterEach(() => {
  rmSync(join(sshd.directory, '.bashrc'), { force: true })
  inBetween('exec bash -c "$SSH_ORIGINAL_COMMAND"')
})
afterAll(async () => {
  await sshd.close()
})

const forced = () => join(sshd.directory, 'forced')

function inBetween(script: string): void {
  writeFileSync(forced(), `#!/bin/sh\n${script}\n`)
  chmodSync(forced(), 0o755)
}

async function on<T>(use: (host: ReturnType<HostPool['host']>) => Promise<T>): Promise<T> {
  pool = new HostPool()
  return use(pool.host(sshd.target())).finally(async () => pool.close())
}

const said = async () =>
  on(async (host) => host.run('printf out; printf err >&2; exit 3', { okExitCodes: [3] }))
const clean = { exitCode: 3, stdout: 'out', stderr: 'err' }

describe('what a start-up file prints', () => {
  it.each([
    ['to both outputs', 'echo "Welcome, 欢迎"; echo warning >&2'],
    ['without an end of line', 'printf "welcome "; printf "warning " >&2'],
    ['as much as it likes', 'yes welcome | head -c 6000000; yes warning | head -c 6000000 >&2'],
    ['as a trace of every command', 'set -x'],
    ['as a trace that it hands on', 'export SHELLOPTS; set -x'],
    ['as the mark of another command', String.raw`printf '\036qianyun-begin 00\n'`],
  ])('is no part of an answer: %s', async (_name, bashrc) => {
    writeFileSync(join(sshd.directory, '.bashrc'), `${bashrc}\n`)
    expect(await said()).toEqual(clean)
  })

  it('is no part of a file, nor of bytes that flow', async () => {
    writeFileSync(join(sshd.directory, '.bashrc'), 'echo welcome; echo welcome >&2\n')
    writeFileSync(join(sshd.directory, 'bytes'), Buffer.from([0x1e, 0, 0xff, 0x0a, 0x1e]))
    const { read, streamed } = await on(async (host) => {
      const read = await host.readFile(join(sshd.directory, 'bytes'))
      const process = await host.start('cat; echo told >&2')
      const chunks: Buffer[] = []
      process.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
      process.stderr.resume()
      process.stdin.end(read)
      await process.ended
      return { read, streamed: Buffer.concat(chunks) }
    })
    expect([...read]).toEqual([0x1e, 0, 0xff, 0x0a, 0x1e])
    expect(streamed).toEqual(read)
  })

  it('changes no tool that is asked, and no place that is gone to', async () => {
    writeFileSync(
      join(sshd.directory, '.bashrc'),
      'export CDPATH=/ GREP_OPTIONS=--color=always BLOCK_SIZE=1M; export SHELLOPTS BASHOPTS; set -uf\n',
    )
    const { stdout } = await on(async (host) =>
      host.run('cd tmp 2>/dev/null || echo stayed; echo /et*; bash -c "echo $-"'),
    )
    expect(stdout).toMatch(/^stayed\n\/etc\n[^xuf]*\n$/)
  })
})

it.each([
  [
    'prints afterwards and ends otherwise',
    'bash -c "$SSH_ORIGINAL_COMMAND"; echo goodbye; echo goodbye >&2; exit 0',
  ],
  ...['dash', 'bash', 'zsh', 'mksh', 'busybox']
    .filter((shell) => existsSync(`/bin/${shell}`))
    .map((shell) => [
      `is ${shell}`,
      `exec ${shell === 'busybox' ? 'busybox sh' : shell} -c "$SSH_ORIGINAL_COMMAND"`,
    ]),
])('what runs the command %s: the answer is the command’s own', async (_name, script) => {
  inBetween(script)
  expect(await said()).toEqual(clean)
})

it.each([
  ['is nologin', 'exec /usr/sbin/nologin', 'not available'],
  ['is fish', 'exec fish -c "$SSH_ORIGINAL_COMMAND"', 'fish'],
  ['is csh', 'exec csh -c "$SSH_ORIGINAL_COMMAND"', ''],
  ['ends without having run it', 'exit 0', ''],
  ['hides what it prints', 'exec >/dev/null; exec bash -c "$SSH_ORIGINAL_COMMAND"', ''],
  ['mixes both outputs', 'exec 2>&1; exec bash -c "$SSH_ORIGINAL_COMMAND"', ''],
  [
    'asks for a new password',
    'echo "You are required to change your password"; exit 1',
    'change your password',
  ],
])('a login shell that %s is refused in words', async (_name, script, word) => {
  inBetween(script)
  const refusal = await said().catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(LoginShellUnusableError)
  expect((refusal as Error).message).toMatch(/^The login shell of "here" ended with exit code \d+ before/)
  expect((refusal as Error).message).toContain(word)
})

it('a start-up file that ends the shell is told from a command that ended well', async () => {
  writeFileSync(join(sshd.directory, '.bashrc'), 'exit 0\n')
  expect(await said().catch((error: unknown) => error)).toBeInstanceOf(LoginShellUnusableError)
})
