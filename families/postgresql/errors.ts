import type { Finding } from '../../domain/assessment/finding.ts'
import { QianyunError } from '../../domain/errors.ts'
import type { LocalText } from '../../domain/identifier.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a side has no row in its server's control database. */
export class SideUnknownError extends QianyunError {
  override name = 'SideUnknownError'
  readonly code = 'side-unknown'

  constructor(readonly database: string) {
    super(said('side-unknown', { database }))
  }
}

/** Thrown when a compare-and-set on a side lost: somebody else changed the side in the meantime. */
export class SideStateChangedError extends QianyunError {
  override name = 'SideStateChangedError'
  readonly code = 'side-state-changed'

  constructor(
    readonly database: string,
    readonly expected: 'open' | 'closed',
  ) {
    super(said('side-state-changed', { database, expected }))
  }
}

/** Thrown when the server of a side takes a connection, or does not even that, and says nothing. */
export class SideSilentError extends QianyunError {
  override name = 'SideSilentError'
  readonly code = 'side-silent'

  constructor(
    readonly side: string,
    readonly waitedMs: number,
  ) {
    super(said('side-silent', { side, waitedMs }))
  }
}

/** One thing a rule found that replication or a switchover would break on: the rule's name and values, and its text. */
export interface CensusProblem extends Said {
  readonly object: string
  readonly text: LocalText
}

/** Thrown when databases are not fit for replication. Holds every problem found, each with what to do about it. */
export class CensusRefusedError extends QianyunError {
  override name = 'CensusRefusedError'
  readonly code = 'census-refused'
  readonly problems: readonly CensusProblem[]

  constructor(findings: readonly Finding[]) {
    const problems = problemsOf(findings)
    super(said('census-refused', { problems }))
    this.problems = problems
  }
}

/** Findings as they are told in a refusal, each with what to do about it. */
export function problemsOf(findings: readonly Finding[]): readonly CensusProblem[] {
  return findings.map(({ code, values = {}, subject, waiverName = subject, message, action }) => ({
    code,
    values,
    object: waiverName,
    text: { zh: `${message.zh}${action.zh}`, en: `${message.en} ${action.en}` },
  }))
}

const shownTables = 5

/** Thrown when a copy would mix with what a database already holds. */
export class TargetNotEmptyError extends QianyunError {
  override name = 'TargetNotEmptyError'
  readonly code = 'target-not-empty'

  constructor(
    readonly database: string,
    readonly tables: readonly string[],
  ) {
    super(said('target-not-empty', { database, count: tables.length, tables: tables.slice(0, shownTables) }))
  }
}

/** Thrown when a database cannot be dropped because others replicate from or into it. Nothing of theirs is taken away. */
export class ReplicatedByOthersError extends QianyunError {
  override name = 'ReplicatedByOthersError'
  readonly code = 'replicated-by-others'

  constructor(
    readonly database: string,
    /** Slots that are read, and subscriptions, each in words. */
    readonly found: readonly string[],
  ) {
    super(said('replicated-by-others', { database, found }))
  }
}

/** Thrown when a replication slot cannot be made because write transactions stay open on its server. */
export class OpenTransactionsOnTargetError extends QianyunError {
  override name = 'OpenTransactionsOnTargetError'
  readonly code = 'open-transactions-on-target'

  constructor(
    readonly database: string,
    readonly sessions: readonly string[],
  ) {
    super(said('open-transactions-on-target', { database, sessions }))
  }
}

/** Thrown when both sides hold different rows. `ranges` name where. */
export class DataDiffersError extends QianyunError {
  override name = 'DataDiffersError'
  readonly code = 'data-differs'

  constructor(readonly differences: readonly string[]) {
    super(said('data-differs', { differences }))
  }
}

/** Thrown when something would drop a database whose writes since it was opened may be nowhere else. */
export class DatabaseServedError extends QianyunError {
  override name = 'DatabaseServedError'
  readonly code = 'database-served'

  constructor(
    readonly database: string,
    readonly generation: number,
    readonly openedAt: string,
  ) {
    super(said('database-served', { database, generation, openedAt }))
  }
}
