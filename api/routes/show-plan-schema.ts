import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { planJsonSchema } from '../use-cases/plan-schema.ts'

export const showPlanSchema = handle(routes.planSchema, async () => planJsonSchema())
