import type { Actor } from '../../organisation.ts'
import type { CommandName } from '../command.ts'
import { eventsOf } from '../command-events.ts'
import type { MigrationEvent } from '../event.ts'

/** What somebody asked of a move. */
export interface AskedOfMove {
  readonly name: CommandName
  readonly actor: Actor
  readonly data: unknown
}

/** Whether an event carries out what was asked, in the name of whoever asked. The database has the same rule (schema 13). */
export function carriesOut({ type, actor, data }: MigrationEvent, asked: AskedOfMove): boolean {
  // The name of a command that was changed stands for nothing.
  const brings = Object.hasOwn(eventsOf, asked.name) ? eventsOf[asked.name] : []
  const [whole] = brings
  return isActor(asked.actor, actor) && brings.includes(type) && (type !== whole || stands(asked.data, data))
}

/** What a person asks for when the sides are to be settled, by itself or as a move is carried on from its record. */
export function settles({ type }: Pick<MigrationEvent, 'type'>): boolean {
  return type === 'settle-requested' || type === 'recovered'
}

/** What the product does then is done in that person's name. */
export function followsSettling({ type }: Pick<MigrationEvent, 'type'>): boolean {
  return type === 'rollback-requested' || type === 'cutover-aborted'
}

export const isActor = (one: Actor, other: Actor): boolean =>
  one.account === other.account && one.role === other.role && one.organisation === other.organisation

/** Whether everything asked for stands in what was found as it was asked, but for times: a move has a clock of its own. */
export function stands(asked: unknown, found: unknown): boolean {
  if (typeof asked !== 'object' || asked === null) return asked === found
  if (typeof found !== 'object' || found === null || Array.isArray(asked) !== Array.isArray(found))
    return false
  return Object.entries(asked).every(
    ([key, value]) => key === 'atMs' || stands(value, (found as Readonly<Record<string, unknown>>)[key]),
  )
}
