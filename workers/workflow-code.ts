import { join } from 'node:path'
import type { WorkerOptions } from '@temporalio/worker'

const repository = join(import.meta.dirname, '..')

/** Where Temporal finds the workflows: from source it bundles them at each start, a build has their bundle. */
export const workflowCode: Pick<WorkerOptions, 'workflowsPath' | 'workflowBundle'> =
  import.meta.filename.endsWith('.ts')
    ? { workflowsPath: join(repository, 'workflows', 'index.ts') }
    : { workflowBundle: { codePath: join(repository, 'dist', 'workflows.js') } }
