import { z } from 'zod'

/** A path on a host. No control characters: it is also written into units and configuration, where a line break begins a new line. */
export const AbsolutePath = z
  .string()
  .regex(/^\/[^\p{Cc}]*$/u, 'must be an absolute path without control characters')
  .refine((path) => !path.split('/').includes('..'), 'must not contain ".."')

/** A path that may be removed: at least two levels below the root, since a slip of the pen must not take a whole system. */
export const RemovablePath = AbsolutePath.regex(
  /^\/[^/]+\/.*[^/]$/,
  'must be an absolute path at least two levels deep',
)
