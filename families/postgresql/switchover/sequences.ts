import type pg from 'pg'
import { columnLimits } from './column-limits.ts'

/** A sequence on the side `from`. */
export interface SequenceState {
  readonly name: string
  readonly lastValue: string
  /** Not called since it was created or set: `lastValue` is the next number. */
  readonly called: boolean
  readonly increment: string
  /** The bounds of the sequence, or narrower ones of a column that it feeds. */
  readonly minimum: string
  readonly maximum: string
}

/*
 * The catalog views show nothing for a sequence that was set and not called since, as after `setval(…, max(id) + 1, false)`, so its own
 * row must be read. The function is temporary and ends with the session.
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

/** Prepares a session to read all sequences in one statement, and looks up the ranges of their columns once. */
export async function prepareToReadSequences(client: pg.Client): Promise<void> {
  await client.query(reader(client.escapeLiteral(JSON.stringify(await columnLimits(client)))))
}

/** Reads all sequences; names are quoted for SQL. */
export async function readSequences(client: pg.Client): Promise<readonly SequenceState[]> {
  const { rows } = await client.query<SequenceState>({
    name: 'qianyun-sequences',
    text: 'select * from pg_temp.qianyun_sequences()',
  })
  return rows
}

/**
 * The value of a sequence on the side `to`: `margin` increments ahead, which covers numbers in the caches of sessions. A sequence that was
 * not called is set exactly, since no session holds its numbers. Near its end a sequence is also set exactly, because the margin would use
 * up the remaining numbers.
 */
export function valueWithMargin(sequence: SequenceState, margin: number): string {
  const last = BigInt(sequence.lastValue)
  if (!sequence.called) return String(last)
  const wanted = last + BigInt(margin) * BigInt(sequence.increment)
  const inside = wanted <= BigInt(sequence.maximum) && wanted >= BigInt(sequence.minimum)
  return String(inside ? wanted : last)
}

/**
 * Sets sequences in one statement. The message in it makes the commit synchronous, even without a sequence, so that it flushes earlier
 * applied changes that did not wait for the disk.
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
