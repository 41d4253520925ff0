import { setTimeout as sleep } from 'node:timers/promises'

import { messageOf, QianyunError } from '../domain/errors.ts'
import type { RunningProcess } from './lock.ts'
import { describeExit, ManagedProcess, type ProcessSpec } from './managed-process.ts'
import { identify } from './process-identity.ts'
import { says } from './sentences.ts'

const firstDelayMs = 1_000
const longestDelayMs = 30_000
/** A process that lived this long has recovered: the next end of it waits the first delay again. */
const recoveredAfterMs = 60_000

interface Supervised {
  readonly spec: ProcessSpec
  process: ManagedProcess
  startedAt: number
  failures: number
}

/** Thrown when a process would be started after the end of all was asked for. */
export class StackEndedError extends QianyunError {
  override name = 'StackEndedError'
  readonly code = 'stack-ended'

  constructor(readonly processName: string) {
    super(says.endedWhileStarting(processName))
  }
}

/** Keeps processes running: one that ends unasked is started again, after a delay that doubles. */
export class Supervisor {
  private readonly supervised = new Map<string, Supervised>()
  private readonly stopping = new AbortController()

  constructor(
    private readonly say: (line: string) => void,
    /** Told whenever a process begins or ends, so that a later start can end what a killed one left behind. */
    private readonly changed: (processes: RunningProcess[]) => void,
  ) {}

  /**
   * Starts a process and waits until it is ready; gives the line it said. One that is not ready in time has ended when this
   * throws, so that another try does not run beside it. Throws ProcessNotReadyError, StackEndedError.
   */
  async start(spec: ProcessSpec): Promise<Readonly<Record<string, unknown>>> {
    if (this.isStopping()) throw new StackEndedError(spec.name)
    const entry: Supervised = { spec, process: new ManagedProcess(spec), startedAt: Date.now(), failures: 0 }
    this.supervised.set(spec.name, entry)
    this.tell()
    try {
      const line = await entry.process.whenReady()
      void this.watch(entry)
      return line
    } catch (error) {
      await entry.process.stop()
      if (this.supervised.get(spec.name) === entry) this.supervised.delete(spec.name)
      this.tell()
      throw error
    }
  }

  /** The process that runs under a name now. */
  pid(name: string): number | undefined {
    return this.supervised.get(name)?.process.pid
  }

  /** Ends processes in groups, one group after another. */
  async stop(groups: readonly (readonly string[])[]): Promise<void> {
    this.stopping.abort()
    for (const group of groups) {
      await Promise.all(group.map((name) => this.stopOne(name)))
    }
  }

  /** Ends all at once, without asking. */
  kill(): void {
    this.stopping.abort()
    for (const { process } of this.supervised.values()) process.kill()
  }

  private async stopOne(name: string): Promise<void> {
    const entry = this.supervised.get(name)
    if (entry === undefined) return
    const graceful = await entry.process.stop()
    this.supervised.delete(name)
    this.tell()
    if (!graceful) this.say(says.killedAfterGrace(name, entry.spec.stopGraceMs / 1000))
  }

  private async watch(entry: Supervised): Promise<void> {
    const { name, logPath } = entry.spec
    for (;;) {
      const exit = await entry.process.exited
      if (this.isStopping()) return
      this.tell()
      if (Date.now() - entry.startedAt > recoveredAfterMs) entry.failures = 0
      const delayMs = Math.min(firstDelayMs * 2 ** entry.failures, longestDelayMs)
      entry.failures += 1
      this.say(says.startedAgain(name, describeExit(exit), delayMs / 1000, logPath))
      await sleep(delayMs, undefined, { signal: this.stopping.signal }).catch(() => undefined)
      if (this.isStopping()) return
      await this.startAgain(entry)
    }
  }

  private async startAgain(entry: Supervised): Promise<void> {
    entry.process = new ManagedProcess(entry.spec)
    entry.startedAt = Date.now()
    this.tell()
    try {
      await entry.process.whenReady()
      this.say(says.runsAgain(entry.spec.name, String(entry.process.pid ?? '?')))
    } catch (error) {
      if (this.isStopping()) return
      this.say(messageOf(error))
      await entry.process.stop()
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted
  }

  private tell(): void {
    this.changed(
      [...this.supervised.values()].flatMap(({ spec, process }) => {
        const identity = process.pid === undefined ? undefined : identify(process.pid)
        return identity === undefined ? [] : [{ name: spec.name, stopSignal: spec.stopSignal, ...identity }]
      }),
    )
  }
}
