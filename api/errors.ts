import { type InputProblem, QianyunError } from '../domain/errors.ts'
import type { Said } from '../domain/words/message.ts'
import { said, type Word } from '../domain/words/said.ts'
import type { Role } from '../domain/organisation.ts'

/** Thrown when a request carries no token, or one that is nobody's. */
export class UnauthenticatedError extends QianyunError {
  override name = 'UnauthenticatedError'
  readonly code: 'token-missing' | 'token-unknown'

  constructor(given: boolean) {
    super(said(given ? 'token-unknown' : 'token-missing'))
    this.code = given ? 'token-unknown' : 'token-missing'
  }
}

/** Thrown when a text of a request holds a password, a key or a token: it would stay on record for good. */
export class SecretInRequestError extends QianyunError {
  override name = 'SecretInRequestError'
  readonly code = 'secret-in-text'

  constructor(readonly problems: readonly InputProblem[]) {
    super(
      `The request was not taken: ${problems.map(({ path, message }) => `"${path}" ${message}`).join('; ')}.`,
    )
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

/** Thrown when there is no such task in a move. */
export class UnknownTaskError extends QianyunError {
  override name = 'UnknownTaskError'
  readonly code = 'unknown-task'

  constructor(
    readonly migration: string,
    readonly task: string,
  ) {
    super(said('unknown-task', { task, migration }))
  }
}

/** Thrown when a signature is not what was asked for: another key, another text, or not a signature at all. */
export class SignatureRefusedError extends QianyunError {
  override name = 'SignatureRefusedError'
  readonly code: 'no-key' | 'other-key' | 'other-text' | 'other-digest' | 'wrong-signature'

  constructor(what: Word<SignatureRefusedError['code']>) {
    super(what)
    this.code = what.code
  }
}

/** Thrown when a playbook was asked about, or was to be run, and the runner refuses it. */
export class PlaybookFailedError extends QianyunError {
  override name = 'PlaybookFailedError'

  readonly code: string

  constructor(what: Said & { readonly message: string }) {
    super(what)
    this.code = what.code
  }
}

/** Thrown when a path has no such method. */
export class MethodNotAllowedError extends QianyunError {
  override name = 'MethodNotAllowedError'
  readonly code = 'method-not-allowed'

  constructor(
    readonly method: string,
    readonly path: string,
    readonly allowed: readonly string[],
  ) {
    super(said('method-not-allowed', { path, method, allowed }))
  }
}

/** Thrown while the server is being built: a route that does not say whom it is for would be open or dead. */
export class RouteWithoutRolesError extends QianyunError {
  override name = 'RouteWithoutRolesError'
  readonly code = 'route-without-roles'

  constructor(readonly route: string) {
    super(said('route-without-roles', { route }))
  }
}
