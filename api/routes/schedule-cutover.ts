import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const scheduleCutover = moveCommand(routes.scheduleCutover, 'schedule-cutover', ({ body }) => ({
  window: { startsAtMs: Date.parse(body.startsAt), endsAtMs: Date.parse(body.endsAt) },
}))
