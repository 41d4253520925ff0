import type { Role } from '../../api/contract.ts'
import { contextFileInForce, readContextFile } from '../identity.ts'
import type { Session } from '../session.ts'

/**
 * What to append to a command so that it is given by this role: nothing when the current context has it (or none is
 * known that has), else the context to use.
 */
export function contextOfRole(session: Session, role: Role): string {
  const { contexts } = readContextFile(contextFileInForce(session.variables))
  const { contextName, server } = session.identity
  if (contextName !== undefined && contexts[contextName]?.role === role) return ''
  const named = Object.entries(contexts).find(
    ([, context]) => context.role === role && context.server.replace(/\/$/, '') === server,
  )
  return named === undefined ? '' : ` --context ${named[0]}`
}
