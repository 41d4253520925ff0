import { messageOf } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { inForeignWords, said } from '../../../domain/words/said.ts'
import { ColdNotReadyError } from '../errors.ts'
import { readRecord } from '../record.ts'
import type { CommandsSide } from '../side.ts'
import { isCopiedTo } from './plan.ts'

/**
 * Looks at both sides before anybody waits: one serves, the other stands still, and each has the commands that are needed of it.
 * @throws ColdNotReadyError with all that stands against it
 */
export async function assertReady(from: CommandsSide, to: CommandsSide): Promise<void> {
  const found = await Promise.all([
    problemsOf(from, async () => ((await from.asks('is-running')) ? [] : [said('cold-does-not-run')])),
    problemsOf(to, async () => ((await to.asks('is-stopped')) ? [] : [said('cold-not-stopped')])),
    problemsOf(from, async () => ((await from.asks('is-stopped')) ? [said('cold-stopped-and-running')] : [])),
    problemsOf(to, async () => leftBefore(from, to)),
  ])
  const missing =
    isCopiedTo(to) && from.place.scripts.give === undefined
      ? [said('cold-side-problem', { side: from.name, problem: said('cold-lacks', { command: 'give' }) })]
      : []
  const problems = [...found.flat(), ...missing]
  if (problems.length > 0) throw new ColdNotReadyError(problems)
}

/** A side without `take` is opened as it was left: there has to be a record of that. */
async function leftBefore(from: CommandsSide, to: CommandsSide): Promise<readonly Said[]> {
  if (isCopiedTo(to)) return []
  const { record } = await readRecord(to)
  return record === undefined ? [said('cold-never-served', { other: from.name })] : []
}

async function problemsOf(
  side: CommandsSide,
  look: () => Promise<readonly Said[]>,
): Promise<readonly Said[]> {
  const problems = await look().catch((error: unknown) => [inForeignWords(messageOf(error))])
  return problems.map((problem) => said('cold-side-problem', { side: side.name, problem }))
}
