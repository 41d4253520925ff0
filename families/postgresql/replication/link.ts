import type pg from 'pg'
import { oneRow } from '../server/connections.ts'
import { dropSlot } from './slots.ts'
import { findSubscription } from './subscriptions.ts'

/** The value of `pg_replication_slots.wal_status`; `missing` if the server has no such slot. */
export type SlotLook = 'reserved' | 'extended' | 'unreserved' | 'lost' | 'missing'

/** The state of a slot on its publisher. */
export interface SlotFound {
  readonly status: SlotLook
  /** WAL that is kept for the slot. */
  readonly retainedBytes?: number
}

export async function lookAtSlot(publisher: pg.Client, name: string): Promise<SlotFound> {
  const { rows } = await publisher.query<{ status: SlotLook | null; retained: number | null }>(
    `select to_jsonb(s) ->> 'wal_status' as status, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 as retained
       from pg_replication_slots s where slot_name = $1 and database = current_database()`,
    [name],
  )
  const [slot] = rows
  if (slot === undefined) return { status: 'missing' }
  // A slot that has reserved no WAL shows nothing.
  return {
    status: slot.status ?? 'reserved',
    ...(slot.retained === null ? {} : { retainedBytes: slot.retained }),
  }
}

/** Why a subscription can never catch up: the WAL that it needs is gone. Undefined if it can. */
export async function isLinkLost(
  publisher: pg.Client,
  subscriber: pg.Client,
  name: string,
): Promise<'lost' | 'missing' | undefined> {
  const found = await findSubscription(subscriber, name)
  if (found === undefined) return undefined
  const { status } = await lookAtSlot(publisher, name)
  return status === 'lost' || status === 'missing' ? status : undefined
}

/**
 * Drops slots that unfinished first copies of tables left on the publisher after their subscription was removed. Nobody reads them, and
 * the publisher would keep its WAL for them.
 * @returns how many were dropped
 */
export async function dropStraySyncSlots(publisher: pg.Client, subscriber: pg.Client): Promise<number> {
  const { system } = await oneRow<{ system: string }>(
    subscriber,
    'select system_identifier::text as system from pg_control_system()',
  )
  const { rows: alive } = await subscriber.query<{ oid: string }>(
    'select oid::text as oid from pg_subscription',
  )
  const { rows } = await publisher.query<{ name: string; subscription: string }>(
    `select slot_name::text as name, split_part(slot_name::text, '_', 2) as subscription from pg_replication_slots
      where database = current_database() and slot_name ~ ('^pg_[0-9]+_sync_[0-9]+_' || $1 || '$')`,
    [system],
  )
  const stray = rows.filter(({ subscription }) => !alive.some(({ oid }) => oid === subscription))
  for (const { name } of stray) await dropSlot(publisher, name)
  return stray.length
}
