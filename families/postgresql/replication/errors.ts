import { QianyunError, saidBy } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import type { Said } from '../../../domain/words/message.ts'

const shownTables = 5

/** Thrown when the way back would be ended, or data be removed, although the old side is not closed. */
export class OldSideNotClosedError extends QianyunError {
  override name = 'OldSideNotClosedError'
  readonly code = 'old-side-not-closed'

  constructor(
    readonly database: string,
    readonly found: 'open' | 'unknown',
  ) {
    super(said('old-side-not-closed', { database, found }))
  }
}

/** Thrown when a step wants to replicate into the side that serves. */
export class SideServesElsewhereError extends QianyunError {
  override name = 'SideServesElsewhereError'
  readonly code = 'side-serves-elsewhere'
  readonly refusesUndo = true

  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super(said('side-serves-elsewhere', { from, to }))
  }
}

/** Thrown when replication can never catch up, because its publisher has removed the WAL it needs. */
export class LinkLostError extends QianyunError {
  override name = 'LinkLostError'
  readonly code = 'link-lost'

  constructor(
    readonly slot: string,
    readonly from: string,
    readonly to: string,
    readonly found: 'lost' | 'missing',
  ) {
    super(said('link-lost', { slot, from, to, found }))
  }
}

/** Thrown when tables cannot be published, because the administrator of a service may not act for their owners. */
export class TablesNotPublishedError extends QianyunError {
  override name = 'TablesNotPublishedError'
  readonly code = 'tables-not-published'

  constructor(
    readonly tables: readonly string[],
    readonly from: string,
  ) {
    super(said('tables-not-published', { tables: tables.slice(0, shownTables), count: tables.length, from }))
  }
}

/** Thrown when a side does not serve, or not in the expected generation. */
export class NewSideNotServingError extends QianyunError {
  override name = 'NewSideNotServingError'
  readonly code = 'new-side-not-serving'
  readonly foundState: 'open' | 'closed' | undefined
  readonly foundGeneration: number | undefined

  constructor(
    readonly database: string,
    readonly generation: number | undefined,
    found: { readonly state: 'open' | 'closed'; readonly generation: number } | undefined,
  ) {
    super(
      said('new-side-not-serving', {
        database,
        foundState: found?.state,
        foundGeneration: found?.generation,
        generation,
      }),
    )
    this.foundState = found?.state
    this.foundGeneration = found?.generation
  }
}

/** Thrown when a side cannot be asked whether it serves. */
export class NewSideUnknownError extends QianyunError {
  override name = 'NewSideUnknownError'
  readonly code = 'new-side-unknown'

  constructor(
    readonly database: string,
    options: ErrorOptions,
  ) {
    super(said('new-side-unknown', { database, cause: saidBy(options.cause) }), options)
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

/** Thrown when tables were made anew under their old names: the other side goes on with the rows of those that were there before. */
export class TablesMadeAnewError extends QianyunError {
  override name = 'TablesMadeAnewError'
  readonly code = 'tables-made-anew'

  constructor(
    readonly tables: readonly string[],
    readonly from: string,
    readonly to: string,
  ) {
    super(said('tables-made-anew', { tables: tables.slice(0, shownTables), count: tables.length, from, to }))
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

/** Thrown when the first copy of a table fails each time it is begun. `reason` is what the server says of its rows. */
export class InitialCopyFailsError extends QianyunError {
  override name = 'InitialCopyFailsError'
  readonly code = 'initial-copy-fails'

  constructor(
    readonly from: string,
    readonly database: string,
    readonly table: string,
    readonly tries: number,
    readonly forMs: number,
    readonly reason: Said | undefined,
  ) {
    super(said('initial-copy-fails', { from, database, table, tries, forMs, reason }))
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
