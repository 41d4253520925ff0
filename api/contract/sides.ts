import { z } from 'zod'
import { sideLooks } from '../../domain/move/workflow-end.ts'
import { MigrationId } from './identifiers.ts'
import { SaidSchema, Side } from './migration.ts'

/** What the servers of both sides say of themselves now, and what settling would do with that. */
export const SidesView = z.object({
  migration: MigrationId,
  old: z.enum(sideLooks),
  new: z.enum(sideLooks),
  /** The side that serves; absent where that cannot be told. */
  serves: Side.exactOptional(),
  settling: SaidSchema,
  settlingWithoutNewSide: SaidSchema,
  /** What carrying the move on from its record would do; absent while its workflow runs. */
  recovering: z.array(SaidSchema).exactOptional(),
})
export type SidesView = z.infer<typeof SidesView>
