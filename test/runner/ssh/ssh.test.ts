import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type Server, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { connectHost, scanHostKey } from '../../../runner/ssh/connection.ts'
import {
  CommandAbortedError,
  CommandFailedError,
  CommandTimeoutError,
  ConnectTimeoutError,
  ConnectionLostError,
  HandshakeFailedError,
  HostKeyNotPinnedError,
  HostUnreachableError,
  LoginRefusedError,
  OutputLimitError,
  ScriptTooLongError,
  UnusablePrivateKeyError,
  WrongHostKeyError,
} from '../../../runner/ssh/errors.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { quote } from '../../../runner/ssh/quote.ts'
import { isRunning } from '../../support/process.ts'
import { type TestSshd, freePort, keygen, startSshd } from '../../support/sshd.ts'
import { inForeignWords } from '../../../domain/words/said.ts'

let sshd: TestSshd
let pool: HostPool
let scratch: string

beforeAll(async () => {
  sshd = await startSshd()
  pool = new HostPool()
  scratch = mkdtempSync(join(tmpdir(), 'qianyun-ssh-'))
})

afterAll(async () => {
  await pool.close()
  await sshd.close()
  rmSync(scratch, { recursive: true, force: true })
})

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no refusal',
    (error: unknown) => error,
  )
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !condition(); round += 1) await sleep(25)
  expect(condition()).toBe(true)
}

describe('connecting', () => {
  it('never connects to a host without a pinned key', async () => {
    const port = await freePort()
    expect(await refusal(connectHost(sshd.target({ hostKey: undefined, port })))).toBeInstanceOf(
      HostKeyNotPinnedError,
    )
  })

  it('refuses another host key and names both', async () => {
    const pinned = `SHA256:${'A'.repeat(43)}`
    const error = await refusal(connectHost(sshd.target({ hostKey: pinned })))
    expect(error).toBeInstanceOf(WrongHostKeyError)
    expect(error).toMatchObject({ pinned, shown: sshd.hostKey, code: 'wrong-host-key' })
    expect((error as Error).message).toContain(sshd.hostKey)
  })

  it('shows the host key to approve as ssh-keygen does', async () => {
    expect(await scanHostKey(sshd.address, sshd.port)).toBe(sshd.hostKey)
  })

  it('says a closed port is unreachable', async () => {
    const error = await refusal(connectHost(sshd.target({ port: await freePort() })))
    expect(error).toBeInstanceOf(HostUnreachableError)
    expect(error).toMatchObject({ reason: inForeignWords('ECONNREFUSED') })
  })

  it('says an unknown name is unreachable', async () => {
    expect(await refusal(connectHost(sshd.target({ address: 'no-such-host.invalid' })))).toBeInstanceOf(
      HostUnreachableError,
    )
  })

  it('says when a key is refused', async () => {
    keygen(join(scratch, 'stranger'))
    const privateKey = async () => readFileSync(join(scratch, 'stranger'), 'utf8')
    const error = await refusal(connectHost(sshd.target({ privateKey })))
    expect(error).toBeInstanceOf(LoginRefusedError)
    expect(error).toMatchObject({ user: sshd.user })
  })

  it('does not repeat a private key it cannot read', async () => {
    const error = await refusal(connectHost(sshd.target({ privateKey: async () => 'canary-4711' })))
    expect(error).toBeInstanceOf(UnusablePrivateKeyError)
    expect((error as Error).message).not.toContain('canary')
  })

  it('tells by its close alone when it is reset after it was made', async () => {
    const through = createServer((socket) => {
      const beyond = connect({ host: sshd.address, port: sshd.port })
      for (const end of [socket, beyond]) end.on('error', () => undefined)
      socket.pipe(beyond).pipe(socket)
      reset = () => socket.resetAndDestroy()
    })
    let reset: () => void = () => undefined
    const port = await freePort()
    await new Promise<void>((resolve) => through.listen(port, '127.0.0.1', resolve))
    const client = await connectHost(sshd.target({ port }))
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    reset()
    await expect(closed).resolves.toBeUndefined()
    through.close()
  })

  describe('to something that is no SSH server', () => {
    let silent: Server
    let port: number
    beforeAll(async () => {
      port = await freePort()
      silent = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.on('data', (data) => {
          if (data.toString('latin1').startsWith('SSH-')) socket.unref()
        })
      })
      await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve))
    })
    afterAll(() => {
      silent.close()
    })

    it('gives up on silence', async () => {
      expect(await refusal(connectHost(sshd.target({ port }), { timeoutMs: 300 }))).toBeInstanceOf(
        ConnectTimeoutError,
      )
    })

    it('gives up on another protocol', async () => {
      const http = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
      const httpPort = await freePort()
      await new Promise<void>((resolve) => http.listen(httpPort, '127.0.0.1', resolve))
      const error = await refusal(connectHost(sshd.target({ port: httpPort })))
      http.close()
      expect(error).toBeInstanceOf(HandshakeFailedError)
    })
  })
})

