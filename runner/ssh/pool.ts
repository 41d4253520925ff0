import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'ssh2'
import type { HostPort, RemoteProcess, RunOptions, ShellResult } from '../steps/kind.ts'
import { type Captured, capture } from './capture.ts'
import { type SshTarget, connectHost } from './connection.ts'
import { CommandNotStartedError } from './errors.ts'
import type { Framing } from './frame.ts'
import { quote } from './quote.ts'
import { Session } from './session.ts'

/**
 * sshd allows 10 sessions on one connection (MaxSessions) and counts an ended one until it has cleaned up. The pool uses half of
 * them.
 */
const sessionsPerConnection = 5
const startAttempts = 5
const fileLimitBytes = 64 * 1024 * 1024

/** Keeps one SSH connection for each host, user and key of a plan. All callers share it; after a loss the next use opens it again. */
export class HostPool {
  private readonly hosts = new Map<string, PooledHost>()

  /** The port of a host; its first use opens the connection. */
  host(target: SshTarget): HostPort {
    const { name, user, address, port, hostKey, identity } = target
    const key = JSON.stringify([name, user, address, port, hostKey, identity])
    const host = this.hosts.get(key) ?? new PooledHost(target)
    this.hosts.set(key, host)
    // Without a pinned key nothing is asked for: the host refuses to connect.
    return identity === undefined || hostKey === undefined ? host : new CheckedHost(host, target)
  }

  async close(): Promise<void> {
    const hosts = [...this.hosts.values()]
    this.hosts.clear()
    await Promise.all(hosts.map(async (host) => host.close()))
  }
}

/** Asks for the key before each use: an open connection is of no use to who may no longer have it. */
class CheckedHost implements HostPort {
  readonly name: string
  readonly address: string
  readonly serviceDir: string | undefined

  constructor(
    private readonly host: PooledHost,
    private readonly target: SshTarget,
  ) {
    this.name = host.name
    this.address = host.address
    this.serviceDir = target.serviceDir
  }

  async run(script: string, options?: RunOptions): Promise<ShellResult> {
    await this.target.privateKey()
    return this.host.run(script, options)
  }

  async readFile(path: string): Promise<Buffer> {
    await this.target.privateKey()
    return this.host.readFile(path)
  }

  async start(script: string): Promise<RemoteProcess> {
    await this.target.privateKey()
    return this.host.start(script)
  }
}

class PooledHost implements HostPort {
  readonly name: string
  readonly address: string
  readonly serviceDir: string | undefined
  private connecting: Promise<Client> | undefined
  private running = 0
  private readonly waiting: (() => void)[] = []

  constructor(private readonly target: SshTarget) {
    this.name = target.name
    this.address = target.address
    this.serviceDir = target.serviceDir
  }

  async run(script: string, options: RunOptions = {}): Promise<ShellResult> {
    const { exitCode, stdout, stderr } = await this.capture(script, options)
    return { exitCode, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') }
  }

  async readFile(path: string): Promise<Buffer> {
    const { stdout } = await this.capture(`exec cat -- ${quote(path)}`, { maxOutputBytes: fileLimitBytes })
    return stdout
  }

  async start(script: string): Promise<RemoteProcess> {
    await this.enter()
    try {
      const session = await this.session(script, 'stream')
      session.ended
        .catch(() => undefined)
        .finally(() => {
          this.leave()
        })
      return session
    } catch (error) {
      this.leave()
      throw error
    }
  }

  async close(): Promise<void> {
    const connecting = this.connecting
    this.connecting = undefined
    const client = await connecting?.catch(() => undefined)
    client?.end()
  }

  private async capture(script: string, options: RunOptions): Promise<Captured> {
    await this.enter()
    try {
      return await capture(await this.session(script, 'whole'), this.name, script, options)
    } finally {
      this.leave()
    }
  }

  /** A command that was not started did not run, so it may be repeated, over a new connection if this one is lost. */
  private async session(script: string, framing: Framing): Promise<Session> {
    for (let attempt = 1; ; attempt += 1) {
      const connecting = this.client()
      try {
        return await Session.start(await connecting, this.name, script, framing)
      } catch (error) {
        if (!(error instanceof CommandNotStartedError) || attempt >= startAttempts) throw error
        // A full server reports so; any other failure means that the connection was lost unnoticed.
        if (error.reason.includes('open fail')) await sleep(attempt * 50)
        else if (this.connecting === connecting) this.connecting = undefined
      }
    }
  }

  private client(): Promise<Client> {
    if (this.connecting !== undefined) return this.connecting
    const connecting = connectHost(this.target)
    this.connecting = connecting
    const forget = () => {
      if (this.connecting === connecting) this.connecting = undefined
    }
    connecting.then((client) => client.once('close', forget), forget)
    return connecting
  }

  private async enter(): Promise<void> {
    if (this.running < sessionsPerConnection) {
      this.running += 1
      return
    }
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve)
    })
  }

  /** Passes the free place to the caller that has waited longest. */
  private leave(): void {
    const next = this.waiting.shift()
    if (next === undefined) this.running -= 1
    else next()
  }
}
