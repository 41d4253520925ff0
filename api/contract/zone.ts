import { z } from 'zod'

/** A network zone where no runner asks for work, and since when at least. */
export const ZoneWithoutRunner = z.object({ zone: z.string(), sinceMs: z.number() })
export type ZoneWithoutRunner = z.infer<typeof ZoneWithoutRunner>
