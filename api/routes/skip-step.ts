import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'
import { blockedStep } from './retry-step.ts'

export const skipStep = moveCommand(routes.skipStep, 'skip-step', ({ body }, move) => ({
  step: body.step ?? blockedStep(move),
  reason: body.reason,
}))
