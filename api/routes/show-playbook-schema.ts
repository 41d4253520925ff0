import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { askDesk } from '../use-cases/playbook-desk.ts'

export const showPlaybookSchema = handle(routes.playbookSchema, async ({ actor, requestId }, context) => {
  const { schema } = await askDesk(context, { ask: 'schema' }, `${actor.account}/${requestId}`)
  return schema as Record<string, unknown>
})
