import type { Party } from '../../domain/organisation.ts'
import type { Signoff } from '../../domain/move/signoff.ts'
import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'
import { assertSigned } from '../use-cases/signature.ts'
import { assertMaySign, partyOf, statementText } from '../views/statement.ts'

/** The rules are asked before the signature is looked at, and again by the workflow; both must agree to take it. */
export const signReport = moveCommand(routes.signReport, 'sign-report', ({ body, account, actor }, move) => {
  const party: Party = partyOf(actor)
  const { digest, keyId, signature, signedText } = body
  const signoff: Signoff = {
    party,
    organisation: actor.organisation,
    account: actor.account,
    keyId,
    algorithm: 'ed25519',
    digest,
    reportVersion: move.report?.version ?? 0,
    signature,
    signedText,
    atMs: Date.now(),
  }
  assertMaySign(move, actor, signoff)
  assertSigned(account, statementText(move, actor, party), body)
  return { signoff }
})
