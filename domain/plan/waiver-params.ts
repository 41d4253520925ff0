import { z } from 'zod'
import { Reason } from '../reason.ts'

/** Waivers of a plan (`${waivers}`): a list of rule, pattern and reason; or the name of an object → the reason. */
export const WaiverParams = z
  .union([
    z.array(z.strictObject({ rule: z.string().min(1), pattern: z.string().min(1), reason: Reason })),
    z.record(z.string(), Reason),
  ])
  .default([])
