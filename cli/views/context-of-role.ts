import type { Role } from '../../api/contract.ts'
import type { Context } from '../../config/contexts.ts'
import { contextFileInForce, readContextFile, resolveIdentity } from '../identity/identity.ts'
import type { Session } from '../identity/session.ts'

/**
 * What to append to a command so that it is given by this role of this organisation: nothing when a command without flags
 * is given by it (or no context is known that has it), else the context to use.
 */
export function contextOfRole(session: Session, role: Role, organisation: string | undefined): string {
  const { contexts } = readContextFile(contextFileInForce(session.variables))
  const { server } = session.identity
  const fits = (context: Context | undefined): boolean =>
    context?.role === role &&
    (organisation ?? context.organisation) === (context.organisation ?? organisation) &&
    context.server.replace(/\/$/, '') === server
  const unflagged = contextWithoutFlags(session)
  if (unflagged !== undefined && fits(contexts[unflagged])) return ''
  const named = Object.entries(contexts).find(([, context]) => fits(context))
  return named === undefined ? '' : ` --context ${named[0]}`
}

/** The flags of this call are not typed with the next one: only the file and the variables are in force then. */
function contextWithoutFlags({ variables, language }: Session): string | undefined {
  try {
    return resolveIdentity({}, variables, language).contextName
  } catch {
    return undefined
  }
}
