import { QianyunError } from '../../domain/errors.ts'
import type { Role } from '../../domain/organisation.ts'
import type { PlacesTakenError } from '../../domain/ports/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a request carries no token, or one that is nobody's. */
export class UnauthenticatedError extends QianyunError {
  override name = 'UnauthenticatedError'
  readonly code: 'token-missing' | 'token-unknown'

  constructor(given: boolean) {
    super(said(given ? 'token-unknown' : 'token-missing'))
    this.code = given ? 'token-unknown' : 'token-missing'
  }
}

/** Thrown when the account's role is not among those a route is for. */
export class RoleNotAllowedError extends QianyunError {
  override name = 'RoleNotAllowedError'
  readonly code = 'role-not-allowed'

  constructor(
    readonly account: string,
    readonly role: Role,
    readonly allowed: readonly Role[],
  ) {
    super(said('role-not-allowed', { account, role, allowed }))
  }
}

/** Thrown when the account's organisation has another part in the move, or none. */
export class OtherOrganisationError extends QianyunError {
  override name = 'OtherOrganisationError'
  readonly code = 'other-organisation'

  constructor(
    readonly organisation: string,
    readonly role: Role,
    readonly expected: string,
  ) {
    super(said('other-organisation', { organisation, role, expected }))
  }
}

/**
 * Thrown when something exists but is not the caller's to see. It is answered exactly like something that does not
 * exist, and recorded as a refusal.
 */
export class HiddenError extends QianyunError {
  override name = 'HiddenError'
  readonly code: string

  constructor(
    readonly what: 'system' | 'plan' | 'migration' | 'report' | 'evidence' | 'facts',
    readonly id: string,
  ) {
    super(said(`unknown-${what}`, { id }))
    this.code = `unknown-${what}`
  }
}

/** Thrown when a place of a plan is one that a move works on which is not the caller's to see: the place is told, the move is not. */
export class PlacesOfOthersError extends QianyunError {
  override name = 'PlacesOfOthersError'
  readonly code = 'places-of-others'
  readonly places: readonly string[]

  constructor({ plan, conflicts }: PlacesTakenError) {
    const places = conflicts.map(({ is }) => is)
    super(said('places-of-others', { plan, places }))
    this.places = places
  }
}
