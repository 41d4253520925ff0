import { z } from 'zod'
import { wanted } from './schema-problems.ts'

/** A path on a host. No control characters: it is also written into units and configuration, where a line break begins a new line. */
export const AbsolutePath = z
  .string()
  .regex(/^\/[^\p{Cc}]*$/u, wanted('path-absolute'))
  .refine((path) => !path.split('/').includes('..'), wanted('path-without-parent'))

/** A path that may be removed: at least two levels below the root, since a slip of the pen must not take a whole system. */
export const RemovablePath = AbsolutePath.regex(/^\/[^/]+\/.*[^/]$/, wanted('path-deep'))
