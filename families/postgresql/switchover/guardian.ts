import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabasePort } from '../database.ts'
import { type GuardianDuty, guardianReady, guardianRelieved, runIsThere } from './guardian-duty.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan } from './plan.ts'

const readyWithinMs = 15_000
const goneWithinMs = 2_000
const doneWithinMs = 30_000
const saysItIsThereEveryMs = 500
/** Beyond the deadline of the gap: a run that is still there has given up by then, and said so. */
const silenceMs = 3_000

/**
 * A process of its own that watches over a critical section. When the runner is killed inside it, the pipe between them
 * closes, and the guardian lets the writers go on within moments: nobody has to come back first. A runner that is stopped
 * says nothing any more, which comes to the same, later.
 */
export class Guardian {
  private readonly beat: NodeJS.Timeout

  private constructor(private readonly child: ChildProcess) {
    this.beat = setInterval(() => child.stdin?.write(`${runIsThere}\n`), saysItIsThereEveryMs)
    this.beat.unref()
  }

  /** Undefined when none could be had in time: the switch is safe without one, only slower to recover. */
  static async post(plan: SwitchPlan, processes: Parts['processes']): Promise<Guardian | undefined> {
    const main = join(import.meta.dirname, 'guardian-main.ts')
    // A group of its own: what kills the runner's group must not kill its guardian.
    const child = spawn(process.execPath, ['--import', 'tsx', main], {
      cwd: join(import.meta.dirname, '../../..'),
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    })
    child.on('error', () => undefined)
    child.stdin.on('error', () => undefined)
    child.stdin.write(`${JSON.stringify(await dutyOf(plan, processes))}\n`)
    const ready = once(child.stdout, 'data').then(([chunk]) => String(chunk).trim() === guardianReady)
    const ended = once(child, 'exit').then(() => false)
    const late = sleep(readyWithinMs, false, { ref: false })
    if (await Promise.race([ready, ended, late])) return new Guardian(child)
    child.kill('SIGKILL')
    return undefined
  }

  /** Nothing is left to guard. */
  async relieve(): Promise<void> {
    clearInterval(this.beat)
    this.child.stdin?.end(`${guardianRelieved}\n`)
    await this.exited(goneWithinMs)
    this.child.kill('SIGKILL')
  }

  /** This run could not bring the pair to rest: the guardian does as if it had been killed. */
  async takeOver(): Promise<void> {
    this.goOn()
    await this.exited(doneWithinMs)
  }

  /** The same, without waiting: it goes on by itself, for as long as it was told. */
  goOn(): void {
    clearInterval(this.beat)
    this.child.stdin?.end()
    // Whoever waits for nothing more must be able to end.
    this.child.stdout?.destroy()
    this.child.unref()
  }

  private async exited(withinMs: number): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    await Promise.race([once(this.child, 'exit'), sleep(withinMs, undefined, { ref: false })])
  }
}

async function dutyOf(
  { from, to, entry, deadlineMs, recoverForMs }: SwitchPlan,
  processes: Parts['processes'],
): Promise<GuardianDuty> {
  return {
    from: await sideOf(from),
    to: await sideOf(to),
    entryName: entry.name,
    console: { ...entry.console },
    processes: { from: [...processes.from], to: [...processes.to] },
    silentForMs: deadlineMs + silenceMs,
    recoverForMs,
  }
}

async function sideOf(port: DatabasePort): Promise<GuardianDuty['from']> {
  return {
    role: port.role,
    address: port.address,
    port: port.port,
    database: port.database,
    adminUser: port.adminUser,
    adminPassword: await port.adminPassword(),
    appRoles: [...port.appRoles],
    replicationAddress: port.replicationAddress,
  }
}
