import { type Lead, type SideState, isStale, leadOf, mayHaveCommitted } from '../server/control.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { BothSidesOpenError, SideStaleError } from './errors.ts'
import { type LeadOutcome, leadOfPair } from './lead.ts'

/** A side's own record; undefined while its server does not answer. */
export interface Records {
  readonly from: SideState | undefined
  readonly to: SideState | undefined
}

export type Verdict =
  /** This side serves, or must be opened again. */
  | { readonly serves: 'from' | 'to' }
  /** No side can safely be opened before this server answers. */
  | { readonly awaits: 'from' | 'to' }
  /** Another database decides. */
  | { readonly asks: Lead }

/** What the caller knows besides the records. */
export interface Known {
  /**
   * Whether the run that closed `from` may have sent its commit. If undefined, the record decides; it is written before the commit is
   * sent.
   */
  readonly commitSent?: boolean
  /** The side that the entry leads to. It is pointed at `to` only once everything except the commit is done. */
  readonly entryLeadsTo?: 'from' | 'to'
  /** What the database has decided that this one follows. */
  readonly lead?: LeadOutcome | undefined
}

/**
 * Decides by the records which side of a pair must serve. If one side is open, it is that side. If both are closed, it is the side
 * that served last, unless everything except the commit is done. While one server does not answer, the other side may serve only if it
 * is open, or if no commit can have been sent; otherwise nothing is opened. A pair that was switched together with others does what their
 * lead did.
 * @throws BothSidesOpenError, SideStaleError
 */
export function decide(
  { from, to }: Records,
  sides: { from: NamedSide; to: NamedSide },
  known: Known,
): Verdict {
  if (from === undefined || to === undefined) {
    if (isSafe(from, known.commitSent)) return { serves: 'from' }
    if (isSafe(to)) return { serves: 'to' }
    return byLead({ from, to }, known) ?? { awaits: from === undefined ? 'from' : 'to' }
  }
  assertNeitherStale({ from, to }, sides)
  if (from.state === 'open' && to.state === 'open')
    throw new BothSidesOpenError(sideName(sides.from), sideName(sides.to))
  if (from.state === 'open') return { serves: 'from' }
  if (to.state === 'open') return { serves: 'to' }
  const followed = known.commitSent === false ? undefined : byLead({ from, to }, known)
  if (followed !== undefined) return followed
  if (servedLast({ from, to }) === 'to') return { serves: 'to' }
  const wasHandedOver = mayHaveCommitted(from) && leadOf(from) === undefined
  return { serves: known.entryLeadsTo === 'to' && wasHandedOver ? 'to' : 'from' }
}

/** What a pair does that follows another one; undefined if it follows none, or its server has to answer first. */
function byLead(records: Records, { lead }: Known): Verdict | undefined {
  const followed = leadOfPair(records)
  if (followed === undefined) return undefined
  if (lead === undefined) return { asks: followed.lead }
  const { left } = followed
  const serves = lead === 'kept' ? left : left === 'from' ? 'to' : 'from'
  return records[serves] === undefined ? { awaits: serves } : { serves }
}

/** Whether a side can serve, whatever the record of the other side says, whose server does not answer. */
function isSafe(state: SideState | undefined, commitSent?: boolean): boolean {
  if (state === undefined) return false
  return state.state === 'open' || !(commitSent ?? mayHaveCommitted(state))
}

/** The side, of two closed ones, that was open last. For a pair that was never switched it is `from`. */
function servedLast({ from, to }: { from: SideState; to: SideState }): 'from' | 'to' {
  return to.generation > from.generation ? 'to' : 'from'
}

function assertNeitherStale(
  { from, to }: { from: SideState; to: SideState },
  sides: { from: NamedSide; to: NamedSide },
): void {
  const names = { from: sideName(sides.from), to: sideName(sides.to) }
  if (isStale(to, from)) throw new SideStaleError(names.to, to.generation, names.from, from.generation)
  if (isStale(from, to)) throw new SideStaleError(names.from, from.generation, names.to, to.generation)
}
