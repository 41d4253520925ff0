import { type Finding, findingOf } from '../../domain/assessment/finding.ts'
import { saidBy } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { Figures } from './figures.ts'
import type { CommandsSide } from './side.ts'
import { isCopiedTo } from './switch/plan.ts'

const measureTimeoutMs = 600_000

/** What the commands that only look told of a side. */
export interface LookedAtSide {
  readonly figures: Figures
  readonly problems: readonly Said[]
}

/** Runs what changes nothing. */
export async function lookAtSide(side: CommandsSide): Promise<LookedAtSide> {
  const problems: Said[] = []
  const [running, stopped] = await Promise.all([side.asks('is-running'), side.asks('is-stopped')])
  if (!running) problems.push(said('cold-does-not-run'))
  if (running && stopped) problems.push(said('cold-stopped-and-running'))
  if (side.place.scripts.give === undefined) problems.push(said('cold-lacks', { command: 'give' }))
  const figures = await side.measure({ timeoutMs: measureTimeoutMs }).catch((error: unknown) => {
    problems.push(saidBy(error))
    return {}
  })
  return { figures, problems }
}

/** How the dataset crosses, and what of its commands does not tell what it has to. */
export function findingsOfSide(side: CommandsSide, { problems }: LookedAtSide): readonly Finding[] {
  const { called: subject, name } = side
  return [
    findingOf({
      severity: isCopiedTo(side) ? 'information' : 'warning',
      subject,
      what: isCopiedTo(side) ? said('crosses-cold-copied-back') : said('crosses-cold-as-left'),
      remedy: isCopiedTo(side) ? said('remedy-crosses-cold') : said('remedy-crosses-cold-as-left'),
    }),
    ...problems.map((problem) =>
      findingOf({
        severity: 'critical',
        subject,
        what: said('cold-side-problem', { side: name, problem }),
        remedy: said('remedy-cold-side-problem'),
      }),
    ),
  ]
}
