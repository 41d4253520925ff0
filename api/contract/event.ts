import { z } from 'zod'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { Actor, MigrationId } from './identifiers.ts'

/** One change of one move. `data` depends on `type` (domain/move/event.ts). */
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

export const EventStreamQuery = z.strictObject({
  migration: MigrationId.exactOptional(),
  /** Where to begin when there is no Last-Event-ID; without either only what happens from now on is sent. */
  after: z.coerce.number().int().min(0).exactOptional(),
})

/**
 * The `data` of one server-sent message, as JSON: which event of which move has been recorded. Its `id` is the position in
 * the whole log, `Last-Event-ID` resumes after it. An `event: changed` has neither id nor sequence: something else of the
 * move has changed. What has changed is read by the other routes.
 */
export const ChangeNotice = z.object({ migration: z.string(), sequence: z.int().exactOptional() })
