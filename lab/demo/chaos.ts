import type { MigrationView } from '../../api/contract.ts'
import type { Stack } from '../../standalone/stack.ts'
import { says } from './sentences.ts'

const victims = ['runner', 'orchestrator'] as const

/** A whole move's phases up to the second cutover: after it comes a retention long enough for the last kill. */
const phasesWithKills = 11
/** How long after a phase began a worker may be killed. */
const withinMs = 15_000

/**
 * Kills workers (SIGKILL) as often as told, spread over the whole move at moments nobody has chosen, and leaves it to the
 * stack to start them again.
 */
export class Chaos {
  /** After how many phases the next kills are due. */
  private readonly due: number[]
  private readonly timers = new Set<NodeJS.Timeout>()
  private killed = 0

  constructor(
    private readonly stack: Pick<Stack, 'pid'>,
    private readonly times: number,
    private readonly say: (line: string) => void,
  ) {
    const phaseOf = (kill: number): number => Math.floor(((kill + Math.random()) * phasesWithKills) / times)
    this.due = Array.from({ length: times }, (_, kill) => phaseOf(kill))
  }

  /** Told of the move again and again, as it comes to its phases. */
  look({ phaseLog }: MigrationView): void {
    while (phaseLog.length > (this.due[0] ?? Infinity)) {
      this.due.shift()
      this.killAfter(Math.random() * withinMs)
    }
  }

  /** Nothing is killed any more. */
  end(): void {
    for (const timer of this.timers) clearTimeout(timer)
  }

  private killAfter(ms: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.kill()
    }, ms)
    this.timers.add(timer)
  }

  private kill(): void {
    const name = victims[Math.floor(Math.random() * victims.length)] ?? 'runner'
    const pid = this.stack.pid(name)
    // One that was killed before is not back yet.
    if (pid === undefined) return this.killAfter(100)
    this.killed += 1
    this.say(says.killed(name, this.killed, this.times))
    process.kill(pid, 'SIGKILL')
  }
}
