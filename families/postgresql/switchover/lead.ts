import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import type { RestEntry } from '../entry/entry.ts'
import { place } from '../place.ts'
import { type Lead, type SideState, leadOf } from '../server/control.ts'
import type { DatabasePort } from '../database.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import type { Parts } from './parts.ts'

/**
 * Databases that are switched together have one decision point: the commit of the first, which leads. Each other one has on its own
 * record, before that commit is sent, which database decides and in which generation. Whoever finds such a pair with both sides closed
 * asks the lead, and never decides by itself.
 */
export interface LeadPair {
  readonly from: DatabasePort
  readonly to: DatabasePort
  readonly entry?: RestEntry
  /** The server processes of the interrupted run. */
  readonly processes?: Parts['processes']
}

/** What became of the switch that a lead decides: its new side was opened, or its old side serves on. */
export type LeadOutcome = 'opened' | 'kept'

/** Thrown when another database decides which side of a pair serves, and the caller does not have it. Nothing was changed. */
export class LeadUnknownError extends QianyunError {
  override name = 'LeadUnknownError'
  readonly code = 'lead-unknown'
  readonly refusesUndo = true

  constructor(
    readonly database: string,
    readonly lead: string,
  ) {
    super(said('lead-unknown', { database, lead }))
  }
}

/**
 * The pair that decides, among those that are switched together: the side whose opening decides, and the other one.
 * @throws LeadUnknownError, which names `follows`, if it is none of them
 */
export function decidingPair<P extends Pick<LeadPair, 'from' | 'to'>>(
  pairs: readonly P[],
  lead: Lead,
  follows: { readonly from: NamedSide; readonly to: NamedSide },
): { readonly pair: P; readonly opens: 'from' | 'to'; readonly leaves: 'from' | 'to' } {
  for (const pair of pairs) {
    if (place(pair.to) === lead.place) return { pair, opens: 'to', leaves: 'from' }
    if (place(pair.from) === lead.place) return { pair, opens: 'from', leaves: 'to' }
  }
  throw new LeadUnknownError(`${sideName(follows.from)}, ${sideName(follows.to)}`, lead.place)
}

/** What the records of a lead say; undefined while neither of its sides was opened since. */
export function outcomeOf(
  { opens, leaves }: { readonly opens?: SideState | undefined; readonly leaves?: SideState | undefined },
  lead: Lead,
): LeadOutcome | undefined {
  // A side that was opened in this generation may have been left again.
  if (opens !== undefined && opens.generation >= lead.generation) return 'opened'
  return leaves?.state === 'open' ? 'kept' : undefined
}

/** The lead of a pair that is not open on either side. */
export function leadOfPair({
  from,
  to,
}: {
  readonly from: SideState | undefined
  readonly to: SideState | undefined
}): { readonly lead: Lead; readonly left: 'from' | 'to' } | undefined {
  for (const left of ['from', 'to'] as const) {
    const state = { from, to }[left]
    const lead = state?.state === 'closed' ? leadOf(state) : undefined
    if (lead !== undefined) return { lead, left }
  }
  return undefined
}
