import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { askDesk } from '../playbook-desk.ts'

export const lintPlaybook = handle(routes.lintPlaybook, async ({ body, actor, requestId }, context) => {
  const { digest, problems } = await askDesk(
    context,
    { ask: 'lint', text: body.text },
    `${actor.account}/${requestId}`,
  )
  return { digest, problems: [...problems] }
})
