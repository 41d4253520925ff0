import type { Actor, Party } from '../../domain/organisation.ts'
import { parties } from '../../domain/organisation.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Account } from '../../domain/ports/accounts.ts'
import { routes, type SignoffView } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { signingRefusal, statementText } from '../views/statement.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const showSignoff = handle(routes.showSignoff, async ({ params, account, actor }, context) => {
  const move = await visibleMove(context, account, params.system)
  const { report, plan } = move
  const mine = mineOf(move, account, actor)
  return {
    migration: move.migration,
    system: plan.system,
    profile: plan.policy.profile,
    ...(report === undefined ? {} : { report }),
    parties: plan.policy.parties.map((party) => partyView(move, party)),
    recognised: move.recognised,
    ...(mine === undefined ? {} : { mine }),
  }
})

function partyView(move: Migration, party: Party): SignoffView['parties'][number] {
  const signoff = move.signoffs.find((each) => each.party === party && each.digest === move.report?.digest)
  const organisation = move.plan.organisations[party]
  return { party, organisation, ...(signoff === undefined ? {} : { signoff }) }
}

function mineOf(move: Migration, account: Account, actor: Actor): SignoffView['mine'] {
  const party = parties.find((each) => each === actor.role)
  if (party === undefined || move.report === undefined) return undefined
  const { version, digest } = move.report
  const signedText = statementText(move, actor, party)
  const refusal = signingRefusal(move, actor, {
    party,
    organisation: actor.organisation,
    account: actor.account,
    keyId: account.key?.keyId ?? '',
    algorithm: 'ed25519',
    digest,
    reportVersion: version,
    signature: '',
    signedText,
    atMs: 0,
  })
  return {
    party,
    text: signedText,
    digest,
    ...(refusal === undefined ? {} : { refusal: { ...refusal, values: { ...refusal.values } } }),
  }
}
