import { refuse } from '../../domain/move/command.ts'
import { said } from '../../domain/words/said.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { routes } from '../contract.ts'
import { CommandRefusedError } from '../../moves/errors.ts'
import { SignatureRefusedError } from '../errors/asked.ts'
import { refusal } from '../../domain/move/rules/commands.ts'
import { taskCommand } from '../use-cases/move-command.ts'
import { assertSigned } from '../use-cases/signature.ts'
import { textToSign } from '../views/task.ts'

export const signTask = taskCommand(
  routes.signTask,
  'sign-task',
  ({ params, body, account, actor }, { move, task }) => {
    const { keyId, digest, signature } = body
    const data = { task: params.task, keyId, digest, signature }
    const refused = refusal(move, { name: 'sign-task', ...data }, actor, Date.now())
    const text = textToSign(move, task, actor)
    if (refused !== undefined || text === undefined) {
      throw new CommandRefusedError(
        refused ?? refuse('not-the-doer', { task: task.id, account: task.completedBy?.account ?? '' }),
      )
    }
    assertSigned(account, text, body)
    const expected = sha256Hex(text)
    if (digest !== expected) {
      throw new SignatureRefusedError(said('other-digest', { digest, expected }))
    }
    return data
  },
)
