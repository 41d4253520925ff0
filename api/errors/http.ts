import { type InputProblem, problemsSaid, QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a text of a request holds a password, a key or a token: it would stay on record for good. */
export class SecretInRequestError extends QianyunError {
  override name = 'SecretInRequestError'
  readonly code = 'secret-in-text'

  constructor(readonly problems: readonly InputProblem[]) {
    super(said('secret-in-text', { problems: problemsSaid(problems) }))
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
