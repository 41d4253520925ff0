import { name, text } from './quote.ts'
import type { Session } from './session.ts'

export interface ScheduledEvent {
  readonly event: string
  /** `user@host`, as the server has it. */
  readonly definer: string
  readonly isOn: boolean
}

export async function eventsOf(session: Session, database: string): Promise<readonly ScheduledEvent[]> {
  const rows = await session.rows<{ event: string; definer: string; status: string }>(
    `SELECT event_name AS event, definer, status FROM information_schema.events WHERE event_schema = ${text(database)} ORDER BY 1`,
  )
  return rows.map(({ event, definer, status }) => ({ event, definer, isOn: status === 'ENABLED' }))
}

/** Turns events on or off. Whoever alters an event becomes who it runs as, so that is said as it was. */
export async function turnEvents(
  session: Session,
  database: string,
  events: readonly string[],
  to: 'ENABLE' | 'DISABLE ON SLAVE',
): Promise<void> {
  const known = await eventsOf(session, database)
  for (const { event, definer } of known.filter((one) => events.includes(one.event)))
    await session.run(`ALTER DEFINER = ${definerOf(definer)} EVENT ${name(database)}.${name(event)} ${to}`)
}

/** `user@host` in SQL; a user's own name may have an `@` in it, that of a host has none. */
export function definerOf(definer: string): string {
  const at = definer.lastIndexOf('@')
  return at === -1 ? text(definer) : `${text(definer.slice(0, at))}@${text(definer.slice(at + 1))}`
}
