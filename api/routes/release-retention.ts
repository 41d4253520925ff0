import { refusal } from '../../domain/move/rules/commands.ts'
import { releaseTextOf } from '../../domain/move/rules/release.ts'
import { CommandRefusedError } from '../../moves/errors.ts'
import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'
import { assertSigned } from '../use-cases/signature.ts'

/** The rules are asked before the signature is looked at, and again by the workflow. */
export const releaseRetention = moveCommand(
  routes.releaseRetention,
  'release-retention',
  ({ body, account, actor }, move) => {
    const { statement, ...signed } = body
    const refused = refusal(move, { name: 'release-retention', statement, signed }, actor, Date.now())
    if (refused !== undefined) throw new CommandRefusedError(refused)
    assertSigned(account, releaseTextOf(move, { by: actor, statement }), body)
    return { statement, signed }
  },
)
