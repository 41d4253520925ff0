import { z } from 'zod'

/** A refusal or a failure (RFC 9457), `application/problem+json`. `code` is stable, `detail` is the sentence for people. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  /** Every problem of an input, by dotted path. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })).exactOptional(),
})
export type Problem = z.infer<typeof Problem>
