import { z } from 'zod'
import { methodNames } from '../../domain/plan/method.ts'
import { Said } from './said.ts'
import { MigrationPlan } from '../../domain/plan/plan.ts'
import { Actor, Digest } from './identifiers.ts'

/**
 * A frozen plan. `digest` is the SHA-256 of its canonical JSON as it was handed in; `content` is what it is read as, which is
 * the same thing from version 2 on.
 */
export const PlanView = z.object({
  plan: z.string(),
  system: z.string(),
  profile: z.enum(['production', 'lab']),
  digest: Digest,
  createdBy: Actor,
  createdAtMs: z.number(),
  content: MigrationPlan,
  /** How each dataset crosses, why so, and what a rollback brings back. */
  methods: z.array(
    z.object({
      dataset: z.string(),
      family: z.string(),
      method: z.enum(methodNames),
      because: Said,
      writeGap: Said,
      gapAtMostMs: z.number().exactOptional(),
      wayBack: Said,
      isLossless: z.boolean(),
    }),
  ),
  /** Plans of other systems that name a place of this one, by its path here: only one of them can be under way at a time. */
  sharedWith: z
    .array(z.object({ plan: z.string(), system: z.string(), path: z.string(), is: z.string() }))
    .exactOptional(),
})
export type PlanView = z.infer<typeof PlanView>

export const PlanSummary = PlanView.omit({ content: true, methods: true, sharedWith: true })
export type PlanSummary = z.infer<typeof PlanSummary>
export const PlanSchema = z.record(z.string(), z.unknown())

export const PlanList = z.object({ plans: z.array(PlanSummary) })
