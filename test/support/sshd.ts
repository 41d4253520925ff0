import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { SshTarget } from '../../runner/ssh/connection.ts'

/** A real sshd of its own on a loopback address, for the user who runs the tests. */
export interface TestSshd {
  readonly directory: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly hostKey: string
  readonly privateKey: string
  target(over?: Partial<SshTarget>): SshTarget
  /** Ends the processes of all open connections, as a broken network would look from here. */
  dropConnections(): void
  /** Goes away with all connections, as a host that is switched off, and comes back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

/** `launcher` are the words of a command that starts sshd, to take rights from it for example. */
export async function startSshd(address = '127.0.0.1', launcher: readonly string[] = []): Promise<TestSshd> {
  const directory = mkdtempSync(join(tmpdir(), 'qianyun-sshd-'))
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  keygen(join(directory, 'host_key'))
  keygen(join(directory, 'user_key'))
  writeFileSync(join(directory, 'authorized_keys'), readFileSync(join(directory, 'user_key.pub')), {
    mode: 0o600,
  })
  const port = await freePort(address)
  writeFileSync(join(directory, 'sshd_config'), configuration(directory, address, port))
  const boot = async () => {
    const words = [...launcher, '/usr/sbin/sshd', '-D', '-e', '-f', join(directory, 'sshd_config')]
    const booted = spawn(words[0] ?? '', words.slice(1), {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await listening(address, port, booted)
    return booted
  }
  let server = await boot()
  const stop = async () => {
    const connections = childrenOf(server.pid ?? 0)
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    for (const pid of connections) endIfThere(pid)
  }
  const user = userInfo().username
  const hostKey = fingerprintOf(join(directory, 'host_key.pub'))
  const privateKey = readFileSync(join(directory, 'user_key'), 'utf8')
  return {
    directory,
    address,
    port,
    user,
    hostKey,
    privateKey,
    target: (over = {}) => ({
      name: 'here',
      address,
      port,
      user,
      hostKey,
      privateKey: async () => privateKey,
      ...over,
    }),
    dropConnections() {
      for (const pid of childrenOf(server.pid ?? 0)) process.kill(pid, 'SIGKILL')
    },
    stop,
    async start() {
      server = await boot()
    },
    async close() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function configuration(directory: string, address: string, port: number): string {
  return [
    `ListenAddress ${address}:${port}`,
    `HostKey ${join(directory, 'host_key')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 100:30:200',
    // Sessions live in the folder: nothing of the user's own is read or written.
    `SetEnv "HOME=${directory}"`,
    '',
  ].join('\n')
}

/** A new Ed25519 key pair at `path` and `path.pub`. */
export function keygen(path: string): void {
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path])
  if (made.status !== 0) throw new Error(`ssh-keygen failed: ${made.stderr.toString()}`)
  chmodSync(path, 0o600)
}

/** What OpenSSH itself says the fingerprint is. */
export function fingerprintOf(publicKeyPath: string): string {
  const shown = spawnSync('ssh-keygen', ['-lf', publicKeyPath]).stdout.toString()
  return /SHA256:\S+/.exec(shown)?.[0] ?? ''
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended with the server.
  }
}

function childrenOf(pid: number): number[] {
  const listed = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)]).stdout.toString()
  return listed.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Number(line)]))
}

/** A port nobody listens on at this moment. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, address)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listening(address: string, port: number, server: ChildProcess): Promise<void> {
  let said = ''
  server.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${said}`)
    const socket = connect({ host: address, port })
    const open = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      sleep(1_000, false, { ref: false }),
    ])
    socket.destroy()
    if (open) return
    await sleep(25)
  }
  throw new Error(`sshd does not listen on ${address}:${port}: ${said}`)
}