describe('a command', () => {
  it('gives exit code, output and error output', async () => {
    const host = pool.host(sshd.target())
    const result = await host.run('echo out; echo err >&2; exit 3', { okExitCodes: [3] })
    expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  it('reads standard input', async () => {
    const content = `${'数据\n'.repeat(50_000)}end`
    const { stdout } = await pool.host(sshd.target()).run('cat', { stdin: content })
    expect(stdout).toBe(content)
  })

  it('keeps a character whole that arrives in two pieces', async () => {
    const script = String.raw`printf '\346\224'; sleep 0.2; printf '\277\n'`
    expect((await pool.host(sshd.target()).run(script)).stdout).toBe('\u653f\n')
  })

  it('runs in the C locale', async () => {
    expect((await pool.host(sshd.target()).run('echo "$LC_ALL"')).stdout).toBe('C\n')
  })

  it('fails with what it said', async () => {
    const error = await refusal(pool.host(sshd.target()).run('echo half; echo "no such permit" >&2; exit 9'))
    expect(error).toBeInstanceOf(CommandFailedError)
    expect(error).toMatchObject({ exitCode: 9, stdout: 'half\n', stderr: 'no such permit\n', host: 'here' })
    expect((error as Error).message).toContain('no such permit')
  })

  it('passes any value through the whole way', async () => {
    const value = '\'; $(id) `id` "\\ \n-x 政务 !'
    expect((await pool.host(sshd.target()).run(`printf %s ${quote(value)}`)).stdout).toBe(value)
  })

  it.each([
    ['ran too long', CommandTimeoutError, { timeoutMs: 700 }],
    ['prints too much', OutputLimitError, { maxOutputBytes: 10_000 }],
  ])('that %s is killed with its children', async (_name, errorClass, options) => {
    const pidFile = join(scratch, `child-${errorClass.name}`)
    const noise = errorClass === OutputLimitError ? 'yes noise' : 'sleep 600'
    const script = `sh -c 'echo $$ >${pidFile}; exec sleep 600' & ${noise}`
    expect(await refusal(pool.host(sshd.target()).run(script, options))).toBeInstanceOf(errorClass)
    const pid = readFileSync(pidFile, 'utf8')
    await until(() => !isRunning(pid))
  })

  it('that is given up is killed', async () => {
    const controller = new AbortController()
    const pidFile = join(scratch, 'aborted')
    const running = refusal(
      pool.host(sshd.target()).run(`echo $$ >${pidFile}; sleep 600`, { signal: controller.signal }),
    )
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'))
    controller.abort()
    expect(await running).toBeInstanceOf(CommandAbortedError)
    await until(() => !isRunning(readFileSync(pidFile, 'utf8')))
  })

  it('whose connection breaks has an unknown outcome, and the next one connects again', async () => {
    const host = pool.host(sshd.target())
    const started = join(scratch, 'started')
    // Nobody hangs up on what runs without a terminal: it ends with the folder of the test.
    const running = refusal(host.run(`touch ${started}; while [ -e ${started} ]; do sleep 0.1; done`))
    await until(() => existsSync(started))
    sshd.dropConnections()
    expect(await running).toBeInstanceOf(ConnectionLostError)
    expect((await host.run('echo again')).stdout).toBe('again\n')
  })

  it('that is too long for the host is refused before it is sent', async () => {
    expect(await refusal(pool.host(sshd.target()).run(`: ${'x'.repeat(200_000)}`))).toBeInstanceOf(
      ScriptTooLongError,
    )
  })

  it('waits for its turn when many run at once on the one connection', async () => {
    const host = pool.host(sshd.target())
    const numbers = Array.from({ length: 40 }, (_, index) => index)
    const parents = await Promise.all(numbers.map(async (n) => host.run(`echo ${n} $PPID`)))
    expect(parents.map(({ stdout }) => Number(stdout.split(' ')[0]))).toEqual(numbers)
    expect(new Set(parents.map(({ stdout }) => stdout.split(' ')[1])).size).toBe(1)
  })
})
