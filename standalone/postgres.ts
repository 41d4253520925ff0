import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import pg from 'pg'

import { processSecret, stackPostgresSecret } from '../config/config.ts'
import { ensureProcessRoles, scramVerifier } from '../api/use-cases/set-up-database.ts'
import { ownSecretPath, readOwnSecret, UnknownSecretError } from '../config/secrets.ts'
import { QianyunError } from '../domain/errors.ts'
import { databaseRoleOf, processNames, type ProcessName } from '../domain/process-name.ts'
import type { HomeLayout } from './layout.ts'
import type { ProcessSpec } from './managed-process.ts'
import { assertProgram } from './missing-program.ts'
import { says } from './sentences.ts'
import { assertReachable, stackUser, type SystemUser } from './system-user.ts'

export interface PostgresPlace {
  readonly home: string
  /** The folder with bin/, lib/ and share/. */
  readonly programs: string
  readonly dataFolder: string
  readonly logPath: string
  readonly port: number
  /** Further server settings, by name. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Thrown when the data of an earlier start is there, but not the password that opens it. */
export class PostgresPasswordLostError extends QianyunError {
  override name = 'PostgresPasswordLostError'
  readonly code = 'postgres-password-lost'

  constructor(
    readonly dataFolder: string,
    readonly secretName: string,
  ) {
    super(says.postgresPasswordLost(dataFolder, secretName))
  }
}

/** Thrown when initdb fails; what it wrote is in the message. */
export class PostgresNotMadeError extends QianyunError {
  override name = 'PostgresNotMadeError'
  readonly code = 'postgres-not-made'

  constructor(
    readonly dataFolder: string,
    readonly output: string,
  ) {
    super(says.postgresNotMade(dataFolder, output.trim()))
  }
}

/** Thrown when the database the environment names does not let us in. */
export class DatabaseNotReachableError extends QianyunError {
  override name = 'DatabaseNotReachableError'
  readonly code = 'database-not-reachable'

  constructor(
    readonly host: string,
    cause: unknown,
    readonly role?: ProcessName,
  ) {
    super(
      role === undefined
        ? says.databaseNotReachable(host, reason(cause))
        : says.databaseRefusesRole(host, databaseRoleOf(role), role, reason(cause), processSecret(role)),
      { cause },
    )
  }
}

const adminSecret = 'stack-postgres-admin'

/** The secrets made for the stack's own server. */
const serverSecrets = [stackPostgresSecret, adminSecret]

/** Those, and the passwords of the processes. */
export const stackSecrets = [...serverSecrets, ...processNames.map(processSecret)]

/** The passwords by which the processes reach the database, made where they are missing. */
export function processPasswords(home: string): Readonly<Record<ProcessName, string>> {
  const password = (name: ProcessName) => {
    ensureSecret(home, processSecret(name))
    return readOwnSecret(home, processSecret(name))
  }
  return { api: password('api'), orchestrator: password('orchestrator'), runner: password('runner') }
}

/** Takes the product's own secrets out of the folder of those that plans name, where earlier versions kept them. */
export function moveOwnSecrets({ home, secrets }: Pick<HomeLayout, 'home' | 'secrets'>): void {
  for (const name of serverSecrets) {
    const before = join(secrets, name)
    const path = ownSecretPath(home, name)
    if (!existsSync(before)) continue
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if (existsSync(path)) rmSync(before)
    else renameSync(before, path)
  }
}

/**
 * Makes the data folder when there is none and gives the process that serves it.
 * Throws MissingProgramError, FolderClosedError, PostgresPasswordLostError, PostgresNotMadeError.
 */
export async function preparePostgres(place: PostgresPlace): Promise<ProcessSpec> {
  assertProgram('PostgreSQL', join(place.programs, 'bin', 'postgres'))
  const user = stackUser()
  if (user !== undefined) {
    assertReachable(place.dataFolder, user)
    assertReachable(join(place.programs, 'bin', 'postgres'), user)
  }
  if (existsSync(join(place.dataFolder, 'PG_VERSION'))) assertPasswordsKept(place)
  else await makeDataFolder(place, user)
  return {
    name: 'postgres',
    command: join(place.programs, 'bin', 'postgres'),
    args: ['-D', place.dataFolder, ...Object.entries(serverSettings(place)).flatMap(setting)],
    cwd: place.dataFolder,
    env: serverEnvironment(),
    ...(user === undefined ? {} : { user: { uid: user.uid, gid: user.gid } }),
    logPath: place.logPath,
    ready: () => answers(adminUrl(place)),
    readyTimeoutMs: 30_000,
    // SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing committed is lost.
    stopSignal: 'SIGINT',
    boundBy: 'signal',
    stopGraceMs: 20_000,
  }
}

/** Makes the product's database, the role that owns its tables, and the roles of its processes. */
export async function ensureDatabase(place: PostgresPlace): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl(place) })
  await client.connect()
  try {
    const role = await client.query("SELECT FROM pg_roles WHERE rolname = 'qianyun'")
    if (role.rowCount === 0) {
      const verifier = scramVerifier(readOwnSecret(place.home, stackPostgresSecret))
      await client.query(`CREATE ROLE qianyun LOGIN PASSWORD '${verifier}'`)
    }
    const database = await client.query("SELECT FROM pg_database WHERE datname = 'qianyun'")
    if (database.rowCount === 0) await client.query('CREATE DATABASE qianyun OWNER qianyun')
    await ensureProcessRoles(client, processPasswords(place.home), { renew: true })
  } finally {
    await client.end()
  }
}

