import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

import { type InputProblem, problemsSaid, QianyunError } from '../domain/errors.ts'
import { schemaProblems } from '../domain/schema-problems.ts'
import { SecretBinding } from '../domain/secret-use.ts'
import { said } from '../domain/words/said.ts'
import { variableNames, type Variables } from './env.ts'

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

/** Thrown when the file that says what a secret is for does not fit its schema. */
export class InvalidSecretBindingError extends QianyunError {
  override name = 'InvalidSecretBindingError'
  readonly code = 'invalid-secret-binding'

  constructor(
    readonly path: string,
    readonly problems: readonly InputProblem[],
  ) {
    super(said('invalid-secret-binding', { path, problems: problemsSaid(problems) }))
  }
}

/**
 * The secrets that plans name, as files `<home>/secrets/<name>`, each overridden by the variable `QIANYUN_SECRET_<NAME>`; beside
 * each `<name>.for.json` with what it is for. The product's own secrets are not among them (`readOwnSecret`).
 */
export class SecretStore {
  constructor(
    readonly home: string,
    readonly variables: Variables,
  ) {}

  /** Throws UnknownSecretError, InvalidSecretNameError, SecretExposedError. */
  async read(name: string): Promise<string> {
    assertSecretName(name)
    return this.variables[secretVariable(name)] ?? readSecretFile(this.home, name)
  }

  /** What a secret was put there for; undefined if nobody said so. Throws InvalidSecretBindingError, InvalidSecretNameError. */
  async bindings(name: string): Promise<readonly SecretBinding[] | undefined> {
    return readSecretBindings(this.home, name)
  }
}

/** What a secret of a home folder is for; undefined if nobody said so. Throws as `SecretStore.bindings`. */
export function readSecretBindings(home: string, name: string): readonly SecretBinding[] | undefined {
  const path = bindingPath(home, name)
  if (!existsSync(path)) return undefined
  const found = jsonOf(readFileSync(path, 'utf8'))
  const parsed = z.array(SecretBinding).safeParse(found)
  if (parsed.success) return parsed.data
  throw new InvalidSecretBindingError(path, schemaProblems(parsed.error.issues, found))
}

/** Says what a secret is for, in place of what was said before; in one piece, mode 0600. Throws InvalidSecretNameError. */
export function writeSecretBindings(home: string, name: string, bindings: readonly SecretBinding[]): void {
  const path = bindingPath(home, name)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(bindings, null, 2)}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}

/** No name of a secret ends so: dots are for the product's files. */
function bindingPath(home: string, name: string): string {
  assertSecretName(name)
  return join(home, 'secrets', `${name}.for.json`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Where the product's own secrets are: in a folder of their own, which no name of a plan's secret leads to. */
export function ownSecretPath(home: string, name: string): string {
  assertSecretName(name)
  return join(home, 'own-secrets', name)
}

/** Gives one of the product's own secrets. Throws as `readSecretFile`. */
export function readOwnSecret(home: string, name: string): string {
  return readClosedFile(name, ownSecretPath(home, name))
}

/** Gives one secret of a home folder. Throws UnknownSecretError, InvalidSecretNameError, SecretExposedError. */
export function readSecretFile(home: string, name: string): string {
  assertSecretName(name)
  return readClosedFile(name, join(home, 'secrets', name))
}

function readClosedFile(name: string, path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new UnknownSecretError(name, path)
  if ((found.mode & 0o077) !== 0) throw new SecretExposedError(name, path, found.mode & 0o777)
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
}

function assertSecretName(name: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,127}$/.test(name) || /\.\.|\.for\.json$/.test(name))
    throw new InvalidSecretNameError(name)
}

const secretVariables = 'QIANYUN_SECRET_'

/** Variables by which a process logs in to the product's own servers. */
const ownLogins: readonly string[] = [variableNames.databaseUrl, variableNames.temporalApiKey]

/** The variables without those that hold plans' secrets, for a process that reads none. */
export function withoutSecrets(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith(secretVariables)))
}

/**
 * Takes secrets out of an environment once they are read, so that no program started from there inherits them. Gives those that plans
 * name.
 */
export function takeSecrets(environment: Record<string, string | undefined>): Variables {
  const taken = Object.entries(environment).filter(([name]) => name.startsWith(secretVariables))
  for (const name of [...taken.map(([each]) => each), ...ownLogins]) Reflect.deleteProperty(environment, name)
  return Object.fromEntries(taken)
}

function secretVariable(name: string): string {
  return `${secretVariables}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
}
