import { InvalidInputError, QianyunError } from '../../domain/errors.ts'

/** Thrown when a playbook is not what it must be. `problems` holds all of them, each with the path in the file. */
export class InvalidPlaybookError extends InvalidInputError {
  override name = 'InvalidPlaybookError'
}

/** Thrown when there is no playbook of that name. */
export class UnknownPlaybookError extends QianyunError {
  override name = 'UnknownPlaybookError'
  readonly code = 'unknown-playbook'

  constructor(
    readonly playbook: string,
    readonly known: readonly string[],
  ) {
    super(
      `There is no playbook "${playbook}", expected one of ${known.map((name) => `"${name}"`).join(', ')}. Correct the name, or add playbooks/${playbook}/playbook.yaml.`,
    )
  }
}

/** Thrown when the file on disk is no longer the text the plan froze. */
export class PlaybookChangedError extends QianyunError {
  override name = 'PlaybookChangedError'
  readonly code = 'playbook-changed'

  constructor(
    readonly playbook: string,
    readonly expected: string,
    readonly found: string,
  ) {
    super(
      `The playbook "${playbook}" has the digest "${found}", expected "${expected}" as frozen in the plan. Put the planned text back, or make a new plan with the new one.`,
    )
  }
}

/** Thrown when a CEL expression does not parse, names something that is not there, or fails on its values. */
export class ExpressionError extends QianyunError {
  override name = 'ExpressionError'
  readonly code = 'expression-error'

  constructor(
    readonly expression: string,
    readonly reason: string,
  ) {
    super(`The expression "${expression}" fails: ${reason}. Correct it in the playbook.`)
  }
}

/** Thrown when a playbook speaks of a host nothing binds. */
export class UnknownHostError extends QianyunError {
  override name = 'UnknownHostError'
  readonly code = 'unknown-host'

  constructor(
    readonly host: string,
    readonly known: readonly string[],
  ) {
    super(
      `Nothing binds the host "${host}", expected one of ${known.map((name) => `"${name}"`).join(', ')}. Bind it when starting the run, or correct the playbook.`,
    )
  }
}

/** Thrown when a playbook speaks of a database nothing binds. */
export class UnknownDatabaseError extends QianyunError {
  override name = 'UnknownDatabaseError'
  readonly code = 'unknown-database'

  constructor(
    readonly database: string,
    readonly known: readonly string[],
  ) {
    super(
      `Nothing binds the database "${database}", expected one of ${known.map((name) => `"${name}"`).join(', ')}. Bind it when starting the run, or correct the playbook.`,
    )
  }
}

/** Thrown when a step asks for a secret the playbook does not declare. */
export class UndeclaredSecretError extends QianyunError {
  override name = 'UndeclaredSecretError'
  readonly code = 'undeclared-secret'

  constructor(readonly secretName: string) {
    super(
      `The playbook uses the secret "${secretName}" without declaring it. Add it to "secrets" at its top.`,
    )
  }
}
