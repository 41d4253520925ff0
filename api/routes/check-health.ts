import { routes } from '../contract.ts'
import { NotAnsweredError } from '../../moves/errors.ts'
import { handle } from '../http/handler.ts'

export const checkHealth = handle(routes.health, async (_asked, context) => {
  await context.pool.query('select 1')
  const { connection } = context.temporal
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({}))
  } catch (error) {
    throw new NotAnsweredError('temporal-unavailable', error)
  }
  return { status: 'ok' as const }
})
