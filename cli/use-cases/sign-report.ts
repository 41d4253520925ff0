import { signoffText, type SignoffView } from '../../api/contract.ts'
import { fetchCheckedReport, type CheckedReport } from './checked-report.ts'
import { confirmByTyping } from '../terminal/confirm.ts'
import { CheckFailedError, RefusedError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { sentence } from '../language/message.ts'
import { signoffMessages as m } from '../messages/recognition.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { Session } from '../identity/session.ts'
import { openSigningKey } from '../identity/signing-key.ts'
import { reportLines } from '../views/report.ts'

/**
 * Recognises a report: fetches it, computes its digest here, builds the text to sign from what was received, shows it,
 * and signs it with the account's own key. The server never proposes a text that is signed unseen or unchecked.
 */
export async function signReport(
  session: Session,
  { system, yes }: { readonly system: string; readonly yes: boolean },
) {
  const { say, terminal } = session
  const key = openSigningKey(session)
  const api = await session.api()
  const [view, me] = await Promise.all([api.call('showSignoff', { params: { system } }), api.call('me')])
  const { report, mine } = signable(session, view)
  const checked = await fetchCheckedReport(api, view.migration, report.digest)
  const text = signoffText({
    migration: view.migration,
    system: view.system,
    profile: view.profile,
    reportVersion: report.version,
    digest: checked.digest,
    party: mine.party,
    organisation: me.organisation,
    account: me.account,
    decision: 'recognise',
  })
  if (text !== mine.text) throw new CheckFailedError('other-text', sentence(m.textDiffers))
  for (const line of shown(session, checked, text, key.keyId)) terminal.note(line)
  await confirmByTyping(session, view.system, m.signIt, yes)
  const answer = await api.call('signReport', {
    params: { system: view.migration },
    body: { digest: checked.digest, keyId: key.keyId, signature: key.sign(text), signedText: text },
  })
  const party = say(names.role[mine.party])
  session.show({ ...answer, digest: checked.digest, keyId: key.keyId, signedText: text }, () => [
    `${answer.migration}: ${say(m.didSign, { party, key: key.keyId, sequence: answer.sequence })}`,
  ])
  return exitCodes.ok
}

/** The report and what this account would sign. Throws RefusedError with the reason why it may not. */
function signable({ say }: Session, view: SignoffView) {
  const { report, mine } = view
  if (report === undefined) {
    throw new RefusedError(
      { status: 409, code: 'no-report', detail: say(m.nothingToSign) },
      sentence(m.nothingToSign),
    )
  }
  if (mine === undefined) {
    const parties = view.parties.map(({ party }) => say(names.role[party])).join(', ')
    const detail = say(m.notAParty, { parties })
    throw new RefusedError({ status: 403, code: 'not-a-party', detail }, sentence(m.notAParty, { parties }))
  }
  if (mine.refusal) {
    const { code, values, message: detail } = mine.refusal
    throw RefusedError.of({ status: 409, code, values, detail })
  }
  return { report, mine }
}

/** What the signer sees before signing: the whole report and the very text. With `--json` nothing is put beside the document. */
function shown(
  { say, paint, json, language }: Session,
  { content }: CheckedReport,
  text: string,
  keyId: string,
): string[] {
  if (json) return []
  return [
    say(m.summary),
    ...reportLines(content, language, 1),
    '',
    say(m.willSign, { key: keyId }),
    '',
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${paint.strong(line)}`),
    '',
  ]
}
