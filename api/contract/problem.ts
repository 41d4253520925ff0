import { z } from 'zod'
import { Said, SaidValues } from './said.ts'

/** One problem of an input, by dotted path; `message` in English, `said` for the reader's language. */
export const InputProblemSchema = z.object({ path: z.string(), message: z.string(), said: Said })

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
  problems: z.array(InputProblemSchema).exactOptional(),
})
export type Problem = z.infer<typeof Problem>
