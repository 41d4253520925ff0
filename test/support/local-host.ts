import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { CommandFailedError } from '../../runner/ssh/errors.ts'
import type { HostPort, RemoteProcess, RunOptions, ShellResult } from '../../runner/steps/kind.ts'

/** This machine as a host: the same shell scripts, run here instead of over SSH. `launcher` are the words of a command that starts them. */
export class LocalHost implements HostPort {
  readonly address = '127.0.0.1'

  constructor(
    readonly name: string,
    private readonly launcher: readonly string[] = [],
  ) {}

  async run(script: string, { stdin, okExitCodes = [0] }: RunOptions = {}): Promise<ShellResult> {
    const process = await this.start(script)
    let stdout = ''
    let stderr = ''
    process.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    process.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    process.stdin.end(stdin)
    const exitCode = await process.ended
    if (!okExitCodes.includes(exitCode))
      throw new CommandFailedError(this.name, script, exitCode, stdout, stderr, okExitCodes)
    return { exitCode, stdout, stderr }
  }

  async readFile(path: string): Promise<Buffer> {
    return readFile(path)
  }

  async start(script: string): Promise<RemoteProcess> {
    const words = [...this.launcher, '/bin/sh', '-c', script]
    const child = spawn(words[0] ?? '', words.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdin.on('error', () => undefined)
    const ended = once(child, 'close').then(([code]) => (code as number | null) ?? 128)
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      ended,
      kill: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
  }
}
