import { z } from 'zod'
import { AbsolutePath } from '../../domain/absolute-path.ts'
import { Identifier } from '../../domain/identifier.ts'
import type { KeptDump as OfDomain } from '../../domain/move/giving-up.ts'

/** Where the dump lies of a database that is given up: on a host of the plan. */
export const KeptDump = z.strictObject({
  host: Identifier,
  path: AbsolutePath,
  dataset: Identifier.exactOptional(),
}) satisfies z.ZodType<OfDomain>
