import type { Finding } from '../../../domain/assessment/finding.ts'
import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { type CensusProblem, problemsOf } from '../errors.ts'
import { type NamedSide, sideName } from '../side-name.ts'

/** At most so many are said in the sentence; `problems` has them all. */
const saidAtMost = 6

/**
 * Thrown when the side that is to be opened would behave otherwise than the one that serves. `problems` holds every
 * difference that no waiver covers, each with both texts and the remedy; `recordedDdl` what was changed since replication
 * began, each with its statement.
 */
export class SidesDifferError extends QianyunError {
  override name = 'SidesDifferError'
  readonly code = 'sides-differ'
  readonly problems: readonly CensusProblem[]

  constructor(
    findings: readonly Finding[],
    from: NamedSide,
    readonly recordedDdl: readonly string[],
  ) {
    const problems = problemsOf(findings)
    super(
      said('sides-differ', {
        count: problems.length,
        problems: problems.slice(0, saidAtMost),
        side: sideName(from),
        recordedDdl: aboutThese(recordedDdl, findings).slice(-saidAtMost),
      }),
    )
    this.problems = problems
  }
}

/** What was recorded of the things that differ; all of it where nothing was. */
function aboutThese(recorded: readonly string[], findings: readonly Finding[]): readonly string[] {
  const names = findings.map(({ subject }) => subject.replace(/\(.*$/s, '').split(' ').at(-1) ?? subject)
  const about = recorded.filter((line) => names.some((name) => line.includes(name)))
  return about.length === 0 ? recorded : about
}

/** Thrown when something of a side changed after both were compared and before anybody was to wait. */
export class SidesChangedError extends QianyunError {
  override name = 'SidesChangedError'
  readonly code = 'sides-changed'

  constructor(
    readonly side: string,
    readonly recordedDdl: readonly string[],
  ) {
    super(said('sides-changed', { side, recordedDdl: recordedDdl.slice(-saidAtMost) }))
  }
}
