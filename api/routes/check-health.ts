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
  return { status: 'ok' as const }
})
