import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'

const folder = join(import.meta.dirname, '../replay/histories')

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
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(saved)}\n`)
  }
}
