import type { PreparedSwitch } from '../entry/entry.ts'
import type { Measured } from './conclude.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan } from './plan.ts'
import type { Prechecked } from './precheck.ts'
import type { Standing } from './settle.ts'

/** A database on its way through a switch. */
export interface Lane {
  readonly plan: SwitchPlan
  readonly parts: Parts
}

/** One whose critical section can begin. */
export interface ReadyLane extends Lane {
  readonly standing: Standing
  readonly checked: Prechecked
  readonly prepared: PreparedSwitch
}

/** One past its commit point, with the connections it continues on. */
export interface Passed extends Lane {
  readonly measured: Measured
}

/** What is switched together; the first one decides. */
export type Lanes<T> = readonly [T, ...T[]]

/** One of each, in the same order. */
export function ofEach<T, R>([first, ...others]: Lanes<T>, make: (one: T, at: number) => R): Lanes<R> {
  return [make(first, 0), ...others.map((one, at) => make(one, at + 1))]
}

/** Works on all at once, and waits for all before it throws what failed first in their order: nothing goes on behind its caller. */
export async function inEach<T, R>(
  all: Lanes<T>,
  work: (one: T, at: number) => Promise<R>,
): Promise<Lanes<R>> {
  const works = ofEach(all, work)
  await Promise.allSettled(works)
  const [first, ...others] = works
  return [await first, ...(await Promise.all(others))]
}
