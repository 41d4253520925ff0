import { setTimeout as sleep } from 'node:timers/promises'

import type { RunningProcess } from './lock.ts'
import { signalGroup } from './managed-process.ts'
import { stillRuns } from './process-identity.ts'
import { says } from './sentences.ts'

const graceMs = 20_000

/** Ends the processes of a stack that was killed before it could end them itself. */
export async function endLeftBehind(
  processes: readonly RunningProcess[],
  say: (line: string) => void,
): Promise<void> {
  if (processes.length === 0) return
  say(says.endingLeftBehind(processes.map(({ name }) => name).join(', ')))
  for (const { pid, stopSignal } of processes.filter((one) => stillRuns(one))) {
    try {
      process.kill(pid, stopSignal)
    } catch {
      // It ended by itself between the look and the signal.
    }
  }
  const deadline = Date.now() + graceMs
  while (processes.some((one) => stillRuns(one)) && Date.now() < deadline) await sleep(50)
  for (const one of processes.filter((candidate) => stillRuns(candidate))) signalGroup(one.pid, 'SIGKILL')
}
