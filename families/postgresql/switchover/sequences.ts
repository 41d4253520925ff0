import type pg from 'pg'
import { columnLimits } from './column-limits.ts'

/** A sequence as it stands on the side that is being left. */
export interface SequenceState {
  readonly name: string
  readonly lastValue: string
  /** Not called since it was made or set: `lastValue` is yet to be given out. */
  readonly called: boolean
  readonly increment: string
  /** Its own bounds, or narrower ones of a column that takes its numbers. */
  readonly minimum: string
  readonly maximum: string
}

/*
 * The catalog's views say nothing of a sequence that was set and not called since, as after
 * `setval(…, max(id) + 1, false)`: its own row has to be looked at. The function is the session's, and goes with it.
 */
const reader = (limits: string) => `create or replace function pg_temp.qianyun_sequences()
returns table (name text, "lastValue" text, called boolean, increment text, minimum text, maximum text)
language plpgsql as $fn$
begin
  for name, "lastValue", increment, minimum, maximum in
    select format('%I.%I', n.nspname, c.relname), pg_sequence_last_value(c.oid)::text,
           s.seqincrement::text, greatest(s.seqmin, l.minimum)::text, least(s.seqmax, l.maximum)::text
      from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
      left join jsonb_to_recordset(${limits}::jsonb) as l (sequence oid, minimum bigint, maximum bigint) on l.sequence = c.oid
     where n.nspname !~ '^pg_(toast_)?temp'
  loop
    called := "lastValue" is not null;
    if not called then execute 'select last_value::text from ' || name into "lastValue"; end if;
    return next;
  end loop;
end $fn$`

/** Makes a session able to read all sequences in one statement. What their columns can hold is looked up once, here. */
export async function prepareToReadSequences(client: pg.Client): Promise<void> {
  await client.query(reader(client.escapeLiteral(JSON.stringify(await columnLimits(client)))))
}

/** All sequences, each name quoted as SQL wants it. */
export async function readSequences(client: pg.Client): Promise<readonly SequenceState[]> {
  const { rows } = await client.query<SequenceState>({
    name: 'qianyun-sequences',
    text: 'select * from pg_temp.qianyun_sequences()',
  })
  return rows
}

/**
 * The value a sequence is set to on the other side: `margin` increments further, which covers numbers that sessions
 * held in their caches. Nobody holds a number of one that was not called. Near its end a sequence is set exactly: numbers
 * in stock are worth more than the margin there.
 */
export function valueWithMargin(sequence: SequenceState, margin: number): string {
  const last = BigInt(sequence.lastValue)
  if (!sequence.called) return String(last)
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
    text: `select count(setval(name::regclass, value, called)), pg_logical_emit_message(true, 'qianyun', 'sequences')
             from unnest($1::text[], $2::bigint[], $3::boolean[]) as s (name, value, called)`,
    values: [
      sequences.map(({ name }) => name),
      sequences.map((one) => valueWithMargin(one, margin)),
      sequences.map(({ called }) => called),
    ],
  })
}
