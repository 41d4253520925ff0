import type { Migration } from '../../domain/move/migration.ts'
import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

/** Without a name, the step the move is blocked at; a move that is not blocked is refused by its rules. */
export const retryStep = moveCommand(routes.retryStep, 'retry-step', ({ body }, move) => ({
  step: body.step ?? blockedStep(move),
  note: body.note,
}))

export function blockedStep(move: Migration): string {
  return move.step?.id ?? ''
}
