import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface TestRunit {
  /** Ends the services of the folder and waits until nothing writes there any more. */
  close(): Promise<void>
}

/** Supervises the services of a folder as runit does on a host. */
export function startRunit(serviceDir: string): TestRunit {
  const supervisor = spawn('runsvdir', ['-P', serviceDir], { stdio: 'ignore' })
  return {
    async close() {
      // HUP makes runsvdir end its services too, but it does not wait for them.
      supervisor.kill('SIGHUP')
      await once(supervisor, 'exit')
      while (readdirSync(serviceDir).some((name) => isSupervised(join(serviceDir, name)))) await sleep(50)
    },
  }
}

/** A runsv reads supervise/ok as long as it lives: without a reader the fifo cannot be opened for writing (runsv(8)). */
function isSupervised(service: string): boolean {
  try {
    closeSync(openSync(join(service, 'supervise/ok'), constants.O_WRONLY | constants.O_NONBLOCK))
    return true
  } catch {
    return false
  }
}
