import { UsageError } from '../command-line/errors.ts'
import { sentence } from '../language/message.ts'
import type { Message } from '../../domain/words/message.ts'
import { errorMessages } from '../messages/errors.ts'
import type { Session } from '../identity/session.ts'

/**
 * Has the user type a word before something grave is done. Skipped with `yes`.
 * Throws UsageError when something else is typed, or nobody is there to type.
 */
export async function confirmByTyping(
  session: Session,
  expected: string,
  what: Message,
  yes: boolean,
): Promise<void> {
  if (yes) return
  const { say, terminal } = session
  if (!terminal.canAsk) throw new UsageError(sentence(errorMessages.cannotAsk))
  const found = await terminal.ask(say(errorMessages.typeToConfirm, { expected, what: say(what) }))
  if (found !== expected) throw new UsageError(sentence(errorMessages.notConfirmed, { expected, found }))
}
