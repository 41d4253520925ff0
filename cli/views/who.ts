import type { Migration, Role } from '../../api/contract.ts'
import { migrationMessages as m, waitingMessages } from '../messages/migration.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { Session } from '../identity/session.ts'

export function actorText({ say }: Session, actor: Migration['launchedBy']): string {
  const { account, role, organisation } = actor
  return role === 'engine'
    ? say(names.role.engine)
    : say(m.actor, { account, role: say(names.role[role]), organisation })
}

/** "the owner (permit-bureau)": a role, with the organisation that has it in this move where the plan names one. */
export function roleText({ say }: Session, role: Role, organisations: Partial<Record<Role, string>>): string {
  const organisation = organisations[role]
  return organisation === undefined
    ? say(names.role[role])
    : say(waitingMessages.whoOf, { role: say(names.role[role]), organisation })
}

export function rolesText(
  session: Session,
  roles: readonly Role[],
  organisations: Partial<Record<Role, string>>,
): string {
  return roles.map((role) => roleText(session, role, organisations)).join(session.say(waitingMessages.or))
}
