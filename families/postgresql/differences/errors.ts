import type { Finding } from '../../../domain/assessment/finding.ts'
import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { type CensusProblem, problemsOf } from '../errors.ts'
import { type NamedSide, sideName } from '../side-name.ts'

/** Limit of problems in the sentence; `problems` has all of them. */
const saidAtMost = 6

/**
 * Thrown when the side `to` would behave otherwise than the side that serves. `problems` holds every difference without a waiver, with
 * both texts and the remedy. `recordedDdl` holds the schema changes since replication began, with their statements.
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

/** The recorded changes of things that differ; all recorded changes if there are none. */
function aboutThese(recorded: readonly string[], findings: readonly Finding[]): readonly string[] {
  const names = findings.map(({ subject }) => subject.replace(/\(.*$/s, '').split(' ').at(-1) ?? subject)
  const about = recorded.filter((line) => names.some((name) => line.includes(name)))
  return about.length === 0 ? recorded : about
}

/** Thrown when a side changes again and again between the comparison and the pause. No client was paused. */
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
