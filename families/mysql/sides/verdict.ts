import { MysqlBothServeError } from '../errors.ts'
import type { SideRecord } from './record.ts'

/** Which side of a pair has to serve, by what both have on record. `none`: nobody has prepared it for a switch. */
export type Verdict = 'from' | 'to' | 'none'

/** @throws MysqlBothServeError */
export function verdictOf(
  from: SideRecord | undefined,
  to: SideRecord | undefined,
  names: Readonly<Record<'from' | 'to', string>>,
): Verdict {
  if (from?.state === 'open' && to?.state === 'open') {
    if (from.generation === to.generation) throw new MysqlBothServeError(names.from, names.to)
    return from.generation > to.generation ? 'from' : 'to'
  }
  if (from?.state === 'open') return 'from'
  if (to?.state === 'open') return 'to'
  const closed = [
    { side: 'from' as const, other: 'to' as const, record: from },
    { side: 'to' as const, other: 'from' as const, record: to },
  ].filter(({ record }) => record?.state === 'closed')
  // The one that was closed last served last: the other one, if that was decided.
  const last = closed.toSorted(
    (one, other) => (other.record?.generation ?? 0) - (one.record?.generation ?? 0),
  )[0]
  if (last === undefined) return 'none'
  return last.record?.decided === true ? last.other : last.side
}

/** Whether a side is open by its own record alone: the other one was opened without it since. */
export function isStale(side: SideRecord, other: SideRecord): boolean {
  return side.state === 'open' && other.state === 'open' && other.generation > side.generation
}
