import { setTimeout as sleep } from 'node:timers/promises'
import { TestWorkflowEnvironment } from '@temporalio/testing'

import { askServers } from './ask-servers.ts'
import { useEnvironment, type TestTemporal } from './temporal.ts'

/**
 * A server of the file's own that skips time when nothing is under way: months pass in `env.sleep('90 days')`. Its
 * time is one for all workflows on it, it does not skip while an Update is awaited, and it has no search attributes.
 */
export function useTimeSkipping(): TestTemporal {
  return useEnvironment(async () => {
    const { program } = await askServers('time-skipping')
    const env = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: program } },
    })
    return { env, address: env.address }
  })
}

/**
 * Lets this much time pass. The server holds time while an Update is awaited, and now and then goes on holding it once that has its
 * answer: then it is let go by hand.
 */
export async function letPass(env: TestWorkflowEnvironment, duration: '20 days' | '80 days'): Promise<void> {
  const passed = env.sleep(duration)
  const isHeld = await Promise.race([passed.then(() => false), sleep(heldForMs, true)])
  if (isHeld) await env.connection.testService?.unlockTimeSkipping({})
  await passed
}

const heldForMs = 5_000
