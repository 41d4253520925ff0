import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, createWriteStream, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

import { QianyunError } from '../domain/errors.ts'
import { boundToParent } from './bound-to-parent.ts'
import { says } from './sentences.ts'

/** How a process is started, known to be ready, and ended. */
export interface ProcessSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Another user to run as; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly logPath: string
  /** `line`: it prints a JSON object with `"ready":true`. Otherwise it is asked until the answer is yes. */
  readonly ready: 'line' | (() => Promise<boolean>)
  readonly readyTimeoutMs: number
  readonly stopSignal: 'SIGTERM' | 'SIGINT'
  /** How it learns that the process that started it is gone: its standard input ends, or the kernel sends it `stopSignal`. */
  readonly boundBy: 'standard input' | 'signal'
  readonly stopGraceMs: number
}

/** Thrown when a process ended, or said nothing in time, before it was ready. `lastLines` are from its log. */
export class ProcessNotReadyError extends QianyunError {
  override name = 'ProcessNotReadyError'
  readonly code = 'process-not-ready'

  constructor(
    readonly processName: string,
    readonly situation: string,
    readonly logPath: string,
    readonly lastLines: readonly string[],
    /** Whether it ended by itself; otherwise it ran without being ready. */
    readonly ended: boolean,
  ) {
    super(
      [
        says.notReady(processName, situation, logPath),
        ...(lastLines.length === 0 ? [says.wroteNothing] : lastLines).map((line) => `  | ${line}`),
      ].join('\n'),
    )
  }
}

export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** One process in a process group of its own, its output in a log file. It is asked to end when this process is gone. */
export class ManagedProcess {
  readonly exited: Promise<ProcessExit>
  private readonly child: ChildProcess
  private readyLine: Readonly<Record<string, unknown>> | undefined
  private exit: ProcessExit | undefined

  constructor(readonly spec: ProcessSpec) {
    const log = openSync(spec.logPath, 'a', 0o640)
    const byInput = spec.boundBy === 'standard input'
    const { command, args } = byInput ? spec : boundToParent(spec.stopSignal, spec.command, spec.args)
    this.child = spawn(command, args, {
      cwd: spec.cwd,
      env: { ...spec.env },
      detached: true,
      stdio: [byInput ? 'pipe' : 'ignore', 'pipe', log],
      ...spec.user,
    })
    closeSync(log)
    this.exited = new Promise((resolve) => {
      const ended = (exit: ProcessExit) => {
        this.exit = exit
        resolve(exit)
      }
      this.child.once('exit', (code, signal) => ended({ code, signal }))
      this.child.once('error', () => ended({ code: 127, signal: null }))
    })
    // It may have ended before its end of the pipe is closed.
    this.child.stdin?.on('error', () => undefined)
    this.keepOutput()
  }

  get pid(): number | undefined {
    return this.exit === undefined ? this.child.pid : undefined
  }

  /** Gives the line it said (empty when it was asked). Throws ProcessNotReadyError. */
  async whenReady(): Promise<Readonly<Record<string, unknown>>> {
    const deadline = Date.now() + this.spec.readyTimeoutMs
    for (;;) {
      if (this.exit !== undefined) {
        throw await this.notReady(says.endedWith(describeExit(this.exit)), true)
      }
      if (this.spec.ready === 'line') {
        if (this.readyLine !== undefined) return this.readyLine
      } else if (await this.spec.ready()) return {}
      if (Date.now() > deadline) {
        throw await this.notReady(says.notReadyInTime(this.spec.readyTimeoutMs / 1000), false)
      }
      await sleep(50)
    }
  }

  /** Ends it and what it started; gives whether it went by itself within its grace. */
  async stop(): Promise<boolean> {
    const pid = this.child.pid
    if (pid === undefined) return true
    if (this.exit === undefined) signalProcess(pid, this.spec.stopSignal)
    const graceful = await Promise.race([
      this.exited.then(() => true),
      sleep(this.spec.stopGraceMs, false, { ref: false }),
    ])
    await this.endGroup(pid, graceful)
    await this.exited
    return graceful
  }

  /** Ends it at once. */
  kill(): void {
    if (this.child.pid !== undefined) signalGroup(this.child.pid, 'SIGKILL')
  }

  /** What the process itself started is in its group and may outlive it. */
  private async endGroup(pid: number, politely: boolean): Promise<void> {
    if (politely && signalGroup(pid, 'SIGTERM')) {
      for (let waited = 0; waited < 2_000 && signalGroup(pid, 0); waited += 50) await sleep(50)
    }
    signalGroup(pid, 'SIGKILL')
  }

  private keepOutput(): void {
    const output = this.child.stdout
    if (output === null) return
    output.pipe(createWriteStream(this.spec.logPath, { flags: 'a' }))
    if (this.spec.ready !== 'line') return
    const lines = createInterface({ input: output })
    lines.on('line', (line) => {
      this.readyLine ??= parseReadyLine(line)
      if (this.readyLine !== undefined) lines.removeAllListeners('line')
    })
  }

  private async notReady(situation: string, ended: boolean): Promise<ProcessNotReadyError> {
    const { name, logPath } = this.spec
    return new ProcessNotReadyError(name, situation, logPath, await lastLines(logPath, 15), ended)
  }
}

export function describeExit(exit: ProcessExit): string {
  return exit.signal === null ? says.exitCode(String(exit.code ?? '?')) : says.exitSignal(exit.signal)
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself; its exit is about to be told.
  }
}

/** Sends a signal to a process group; 0 only asks. Gives whether anything in it lives. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

function parseReadyLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const said: unknown = JSON.parse(line)
    return typeof said === 'object' && said !== null && 'ready' in said && said.ready === true
      ? { ...said }
      : undefined
  } catch {
    return undefined
  }
}

/** Stack frames push what matters out of sight; they stay in the file. */
async function lastLines(path: string, count: number): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const isFrame = (line: string) => /^\s+at /.test(line)
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !isFrame(line))
    .slice(-count)
}
