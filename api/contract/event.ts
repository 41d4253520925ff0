import { z } from 'zod'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { Actor, MigrationId } from './identifiers.ts'

/** One change of one move. `data` depends on `type` (domain/event.ts). */
export const EventSchema = z.object({
  migration: z.string(),
  sequence: z.int(),
  atMs: z.number(),
  actor: Actor,
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
})

export const EventsQuery = z.strictObject({
  /** The sequence after which to begin. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
})
export const EventList = z.object({
  events: z.array(EventSchema as unknown as z.ZodType<MigrationEvent>),
  /** True when there are more after the last one given. */
  more: z.boolean(),
})

/**
 * Server-sent: `id` is the position in the whole log, `data` the event as JSON. `Last-Event-ID` resumes after it. An
 * `event: changed` has no id: something else of the move `data` names has changed, read it anew.
 */
export const EventStreamQuery = z.strictObject({
  migration: MigrationId.exactOptional(),
  /** Where to begin when there is no Last-Event-ID; without either only what happens from now on is sent. */
  after: z.coerce.number().int().min(0).exactOptional(),
})
