import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../../standalone/stack.ts'

const victims = ['runner', 'orchestrator'] as const

/**
 * Kills a worker (SIGKILL) as often as told, each time at a moment nobody has chosen, and leaves it to the stack to start
 * it again. Ends early when told by the signal.
 */
export async function killWorkers(
  stack: Pick<Stack, 'pid'>,
  times: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let killed = 0; killed < times;) {
    const waited = await sleep(4_000 + Math.random() * 20_000, true, { signal }).catch(() => false)
    if (!waited) return
    const name = victims[Math.floor(Math.random() * victims.length)] ?? 'runner'
    const pid = stack.pid(name)
    if (pid === undefined) continue
    killed += 1
    say(`kill -9 of the ${name} (${killed} of ${times})`)
    process.kill(pid, 'SIGKILL')
  }
}
