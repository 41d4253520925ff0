import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor, Role } from '../../domain/organisation.ts'
import type { Account } from '../../domain/ports/accounts.ts'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { sha256Hex } from '../../storage/digest.ts'
import type { WithStores } from '../context.ts'
import { RoleNotAllowedError, UnauthenticatedError } from '../errors/access.ts'
import { RouteWithoutRolesError } from '../errors/http.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: 'public' | readonly Role[]
  }
  interface FastifyRequest {
    /** Set before the body is read, on every route that is not public. */
    account: Account | null
  }
}

/**
 * Lets in only accounts whose role the route names. It runs before a body is read, and a route that names nobody
 * cannot be registered.
 */
export function guardRoutes(app: FastifyInstance, context: WithStores<'accounts'>): void {
  app.decorateRequest('account', null)
  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (access === undefined || access.length === 0) {
      throw new RouteWithoutRolesError(`${String(route.method)} ${route.url}`)
    }
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    // Only the answer "not found" has no route.
    if (access === undefined || access === 'public') return
    const account = await accountOf(request, context)
    request.account = account
    if (!access.includes(account.role)) throw new RoleNotAllowedError(account.account, account.role, access)
  })
}

/** Who is meant in events and in the audit log. */
export function actorOf(account: Account): Actor {
  return { account: account.account, role: account.role, organisation: account.organisation }
}

/** Whether the token of a request that was let in before still is that of the same account, with the same role and organisation. */
export async function isStill(
  account: Account,
  request: FastifyRequest,
  context: WithStores<'accounts'>,
): Promise<boolean> {
  const now = await accountOf(request, context).catch((error: unknown) => {
    if (error instanceof UnauthenticatedError) return undefined
    throw error
  })
  return now !== undefined && canonicalJson(actorOf(now)) === canonicalJson(actorOf(account))
}

/** Looked up by hash: how long it takes says nothing about how much of a token was right. */
async function accountOf(request: FastifyRequest, { stores }: WithStores<'accounts'>): Promise<Account> {
  const token = /^Bearer ([A-Za-z0-9._~+/=-]{16,512})$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw new UnauthenticatedError(request.headers.authorization !== undefined)
  const account = await stores.accounts.findByTokenHash(sha256Hex(token))
  if (account === undefined) throw new UnauthenticatedError(true)
  return account
}
