import { z } from 'zod'
import { channels } from '../../domain/measurement/replication-health.ts'
import { wayBackStandings } from '../../domain/move/rules/way-back-standing.ts'
import { MigrationId } from './identifiers.ts'
import { Release, SaidSchema, SchemaChange, WayBack } from './migration.ts'

const Measurement = z.object({
  atMs: z.number(),
  oldSideReachable: z.boolean(),
  newSideReachable: z.boolean(),
  /** By the names of the datasets. */
  datasets: z.record(
    z.string(),
    z.object({
      channel: z.enum(channels),
      /** How old what has not arrived on the old side may be; absent while that is not known. */
      lagMs: z.number().exactOptional(),
      figures: z.record(z.string(), z.number()),
      reasons: z.array(SaidSchema),
    }),
  ),
})

export const RetentionView = z.object({
  migration: MigrationId,
  system: z.string(),
  profile: z.enum(['production', 'lab']),
  state: z.enum(['not-begun', 'running', 'time-reached', 'released', 'ended']),
  startedAtMs: z.number().exactOptional(),
  untilMs: z.number().exactOptional(),
  /** `atMs`: since when it stands so; absent before the first switch. */
  wayBack: WayBack.extend({ state: z.enum(wayBackStandings), atMs: z.number().exactOptional() }),
  release: Release.exactOptional(),
  /** While the new side serves: until when the old one is known to have everything, by the names of the datasets. */
  oldSideCurrentUntilMs: z.record(z.string(), z.number()).exactOptional(),
  schemaChange: SchemaChange.exactOptional(),
  /** The newest looks at the way back, newest first. */
  measurements: z.array(Measurement),
})
export type RetentionView = z.infer<typeof RetentionView>
