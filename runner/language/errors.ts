import { InvalidInputError, QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { say } from '../../domain/words/said.ts'

/** Thrown when a playbook is not what it must be. `problems` holds all of them, each with the path in the file. */
export class InvalidPlaybookError extends InvalidInputError {
  override name = 'InvalidPlaybookError'
}

/** Thrown when a step wants a file the folder of its playbook does not hold. */
export class UnknownPlaybookFileError extends QianyunError {
  override name = 'UnknownPlaybookFileError'
  readonly code = 'unknown-playbook-file'

  constructor(
    readonly path: string,
    readonly known: readonly string[],
  ) {
    super(
      `The folder of the playbook holds no file "${path}", expected one of ${known.map((name) => `"${name}"`).join(', ')}. Correct the path, or add the file and make a new plan.`,
    )
  }
}

/** Thrown when a CEL expression does not parse, names something that is not there, or fails on its values. */
export class ExpressionError extends QianyunError {
  override name = 'ExpressionError'
  readonly code = 'expression-error'

  constructor(
    readonly expression: string,
    readonly reason: string | Said,
  ) {
    const why = typeof reason === 'string' ? reason : say('en', reason)
    super(`The expression "${expression}" fails: ${why}. Correct it in the playbook.`)
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

/** Thrown when a step is for one host and its name stands for several. */
export class SeveralHostsError extends QianyunError {
  override name = 'SeveralHostsError'
  readonly code = 'several-hosts'

  constructor(
    readonly host: string,
    readonly found: readonly string[],
  ) {
    super(
      `"${host}" stands for ${String(found.length)} hosts here: ${found.map((name) => `"${name}"`).join(', ')}, where the step is carried out on one. Repeat it for each (\`forEach: sides.${host}.hosts\`, \`host: \${each.name}\`), or bind "${host}" to one of them.`,
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
