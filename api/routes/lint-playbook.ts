import { playbookDigest } from '../../config/playbooks.ts'
import { playbookFile } from '../../domain/playbook/files.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { askDesk } from '../use-cases/playbook-desk.ts'

export const lintPlaybook = handle(routes.lintPlaybook, async ({ body, actor, requestId }, context) => {
  const files = { ...body.files, [playbookFile]: sha256Hex(body.text) }
  const { problems } = await askDesk(
    context,
    { ask: 'lint', text: body.text, files: Object.keys(files) },
    `${actor.account}/${requestId}`,
  )
  return { digest: playbookDigest(files), problems: [...problems] }
})
