import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'

const repository = join(import.meta.dirname, '../..')
const folder = join(repository, 'test/replay/histories')

/** Keeps the histories of a server's workflows as what later code has to replay (`QIANYUN_SAVE_HISTORIES=1`). */
export async function saveHistories(client: Client): Promise<void> {
  const kept = new Set<string>()
  for await (const { type, status, workflowId, runId } of client.workflow.list()) {
    if (status.name === 'RUNNING') continue
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    const phase = /"phase":"([a-z-]+)"/.exec(
      Buffer.from(
        history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data ?? '',
      ).toString(),
    )
    const name = [type, phase?.[1] ?? 'first', status.name.toLowerCase().replaceAll('_', '-')].join('-')
    if (kept.has(name)) continue
    kept.add(name)
    const saved = { workflowId, history: JSON.parse(historyToJSON(history)) as unknown }
    // Stack traces name files from the repository on, not from where it lies.
    const text = JSON.stringify(saved).replaceAll(`${repository}/`, '')
    writeFileSync(join(folder, `${name}.json`), `${text}\n`)
  }
}
