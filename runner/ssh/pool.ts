import { setTimeout as sleep } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { messageOf } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import type { HostPort, RemoteProcess, RunOptions, ShellResult } from '../steps/kind.ts'
import { type Captured, capture } from './capture.ts'
import { type SshTarget, connectHost, scanHostKey } from './connection.ts'
import { CommandNotStartedError, HostUnreachableError } from './errors.ts'
import type { Framing } from './frame.ts'
import { quote } from './quote.ts'
import { Session } from './session.ts'
import { usesSudo } from './root.ts'
import { SudoLogin } from './sudo-login.ts'

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
    const host = this.pooled(target)
    // Without a pinned key nothing is asked for: the host refuses to connect.
    return target.identity === undefined || target.hostKey === undefined
      ? host
      : new CheckedHost(host, target)
  }

  /**
   * The fingerprint of the key that a host presents, asked on the way it is reached. Nobody logs in to it.
   * @throws what a connection to it is refused with
   */
  async hostKeyShown({ name, address, port, via }: SshTarget): Promise<string> {
    const jump = via && this.pooled(via)
    return scanHostKey(address, port, jump && (async () => jump.forward({ name, address, port })))
  }

  private pooled(target: SshTarget): PooledHost {
    const key = JSON.stringify(wayOf(target))
    const host = this.hosts.get(key) ?? new PooledHost(target, target.via && this.pooled(target.via))
    this.hosts.set(key, host)
    return host
  }

  async close(): Promise<void> {
    const hosts = [...this.hosts.values()]
    this.hosts.clear()
    await Promise.all(hosts.map(async (host) => host.close()))
  }
}

/** What makes a connection another one: its host, its login, and those of the jump hosts before it. */
function wayOf({ name, user, address, port, hostKey, identity, via }: SshTarget): readonly unknown[] {
  return [name, user, address, port, hostKey, identity, ...(via === undefined ? [] : wayOf(via))]
}

/** Asks for the keys of a host and of the way to it. */
async function mayUse(target: SshTarget): Promise<void> {
  await target.privateKey()
  if (target.via !== undefined) await mayUse(target.via)
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
    await mayUse(this.target)
    return this.host.run(script, options)
  }

  async readFile(path: string): Promise<Buffer> {
    await mayUse(this.target)
    return this.host.readFile(path)
  }

  async start(script: string): Promise<RemoteProcess> {
    await mayUse(this.target)
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
  private readonly sudo: SudoLogin

  constructor(
    private readonly target: SshTarget,
    private readonly jump: PooledHost | undefined,
  ) {
    this.name = target.name
    this.address = target.address
    this.serviceDir = target.serviceDir
    this.sudo = new SudoLogin(target)
  }

  /**
   * A channel through this host to another, which sees only what is encrypted between us and the other.
   * @throws HostUnreachableError, and what this host itself is refused with
   */
  async forward(to: Pick<SshTarget, 'name' | 'address' | 'port'>): Promise<Duplex> {
    for (let attempt = 1; ; attempt += 1) {
      const connecting = this.client()
      const client = await connecting
      try {
        return await forwarded(client, to)
      } catch (error) {
        // What the jump host has answered stands; any other failure means that its connection was lost unnoticed.
        if (reasonOf(error) !== undefined || attempt >= startAttempts)
          throw new HostUnreachableError(
            to.name,
            to.address,
            to.port,
            said('cause-through-jump', { jump: this.name, because: whyNotForwarded(error) }),
          )
        if (this.connecting === connecting) this.connecting = undefined
      }
    }
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
        const client = await connecting
        const password = usesSudo(script) ? await this.sudo.password(client) : undefined
        return await Session.start(client, this.name, { script, framing, sudoPassword: password })
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
    const { jump, target } = this
    const connecting = connectHost(target, jump && { carrier: async () => jump.forward(target) })
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

/** Why a server opens no channel: RFC 4254, section 5.1. */
const prohibited = 1

function reasonOf(error: unknown): unknown {
  return error instanceof Error && 'reason' in error ? error.reason : undefined
}

function whyNotForwarded(error: unknown): Said {
  return reasonOf(error) === prohibited
    ? said('cause-forwarding-forbidden')
    : inForeignWords(messageOf(error))
}

function forwarded(client: Client, { address, port }: Pick<SshTarget, 'address' | 'port'>): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
      if (error === undefined) resolve(channel)
      else reject(error)
    })
  })
}
