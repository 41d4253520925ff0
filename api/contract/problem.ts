import { z } from 'zod'
import { SaidValues } from './said.ts'

/** A refusal or a failure (RFC 9457), `application/problem+json`. `code` is stable, `detail` is its sentence. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  /** In English. */
  detail: z.string(),
  /** With `code`, for `domain/words` to say it in the reader's language. */
  values: SaidValues.exactOptional(),
  /** Every problem of an input, by dotted path. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })).exactOptional(),
})
export type Problem = z.infer<typeof Problem>
