import type pg from 'pg'

/** A sequence as it stands on the side that is being left. */
export interface SequenceState {
  readonly name: string
  readonly lastValue: string
  readonly increment: string
  readonly minimum: string
  readonly maximum: string
  readonly cycle: boolean
}

/** Sequences that were used at least once. Each name is quoted as SQL wants it. */
export async function readSequences(client: pg.Client): Promise<readonly SequenceState[]> {
  const { rows } = await client.query<SequenceState>({
    name: 'qianyun-sequences',
    text: `select format('%I.%I', schemaname, sequencename) as name, last_value::text as "lastValue",
                  increment_by::text as increment, min_value::text as minimum, max_value::text as maximum, cycle
             from pg_sequences where last_value is not null and schemaname !~ '^pg_temp' order by 1`,
  })
  return rows
}

/**
 * The value a sequence is set to on the other side: `margin` increments further, which covers numbers that sessions
 * held in their caches. Near its end a sequence is set exactly: numbers in stock are worth more than the margin there.
 */
export function valueWithMargin(sequence: SequenceState, margin: number): string {
  const last = BigInt(sequence.lastValue)
  const wanted = last + BigInt(margin) * BigInt(sequence.increment)
  const inside = wanted <= BigInt(sequence.maximum) && wanted >= BigInt(sequence.minimum)
  return String(inside ? wanted : last)
}

/**
 * Sets sequences in one statement. The message in it makes its commit a synchronous one, even without any sequence: it
 * flushes whatever was applied before without waiting for the disk.
 */
export async function setSequences(
  client: pg.Client,
  sequences: readonly SequenceState[],
  margin: number,
): Promise<void> {
  await client.query({
    name: 'qianyun-setval',
    text: `select set_config('synchronous_commit', 'on', true), count(setval(name::regclass, value, true)),
                  pg_logical_emit_message(true, 'qianyun', 'sequences')
             from unnest($1::text[], $2::bigint[]) as s (name, value)`,
    values: [sequences.map(({ name }) => name), sequences.map((one) => valueWithMargin(one, margin))],
  })
}
