import type { MigrationView } from '../../api/contract.ts'
import { confirmByTyping } from '../terminal/confirm.ts'
import type { Message } from '../../domain/words/message.ts'
import type { Session } from '../identity/session.ts'

/**
 * Shows what a grave command means for a move as it stands now, and has the system's name typed; with `yes` it is shown
 * alone. Gives the move that was shown: the command is to reach that one and no later one. Throws UsageError.
 */
export async function confirmMove(
  session: Session,
  system: string,
  {
    preview,
    what,
    yes,
  }: { readonly preview: (view: MigrationView) => string[]; readonly what: Message; readonly yes: boolean },
): Promise<MigrationView> {
  const api = await session.api()
  const view = await api.call('showMigration', { params: { system } })
  if (!session.json) for (const line of preview(view)) session.terminal.note(line)
  await confirmByTyping(session, view.system, what, yes)
  return view
}
