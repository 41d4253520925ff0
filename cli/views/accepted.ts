import type { CommandAnswer } from '../../api/contract.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import type { Message } from '../../domain/words/message.ts'
import { migrationMessages } from '../messages/migration.ts'
import type { Session } from '../identity/session.ts'

/** Shows that the server took a command, and what that means. */
export function showAccepted(session: Session, answer: CommandAnswer, what: Message) {
  const { migration, sequence } = answer
  session.show(answer, () => [
    session.say(migrationMessages.accepted, { migration, what: session.say(what), sequence }),
  ])
  return exitCodes.ok
}
