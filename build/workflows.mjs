import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { bundleWorkflowCode } from '@temporalio/worker'

/** What Temporal's sandbox runs: the orchestrator makes it at each start where there is no build. */
export async function bundleWorkflows(repository, outdir) {
  const quiet = { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error }
  const workflowsPath = join(repository, 'workflows', 'index.ts')
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet })
  await writeFile(join(outdir, 'workflows.js'), code)
}
