import { z } from 'zod'
import { HttpPath } from '../http-address.ts'
import { wanted } from '../schema-problems.ts'

/** One write through the public address that is read back there: what proves a side that has just begun to serve. */
export const WriteProbe = z.strictObject({
  path: HttpPath,
  /** Sent as JSON. `{unique}` becomes a text no other write has. */
  body: z.string().includes('{unique}'),
  /** Where the write is read back: `{unique}`, or `{name}` of a field of the JSON that answered the write. */
  readPath: HttpPath.regex(/\{[A-Za-z][A-Za-z0-9_]*\}/, wanted('names-what-was-written')),
  /** What the read-back contains; the unique text when absent. */
  contains: z.string().min(1).exactOptional(),
})
export type WriteProbe = z.infer<typeof WriteProbe>
