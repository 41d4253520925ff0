import type pg from 'pg'
import { rowDigests } from './sums.ts'
import type { VerifiedTable } from './tables.ts'

export interface Recheck {
  readonly from: pg.Client
  readonly to: pg.Client
  readonly table: VerifiedTable
  readonly range: string
  readonly rounds: number
  /** Resolves when everything written on `from` before the call has arrived on `to`. */
  readonly caughtUp: () => Promise<void>
}

/**
 * Looks at a range row by row. A row is wrong when the source had it the same before and after a moment by which it must
 * have arrived, and the other side has it differently. Rows that changed meanwhile are looked at again.
 */
export async function recheckRange({
  from,
  to,
  table,
  range,
  rounds,
  caughtUp,
}: Recheck): Promise<{ readonly wrong: readonly string[]; readonly moving: number }> {
  let suspects: ReadonlySet<string> | undefined
  for (let round = 1; ; round++) {
    const before = await rowDigests(from, table, range)
    await caughtUp()
    const found = await rowDigests(to, table, range)
    const after = await rowDigests(from, table, range)
    const wrong: string[] = []
    const moving = new Set<string>()
    for (const key of suspects ?? new Set([...before.keys(), ...found.keys(), ...after.keys()])) {
      if (found.get(key) === before.get(key)) continue
      if (before.get(key) === after.get(key)) wrong.push(key)
      else moving.add(key)
    }
    if (moving.size === 0 || round >= rounds) return { wrong, moving: moving.size }
    suspects = new Set([...wrong, ...moving])
  }
}
