import type { MigrationView } from '../../api/contract.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { Session } from '../identity/session.ts'

/** How a move stands, in a word: one that is moving but has no step under way and somebody to wait for is waiting. */
export function standingText(
  { say, paint }: Session,
  { standing, step, waitingFor }: Pick<MigrationView, 'standing' | 'step' | 'waitingFor'>,
): string {
  if (standing === 'moving' && step === undefined && waitingFor.length > 0)
    return paint.accent(say(m.waiting))
  const name = say(names.standing[standing])
  if (standing === 'ended-outside') return paint.bad(name)
  return standing === 'moving' || standing === 'closed' ? paint.good(name) : paint.warn(name)
}
