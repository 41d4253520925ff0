import { defineSearchAttributeKey } from '@temporalio/common'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { askServers } from './ask-servers.ts'
import { useEnvironment, type TestTemporal } from './temporal.ts'

/** A Temporal dev server of the file's own, for workers on the product's own task queues. */
export function useOwnTemporal(): TestTemporal {
  return useEnvironment(async () => {
    const { program } = await askServers('own-temporal')
    const env = await TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path: program },
        searchAttributes: [
          defineSearchAttributeKey('MigrationPhase', 'KEYWORD'),
          defineSearchAttributeKey('MigrationSystem', 'KEYWORD'),
        ],
      },
    })
    return { env, address: env.address }
  })
}
