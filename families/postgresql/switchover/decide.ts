import { type SideState, mayHaveCommitted } from '../server/control.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { BothSidesOpenError, SideStaleError } from './errors.ts'

/** A side's own record; undefined while its server does not answer. */
export interface Records {
  readonly from: SideState | undefined
  readonly to: SideState | undefined
}

export type Verdict =
  /** This side serves, or is to be opened again. */
  | { readonly serves: 'from' | 'to' }
  /** Nothing can safely be opened before that server answers. */
  | { readonly awaits: 'from' | 'to' }

/** What whoever asks knows beside the records. */
export interface Known {
  /**
   * Whether the run that closed `from` may have sent its commit. Undefined where only the record tells: it is written before
   * the commit is.
   */
  readonly commitSent?: boolean
  /** Where the entry leads. It is pointed at `to` only once everything but the commit is done. */
  readonly entryLeadsTo?: 'from' | 'to'
}

/**
 * Which side of a pair is to serve, by what both have on record. With one open it is that one. With both closed it is the one
 * that served last, unless all is done but the commit; while its server is away nothing else is opened. One that was left is
 * opened without the other only where no commit can have been sent.
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
  if (from.state === 'open' && to.state === 'open') throw twoOpen({ from, to }, sides)
  if (from.state === 'open') return { serves: 'from' }
  if (to.state === 'open') return { serves: 'to' }
  if (servedLast({ from, to }) === 'to') return { serves: 'to' }
  return { serves: known.entryLeadsTo === 'to' && mayHaveCommitted(from) ? 'to' : 'from' }
}

/** Whether a side can serve whatever the other one, which does not answer, has on record. */
function isSafe(state: SideState | undefined, commitSent?: boolean): boolean {
  if (state === undefined) return false
  return state.state === 'open' || !(commitSent ?? mayHaveCommitted(state))
}

/** Of two closed sides the one that was open last. A pair that was never switched is asked for from the side that serves. */
function servedLast({ from, to }: { from: SideState; to: SideState }): 'from' | 'to' {
  return to.generation > from.generation ? 'to' : 'from'
}

function twoOpen(
  { from, to }: { from: SideState; to: SideState },
  sides: { from: NamedSide; to: NamedSide },
): Error {
  const names = { from: sideName(sides.from), to: sideName(sides.to) }
  if (from.generation > to.generation)
    return new SideStaleError(names.to, to.generation, names.from, from.generation)
  if (to.generation > from.generation)
    return new SideStaleError(names.from, from.generation, names.to, to.generation)
  return new BothSidesOpenError(names.from, names.to)
}
