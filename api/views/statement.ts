import { refusal } from '../../domain/move/rules/commands.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { parties, type Actor, type Party } from '../../domain/organisation.ts'
import { signoffText, type Signoff } from '../../domain/move/signoff.ts'
import { CommandRefusedError } from '../../moves/errors.ts'
import { RoleNotAllowedError } from '../errors/access.ts'

/** The party an account signs as: its role, where that role is a party at all. */
export function partyOf(actor: Actor): Party {
  const party = parties.find((each) => each === actor.role)
  if (party !== undefined) return party
  throw new RoleNotAllowedError(actor.account, actor.role === 'engine' ? 'auditor' : actor.role, parties)
}

/** The exact text this person signs under the report in force. */
export function statementText(move: Migration, actor: Actor, party: Party): string {
  return signoffText({
    migration: move.migration,
    system: move.plan.system,
    profile: move.plan.policy.profile,
    reportVersion: move.report?.version ?? 0,
    digest: move.report?.digest ?? '',
    party,
    organisation: actor.organisation,
    account: actor.account,
    decision: 'recognise',
  })
}

/** Why the move's rules would refuse this sign-off now; undefined when they would take it. */
export function signingRefusal(move: Migration, actor: Actor, signoff: Signoff) {
  return refusal(move, { name: 'sign-report', signoff }, actor, Date.now())
}

/** @throws CommandRefusedError */
export function assertMaySign(move: Migration, actor: Actor, signoff: Signoff): void {
  const refused = signingRefusal(move, actor, signoff)
  if (refused !== undefined) throw new CommandRefusedError(refused)
}
