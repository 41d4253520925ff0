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

/** Thrown when this machine has no client program new enough for a server. */
export class ClientToolMissingError extends QianyunError {
  override name = 'ClientToolMissingError'
  readonly code = 'client-tool-missing'

  constructor(
    readonly program: string,
    readonly wantedMajor: number,
    readonly found: readonly string[],
  ) {
    super(said('client-tool-missing', { program, wantedMajor, found }))
  }
}

/** Thrown when a client program failed. `tail` is the end of what it said, passwords never among it. */
export class ClientToolFailedError extends QianyunError {
  override name = 'ClientToolFailedError'
  readonly code = 'client-tool-failed'

  constructor(
    readonly program: string,
    readonly exitCode: number | null,
    readonly tail: string,
  ) {
    super(
      said('client-tool-failed', {
        program,
        how: exitCode === null ? said('by-signal') : said('by-exit-code', { exitCode }),
        tail: tail.trim(),
      }),
    )
  }
}

/** Thrown when a marker written on one side did not arrive on the other in time. */
export class MarkerLateError extends QianyunError {
  override name = 'MarkerLateError'
  readonly code = 'marker-late'

  constructor(
    readonly from: string,
    readonly to: string,
    readonly waitedMs: number,
    readonly reason: Said | undefined,
  ) {
    super(said('marker-late', { from, to, waitedMs, reason }))
  }
}

/** Thrown when the first copy of the tables does not finish. */
export class InitialCopyStalledError extends QianyunError {
  override name = 'InitialCopyStalledError'
  readonly code = 'initial-copy-stalled'

  constructor(
    readonly database: string,
    readonly tables: readonly string[],
    readonly waitedMs: number,
    readonly reason: Said | undefined,
  ) {
    super(
      said('initial-copy-stalled', {
        database,
        waitedMs,
        count: tables.length,
        tables: tables.slice(0, shownTables),
        reason,
      }),
    )
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

/** Thrown when a lock on tables could not be had in time, because somebody else keeps one. */
export class LockNotGottenError extends QianyunError {
  override name = 'LockNotGottenError'
  readonly code = 'lock-not-gotten'

  constructor(
    readonly database: string,
    readonly tables: readonly string[],
    readonly holders: readonly string[],
    readonly waitedMs: number,
  ) {
    super(said('lock-not-gotten', { database, tables, holders, waitedMs }))
  }
}

/** Thrown when sessions on a database do not end although they were told to. */
export class SessionsStayError extends QianyunError {
  override name = 'SessionsStayError'
  readonly code = 'sessions-stay'

  constructor(
    readonly database: string,
    readonly sessions: readonly string[],
    readonly waitedMs: number,
  ) {
    super(said('sessions-stay', { database, sessions, waitedMs }))
  }
}

/** Thrown when changes are refused over and over by the side that follows. */
export class ApplyFailsError extends QianyunError {
  override name = 'ApplyFailsError'
  readonly code = 'apply-fails'

  constructor(
    readonly database: string,
    readonly tries: number,
    readonly forMs: number,
    readonly conflicts: readonly string[],
  ) {
    super(said('apply-fails', { database, tries, forMs, conflicts }))
  }
}

/** Thrown when the first copy of a table fails each time it is begun. `reason` is what the server says of its rows. */
export class InitialCopyFailsError extends QianyunError {
  override name = 'InitialCopyFailsError'
  readonly code = 'initial-copy-fails'

  constructor(
    readonly database: string,
    readonly table: string,
    readonly tries: number,
    readonly forMs: number,
    readonly reason: Said | undefined,
  ) {
    super(said('initial-copy-fails', { database, table, tries, forMs, reason }))
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

/** Thrown when slot and forwarded changes disagree: changes that came from the other side would be sent back to it. */
export class SlotBehindError extends QianyunError {
  override name = 'SlotBehindError'
  readonly code = 'slot-behind'

  constructor(
    readonly slot: string,
    readonly wantedLsn: string,
    readonly reachedLsn: string,
  ) {
    super(said('slot-behind', { slot, reachedLsn, wantedLsn }))
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

/** Thrown when something would drop or overwrite the database that serves. */
export class TargetServesError extends QianyunError {
  override name = 'TargetServesError'
  readonly code = 'target-serves'

  constructor(readonly database: string) {
    super(said('target-serves', { database }))
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

/** Thrown when roles to carry over have the names of roles on the other server that were not carried over by us. */
export class ForeignRoleError extends QianyunError {
  override name = 'ForeignRoleError'
  readonly code = 'foreign-role'

  constructor(readonly roles: readonly string[]) {
    super(said('foreign-role', { roles }))
  }
}

/** Thrown when the writers of a rehearsal could not write through the entry. */
export class RehearsalWritersStoppedError extends QianyunError {
  override name = 'RehearsalWritersStoppedError'
  readonly code = 'rehearsal-writers-stopped'
  readonly entry: string

  constructor(
    place: {
      readonly address: string
      readonly port: number
      readonly database: string
      readonly user: string
    },
    readonly waitedMs: number,
    readonly reason: Said | undefined,
  ) {
    const entry = `${place.address}:${String(place.port)}/${place.database}`
    super(said('rehearsal-writers-stopped', { entry, role: place.user, waitedMs, reason }))
    this.entry = entry
  }
}
