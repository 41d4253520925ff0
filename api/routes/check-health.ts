import { needsRunners } from '../../domain/move/rules/waiting-for.ts'
import { zonesOf } from '../../domain/plan/places.ts'
import { routes } from '../contract.ts'
import { NotRecordingError } from '../errors/not-recording.ts'
import { NotAnsweredError } from '../../moves/errors.ts'
import { handle } from '../http/handler.ts'

export const checkHealth = handle(routes.health, async (_asked, context) => {
  const failing = await context.recording.look()
  if (failing !== undefined) throw new NotRecordingError(failing)
  const { connection } = context.temporal
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({}))
  } catch (error) {
    throw new NotAnsweredError('temporal-unavailable', error)
  }
  const withoutRunner = await context.zones.withoutRunnerOf(async () => {
    const moves = await context.stores.migrations.listNotOver()
    return moves.filter(needsRunners).flatMap(({ plan }) => zonesOf(plan))
  })
  return { status: 'ok' as const, withoutRunner: [...withoutRunner] }
})
