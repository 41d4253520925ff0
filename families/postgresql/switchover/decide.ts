import { type SideState, isStale, mayHaveCommitted } from '../server/control.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { BothSidesOpenError, SideStaleError } from './errors.ts'

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

/** What the caller knows besides the records. */
export interface Known {
  /**
   * Whether the run that closed `from` may have sent its commit. If undefined, the record decides; it is written before the commit is
   * sent.
   */
  readonly commitSent?: boolean
  /** The side that the entry leads to. It is pointed at `to` only once everything except the commit is done. */
  readonly entryLeadsTo?: 'from' | 'to'
}

/**
 * Decides by the records which side of a pair must serve. If one side is open, it is that side. If both are closed, it is the side
 * that served last, unless everything except the commit is done. While one server does not answer, the other side may serve only if it
 * is open, or if no commit can have been sent; otherwise nothing is opened.
 * @throws BothSidesOpenError, SideStaleError
 */
export function decide(
  { from, to }: Records,
  sides: { from: NamedSide; to: NamedSide },
  known: Known,
): Verdict {
  if (from === undefined || to === undefined) {
    if (isSafe(from, known.commitSent)) return { serves: 'from' }
    return isSafe(to) ? { serves: 'to' } : { awaits: from === undefined ? 'from' : 'to' }
  }
  assertNeitherStale({ from, to }, sides)
  if (from.state === 'open' && to.state === 'open')
    throw new BothSidesOpenError(sideName(sides.from), sideName(sides.to))
  if (from.state === 'open') return { serves: 'from' }
  if (to.state === 'open') return { serves: 'to' }
  if (servedLast({ from, to }) === 'to') return { serves: 'to' }
  return { serves: known.entryLeadsTo === 'to' && mayHaveCommitted(from) ? 'to' : 'from' }
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
