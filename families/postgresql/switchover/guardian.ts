import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownProgram } from '../../../runner/own-program.ts'
import type { DatabasePort } from '../database.ts'
import {
  type GuardedPair,
  type GuardianDuty,
  guardianReady,
  guardianRelieved,
  runIsThere,
} from './guardian-duty.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan } from './plan.ts'

const readyWithinMs = 15_000
const goneWithinMs = 2_000
const doneWithinMs = 30_000
const saysItIsThereEveryMs = 500
/** Time after the deadline of the gap, in which a live run has given up and said so. */
const silenceMs = 3_000

/** A database on its way through the critical section. */
interface Guarded {
  readonly plan: Pick<SwitchPlan, 'from' | 'to' | 'entry' | 'deadlineMs' | 'recoverForMs'>
  readonly parts: Pick<Parts, 'processes'>
}

/**
 * A separate process that guards a critical section. If the runner is killed inside it, the pipe between them closes, and the guardian
 * resumes the writers at once; no other run has to come first. If the runner is stopped (SIGSTOP), its silence has the same effect,
 * later.
 */
export class Guardian {
  private readonly beat: NodeJS.Timeout

  private constructor(private readonly child: ChildProcess) {
    this.beat = setInterval(() => child.stdin?.write(`${runIsThere}\n`), saysItIsThereEveryMs)
    this.beat.unref()
  }

  /** Undefined if no guardian started in time: the switch is safe without one, but recovers later. */
  static async post(guarded: readonly [Guarded, ...Guarded[]]): Promise<Guardian | undefined> {
    const { execArgv, file } = ownProgram('guardian')
    // A process group of its own: a kill of the runner's group must not hit the guardian.
    const child = spawn(process.execPath, [...execArgv, file], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    })
    child.on('error', () => undefined)
    child.stdin.on('error', () => undefined)
    child.stdin.write(`${JSON.stringify(await dutyOf(guarded))}\n`)
    const ready = once(child.stdout, 'data').then(([chunk]) => String(chunk).trim() === guardianReady)
    const ended = once(child, 'exit').then(() => false)
    const late = sleep(readyWithinMs, false, { ref: false })
    if (await Promise.race([ready, ended, late])) return new Guardian(child)
    child.kill('SIGKILL')
    return undefined
  }

  /** Ends the guardian, because nothing is left to guard. */
  async relieve(): Promise<void> {
    clearInterval(this.beat)
    this.child.stdin?.end(`${guardianRelieved}\n`)
    await this.exited(goneWithinMs)
    this.child.kill('SIGKILL')
  }

  /** Hands over to the guardian, because this run could not bring the pair to rest; waits for the guardian. */
  async takeOver(): Promise<void> {
    this.goOn()
    await this.exited(doneWithinMs)
  }

  /** Hands over to the guardian without waiting; it works for as long as its duty says. */
  goOn(): void {
    clearInterval(this.beat)
    this.child.stdin?.end()
    // A process that waits for nothing else must be able to end.
    this.child.stdout?.destroy()
    this.child.unref()
  }

  private async exited(withinMs: number): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    await Promise.race([once(this.child, 'exit'), sleep(withinMs, undefined, { ref: false })])
  }
}

async function dutyOf(guarded: readonly [Guarded, ...Guarded[]]): Promise<GuardianDuty> {
  const { deadlineMs, recoverForMs } = guarded[0].plan
  return {
    pairs: await Promise.all(guarded.map(pairOf)),
    silentForMs: deadlineMs + silenceMs,
    recoverForMs,
  }
}

async function pairOf({ plan: { from, to, entry }, parts: { processes } }: Guarded): Promise<GuardedPair> {
  return {
    from: await sideOf(from),
    to: await sideOf(to),
    entry: entry.duty(),
    processes: { from: [...processes.from], to: [...processes.to] },
  }
}

async function sideOf(port: DatabasePort): Promise<GuardedPair['from']> {
  return {
    called: port.called,
    address: port.address,
    port: port.port,
    database: port.database,
    adminUser: port.adminUser,
    adminPassword: await port.adminPassword(),
    appRoles: [...port.appRoles],
    replicationAddress: port.replicationAddress,
    weakLogin: port.weakLogin,
    tls: port.tls,
    managed: port.managed,
  }
}
