import type pg from 'pg'
import { readAsOwner } from '../server/read-as-owner.ts'
import { feeds } from './column-limits.ts'
import { type SequenceState, prepareToReadSequences, readSequences } from './sequences.ts'

/** How many margins a sequence is set ahead: two, because the other side began one margin ahead and went on from there. */
const margins = 2n

/**
 * The value from which a sequence continues if the side that called it last cannot be asked: well past the start of that side, and past
 * every number that has arrived in a column. If its end leaves room for neither, the sequence stays.
 */
export function valueAlone(sequence: SequenceState, furthest: bigint | undefined, margin: number): bigint {
  const increment = BigInt(sequence.increment)
  const step = BigInt(margin) * increment
  const last = BigInt(sequence.lastValue)
  const past = last + margins * step
  const inside = (value: bigint) => value <= BigInt(sequence.maximum) && value >= BigInt(sequence.minimum)
  const pastColumns = furthest === undefined ? past : furthest + step
  const wanted = increment > 0n === pastColumns > past ? pastColumns : past
  return [wanted, past].find(inside) ?? last
}

/**
 * Sets every sequence of a side past the numbers that the other side can have issued. Skipped numbers do no harm.
 * @returns sequences whose position on the other side is unknown: no column shows it, or their end left no room
 */
export async function setSequencesAlone(client: pg.Client, margin: number): Promise<readonly string[]> {
  await prepareToReadSequences(client)
  const columns = await furthestNumbers(client)
  const unproven: string[] = []
  for (const sequence of await readSequences(client)) {
    const { name, increment, lastValue } = sequence
    const furthest = columns.get(name)
    const value = valueAlone(sequence, furthest, margin)
    const behind = furthest !== undefined && BigInt(increment) > 0n === value < furthest
    if (!columns.has(name) || behind) unproven.push(name)
    if (value === BigInt(lastValue)) continue
    await client.query('select setval($1::regclass, $2::bigint, true)', [name, String(value)])
  }
  return unproven
}

/** By sequence, the furthest number in the columns that it feeds; undefined if they hold none. */
async function furthestNumbers(client: pg.Client): Promise<ReadonlyMap<string, bigint | undefined>> {
  const { rows } = await client.query<{ sequence: string; table: string; column: string; falling: boolean }>(
    `select f.*, (select seqincrement < 0 from pg_sequence where seqrelid = f.sequence::regclass) as falling from (${feeds}) f`,
  )
  const furthest = new Map<string, bigint | undefined>()
  for (const { sequence, table, column, falling } of rows) {
    const found = await readAsOwner<{ number: string | null }>(client, {
      table,
      query: `select ${falling ? 'min' : 'max'}(${column})::text as number from ${table}`,
      columns: 'number text',
    })
    const number = found[0]?.number ?? undefined
    const before = furthest.get(sequence)
    const seen = number === undefined ? undefined : BigInt(number)
    const keepsBefore = seen === undefined || (before !== undefined && falling === before < seen)
    furthest.set(sequence, keepsBefore ? before : seen)
  }
  return furthest
}
