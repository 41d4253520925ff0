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
