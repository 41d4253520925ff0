import type pg from 'pg'
import { feeds } from './column-limits.ts'
import { type SequenceState, prepareToReadSequences, readSequences } from './sequences.ts'

/** How far ahead a sequence is set, in margins: the other side began one margin ahead, and went on from there. */
const margins = 2n

/**
 * The value a sequence goes on from when the side that called it last cannot be asked: well past where that side began,
 * and past every number that has arrived in a column. Where its end leaves no room for either, it stays where it is.
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
 * Sets every sequence of a side past what the other side can have given out of it. Numbers left out do no harm.
 * @returns those of which nobody knows how far the other side got: no column tells, or their end left no room
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

/** By sequence, the number furthest along in the columns it feeds; undefined while there is none in them. */
async function furthestNumbers(client: pg.Client): Promise<ReadonlyMap<string, bigint | undefined>> {
  const { rows } = await client.query<{ sequence: string; table: string; column: string; falling: boolean }>(
    `select f.*, (select seqincrement < 0 from pg_sequence where seqrelid = f.sequence::regclass) as falling from (${feeds}) f`,
  )
  const furthest = new Map<string, bigint | undefined>()
  for (const { sequence, table, column, falling } of rows) {
    const found = await client.query<{ number: string | null }>(
      `select ${falling ? 'min' : 'max'}(${column})::text as number from ${table}`,
    )
    const number = found.rows[0]?.number ?? undefined
    const before = furthest.get(sequence)
    const seen = number === undefined ? undefined : BigInt(number)
    const keepsBefore = seen === undefined || (before !== undefined && falling === before < seen)
    furthest.set(sequence, keepsBefore ? before : seen)
  }
  return furthest
}
