import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'
import type { Variables } from './env.ts'

/** Thrown when neither a file nor a variable holds the secret. */
export class UnknownSecretError extends QianyunError {
  override name = 'UnknownSecretError'
  readonly code = 'unknown-secret'

  constructor(
    readonly secretName: string,
    readonly path: string,
  ) {
    super(said('unknown-secret', { secretName, path, variable: secretVariable(secretName) }))
  }
}

/** Thrown when a secret's name could lead out of the folder of secrets. */
export class InvalidSecretNameError extends QianyunError {
  override name = 'InvalidSecretNameError'
  readonly code = 'invalid-secret-name'

  constructor(readonly secretName: string) {
    super(said('invalid-secret-name', { secretName }))
  }
}

/** Thrown when a secret's file can be read by other users. */
export class SecretExposedError extends QianyunError {
  override name = 'SecretExposedError'
  readonly code = 'secret-exposed'

  constructor(
    readonly secretName: string,
    readonly path: string,
    readonly mode: number,
  ) {
    super(said('secret-exposed', { secretName, path, mode: mode.toString(8).padStart(4, '0') }))
  }
}

/** Where the programs take secrets from; a vault would be another of these. */
export interface SecretSource {
  /** Gives the value without its trailing line break. Throws UnknownSecretError. */
  read(name: string): Promise<string>
}

/** Secrets as files `<home>/secrets/<name>`, each overridden by the variable `QIANYUN_SECRET_<NAME>`. */
export class SecretStore implements SecretSource {
  constructor(
    readonly home: string,
    readonly variables: Variables = process.env,
  ) {}

  /** Throws UnknownSecretError, InvalidSecretNameError, SecretExposedError. */
  async read(name: string): Promise<string> {
    assertSecretName(name)
    return this.variables[secretVariable(name)] ?? readSecretFile(this.home, name)
  }
}

/** Gives one secret of a home folder. Throws UnknownSecretError, InvalidSecretNameError, SecretExposedError. */
export function readSecretFile(home: string, name: string): string {
  assertSecretName(name)
  const path = join(home, 'secrets', name)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new UnknownSecretError(name, path)
  if ((found.mode & 0o077) !== 0) throw new SecretExposedError(name, path, found.mode & 0o777)
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
}

function assertSecretName(name: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,127}$/.test(name) || name.includes('..'))
    throw new InvalidSecretNameError(name)
}

function secretVariable(name: string): string {
  return `QIANYUN_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
}
