import { taskText } from '../../api/contract.ts'
import { showAccepted } from '../views/accepted.ts'
import { confirmByTyping } from '../terminal/confirm.ts'
import { CheckFailedError, RefusedError } from '../command-line/errors.ts'
import { sentence } from '../language/message.ts'
import { taskMessages as m } from '../messages/task.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { Session } from '../identity/session.ts'
import { openSigningKey, sha256Hex } from '../identity/signing-key.ts'

/**
 * Builds the text of a completed task here, holds it against the one the server asks for, shows it, and signs it with
 * the account's own key.
 */
export async function signTask(
  session: Session,
  { system, task: id, yes }: { readonly system: string; readonly task: string; readonly yes: boolean },
) {
  const { say, terminal, paint } = session
  const key = openSigningKey(session)
  const api = await session.api()
  const params = { migration: system, task: id }
  const [view, me] = await Promise.all([api.call('showTask', { params }), api.call('me')])
  const { task, toSign } = view
  if (toSign === undefined) {
    const state = say(names.taskState[task.state])
    const refusal = sentence(m.notForSignature, { task: id, state })
    throw new RefusedError(
      { status: 409, code: 'not-for-signature', detail: say(m.notForSignature, { task: id, state }) },
      refusal,
    )
  }
  const text = taskText({
    migration: view.migration,
    task: id,
    round: view.round,
    account: me.account,
    organisation: me.organisation,
    note: task.note ?? '',
    evidence: task.evidence,
    figures: task.figures,
  })
  if (text !== toSign.text) throw new CheckFailedError('other-text', sentence(m.textDiffers))
  if (!session.json) {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${paint.strong(line)}`)
    for (const line of [say(m.willSign, { key: key.keyId }), '', ...lines, '']) terminal.note(line)
  }
  await confirmByTyping(session, id, m.signIt, yes)
  const body = { keyId: key.keyId, digest: sha256Hex(text), signature: key.sign(text), signedText: text }
  return showAccepted(session, await api.call('signTask', { params, body }), m.didSign)
}
