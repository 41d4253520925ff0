import type { Role } from '../../api/contract.ts'
import type { Context } from '../../config/contexts.ts'
import { contextFileInForce, readContextFile } from '../identity.ts'
import type { Session } from '../session.ts'

/**
 * What to append to a command so that it is given by this role of this organisation: nothing when the current context has
 * it (or none is known that has), else the context to use.
 */
export function contextOfRole(session: Session, role: Role, organisation: string | undefined): string {
  const { contexts } = readContextFile(contextFileInForce(session.variables))
  const { contextName, server } = session.identity
  const fits = (context: Context | undefined): boolean =>
    context?.role === role &&
    (organisation ?? context.organisation) === (context.organisation ?? organisation) &&
    context.server.replace(/\/$/, '') === server
  if (contextName !== undefined && fits(contexts[contextName])) return ''
  const named = Object.entries(contexts).find(([, context]) => fits(context))
  return named === undefined ? '' : ` --context ${named[0]}`
}
