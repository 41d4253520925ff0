import { PassThrough, type Readable, type Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import { messageOf } from '../../domain/errors.ts'
import type { RemoteProcess } from '../steps/kind.ts'
import {
  CommandNotStartedError,
  ConnectionLostError,
  LoginShellUnusableError,
  ScriptTooLongError,
} from './errors.ts'
import { withSudoPassword } from './root.ts'
import { FrameFilter, type Framing, framed, killCommand } from './frame.ts'

/** Linux takes at most 128 KiB in one argument (MAX_ARG_STRLEN); quoting may lengthen what is sent. */
const scriptLimitBytes = 120 * 1024
const killTimeoutMs = 5_000
const signalNumbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ABRT: 6,
  KILL: 9,
  SEGV: 11,
  PIPE: 13,
  TERM: 15,
}

interface Given {
  readonly script: string
  readonly framing: Framing
  /** What the script's `sudo` answers with. */
  readonly sudoPassword?: string | undefined
}

/** One script running over one connection. */
export class Session implements RemoteProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly ended: Promise<number>
  private readonly output: FrameFilter
  private readonly errors: FrameFilter

  private constructor(
    private readonly client: Client,
    private readonly channel: ClientChannel,
    private readonly host: string,
    script: string,
    frame: Omit<Given, 'script'> & { readonly token: string },
  ) {
    this.output = new FrameFilter(frame.token, frame.framing)
    this.errors = new FrameFilter(frame.token, frame.framing)
    this.stdin = frame.sudoPassword === undefined ? channel : this.inputAfter(`${frame.sudoPassword}\n`)
    this.stdout = channel.pipe(this.output)
    this.stderr = channel.stderr.pipe(this.errors)
    this.ended = new Promise((resolve, reject) => {
      let exit: number | undefined
      let lost = false
      const lose = () => {
        lost = true
      }
      client.once('close', lose)
      channel.on('exit', (code: number | null, signal?: string) => {
        exit = code ?? 128 + (signalNumbers[(signal ?? '').replace(/^SIG/, '')] ?? 0)
      })
      channel.on('error', () => undefined)
      const end = () => {
        client.off('close', lose)
        // If the connection is lost, the end of the output may be missing although the exit code has arrived.
        if (exit === undefined || lost) reject(new ConnectionLostError(host, script))
        else if (!this.output.begun || !this.errors.begun)
          reject(new LoginShellUnusableError(host, exit, `${this.errors.noise}${this.output.noise}`))
        else resolve(this.output.exitCode ?? exit)
      }
      channel.on('close', () => {
        const filters = [this.output, this.errors].filter(({ readableEnded }) => !readableEnded)
        let left = filters.length
        if (left === 0) end()
        for (const filter of filters) {
          filter.once('end', () => {
            left -= 1
            if (left === 0) end()
          })
        }
      })
    })
    // The caller may wait for `ended` later; a loss before that must not end the process.
    this.ended.catch(() => undefined)
  }

  /** @throws ScriptTooLongError, CommandNotStartedError, ConnectionLostError; `ended` rejects with LoginShellUnusableError */
  static async start(client: Client, host: string, given: Given): Promise<Session> {
    const { script, framing, sudoPassword } = given
    const { line, token } = framed(sudoPassword === undefined ? script : withSudoPassword(script), framing)
    const sizeBytes = Buffer.byteLength(line)
    if (sizeBytes > scriptLimitBytes) throw new ScriptTooLongError(host, sizeBytes, scriptLimitBytes)
    const frame = { token, framing, sudoPassword }
    return openChannel(client, host, line, (channel) => new Session(client, channel, host, script, frame))
  }

  /** Only the script itself is told the password: what a host runs in its place, before it begins or instead of it, is not. */
  private inputAfter(password: string): Writable {
    const input = new PassThrough()
    this.errors.once('begun', () => {
      this.channel.write(password)
      input.pipe(this.channel)
    })
    return input
  }

  async kill(): Promise<void> {
    const group = this.errors.group ?? (await this.groupToCome())
    if (group === undefined) {
      this.channel.signal('KILL')
      this.channel.close()
      return
    }
    const killed = openChannel(
      this.client,
      this.host,
      killCommand(group),
      (channel) =>
        new Promise<void>((resolve) => {
          channel.resume().on('close', resolve)
        }),
    )
    const late = sleep(killTimeoutMs, 'late' as const, { ref: false })
    // If the host does not take the kill either, closing the connection makes its sshd hang up on the group.
    const outcome = await Promise.race([killed, late]).catch(() => 'late' as const)
    if (outcome === 'late') this.client.destroy()
    else this.channel.close()
  }

  /** Output may arrive before the line with the process group; without the group the children would live on. */
  private async groupToCome(): Promise<number | undefined> {
    const told = new Promise<void>((resolve) => {
      this.errors.once('begun', resolve).once('end', resolve)
    })
    await Promise.race([told, sleep(killTimeoutMs, undefined, { ref: false })])
    return this.errors.group
  }
}

/**
 * Calls `take` before ssh2 reads on: output, exit code and end of a quick command may arrive in one piece, and a listener that is
 * added a microtask later would miss them.
 */
async function openChannel<T>(
  client: Client,
  host: string,
  line: string,
  take: (channel: ClientChannel) => T | Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      client.exec(line, (error, channel) => {
        if (error === undefined) resolve(take(channel))
        // ssh2 reports this if the request was sent and no answer came: the command may be running.
        else if (error.message === 'Unable to exec') reject(new ConnectionLostError(host, line))
        else reject(new CommandNotStartedError(host, error.message))
      })
    } catch (error) {
      reject(new CommandNotStartedError(host, messageOf(error)))
    }
  })
}
