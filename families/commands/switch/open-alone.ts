import { said } from '../../../domain/words/said.ts'
import { ColdNotReadyError } from '../errors.ts'
import { readRecord, writeRecord } from '../record.ts'
import type { CommandsSide } from '../side.ts'
import type { ColdSwitchResult } from './plan.ts'

export interface OpenAlonePlan {
  readonly gone: CommandsSide
  readonly to: CommandsSide
  readonly startTimeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Starts a side that a switch has left, without the one that served. Run again it goes on.
 * @throws ColdNotReadyError if that one answers, or this one has no record that it was left
 */
export async function openAlone({
  gone,
  to,
  startTimeoutMs: timeoutMs,
  signal,
}: OpenAlonePlan): Promise<ColdSwitchResult & { readonly currentUntil: string }> {
  const answers = await gone.host.run('true', { timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  )
  const read = await readRecord(to)
  const { record } = read
  const problems = [
    ...(answers ? [said('cold-side-problem', { side: gone.name, problem: said('cold-answers') })] : []),
    ...(record === undefined
      ? [said('cold-side-problem', { side: to.name, problem: said('cold-side-unknown') })]
      : []),
  ]
  if (record === undefined || problems.length > 0) throw new ColdNotReadyError(problems)
  const currentUntil = record.leftAt ?? record.since
  const generation = record.state === 'open' ? record.generation : record.generation + 1
  if (record.state !== 'open') {
    const since = new Date().toISOString()
    await writeRecord(to, read, { state: 'open', generation, since, leftAt: currentUntil })
  }
  await to.serve({ timeoutMs, signal })
  return { generation, anatomyMs: {}, currentUntil }
}