/** Where its superuser connects. */
export function adminUrl(place: Pick<PostgresPlace, 'home' | 'port'>): string {
  const url = new URL(`postgres://postgres@127.0.0.1:${place.port}/postgres`)
  url.password = readOwnSecret(place.home, adminSecret)
  return url.href
}

/** `role`: the process whose log-in it is. Throws DatabaseNotReachableError. */
export async function assertDatabaseReachable(connectionString: string, role?: ProcessName): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    await client.end()
  } catch (error) {
    throw new DatabaseNotReachableError(new URL(connectionString).host, error, role)
  }
}

async function makeDataFolder(place: PostgresPlace, user: SystemUser | undefined): Promise<void> {
  const { home, dataFolder, programs } = place
  for (const name of serverSecrets) ensureSecret(home, name)
  rmSync(dataFolder, { recursive: true, force: true })
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const passwordFile = join(dirname(dataFolder), `.initdb-${process.pid}`)
  writeFileSync(passwordFile, readOwnSecret(home, adminSecret), { mode: 0o600 })
  if (user !== undefined) for (const path of [dataFolder, passwordFile]) chownSync(path, user.uid, user.gid)
  const args = [
    ['-D', dataFolder, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ].flat()
  try {
    await promisify(execFile)(join(programs, 'bin', 'initdb'), args, {
      cwd: dataFolder,
      env: serverEnvironment(),
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    })
  } catch (error) {
    rmSync(dataFolder, { recursive: true, force: true })
    throw new PostgresNotMadeError(
      dataFolder,
      error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error),
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function serverSettings(place: PostgresPlace): Readonly<Record<string, string>> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(place.port),
    // TCP only: a socket's path may be at most 107 bytes long, and a home folder may be deeper than that.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...place.settings,
  }
}

function setting([name, value]: readonly [string, string]): string[] {
  return ['-c', `${name}=${value}`]
}

/** Nothing of the invoking user's: PGDATA or PGPORT there must not reach these servers. */
function serverEnvironment(): Readonly<Record<string, string>> {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
}

function assertPasswordsKept(place: PostgresPlace): void {
  for (const name of serverSecrets) {
    try {
      readOwnSecret(place.home, name)
    } catch (error) {
      if (!(error instanceof UnknownSecretError)) throw error
      throw new PostgresPasswordLostError(place.dataFolder, name)
    }
  }
}

function ensureSecret(home: string, name: string): void {
  const path = ownSecretPath(home, name)
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
}

async function answers(connectionString: string): Promise<boolean> {
  return assertDatabaseReachable(connectionString).then(
    () => true,
    () => false,
  )
}

function reason(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error)
}
