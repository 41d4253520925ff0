import { InvalidInputError, QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown for an invalid playbook. `problems` holds all problems, each with its path in the file. */
export class InvalidPlaybookError extends InvalidInputError {
  override name = 'InvalidPlaybookError'
}

/** Thrown when a step names a file that is not in the folder of its playbook. */
export class UnknownPlaybookFileError extends QianyunError {
  override name = 'UnknownPlaybookFileError'
  readonly code = 'unknown-playbook-file'

  constructor(
    readonly path: string,
    readonly known: readonly string[],
  ) {
    super(said('unknown-playbook-file', { path, known }))
  }
}

/** Thrown when a CEL expression does not parse, names an unknown variable, or fails on its values. */
export class ExpressionError extends QianyunError {
  override name = 'ExpressionError'
  readonly code = 'expression-error'

  constructor(
    readonly expression: string,
    readonly reason: Said,
  ) {
    super(said('expression-error', { expression, reason }))
  }
}

/** Thrown when a playbook names a host that nothing binds. */
export class UnknownHostError extends QianyunError {
  override name = 'UnknownHostError'
  readonly code = 'unknown-host'

  constructor(
    readonly host: string,
    readonly known: readonly string[],
  ) {
    super(said('unknown-host', { host, known }))
  }
}

/** Thrown when a step needs one host and its name stands for several. */
export class SeveralHostsError extends QianyunError {
  override name = 'SeveralHostsError'
  readonly code = 'several-hosts'

  constructor(
    readonly host: string,
    readonly found: readonly string[],
  ) {
    super(said('several-hosts', { host, count: found.length, found }))
  }
}

/** Thrown when a playbook names a database that nothing binds. */
export class UnknownDatabaseError extends QianyunError {
  override name = 'UnknownDatabaseError'
  readonly code = 'unknown-database'

  constructor(
    readonly database: string,
    readonly known: readonly string[],
  ) {
    super(said('unknown-database', { database, known }))
  }
}

/** Thrown when a step uses a secret that the playbook does not declare. */
export class UndeclaredSecretError extends QianyunError {
  override name = 'UndeclaredSecretError'
  readonly code = 'undeclared-secret'

  constructor(readonly secretName: string) {
    super(said('undeclared-secret', { secretName }))
  }
}
