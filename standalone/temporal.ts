import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { Connection } from '@temporalio/client'

import type { TemporalConfig } from '../config/config.ts'
import { directToLoopback, temporalConnectionOptions } from '../config/temporal-connection.ts'
import { messageOf, QianyunError } from '../domain/errors.ts'
import type { ProcessSpec } from './managed-process.ts'
import { assertProgram } from './missing-program.ts'
import { says } from './sentences.ts'

export interface TemporalPlace {
  /** The Temporal CLI. */
  readonly program: string
  readonly dataFolder: string
  readonly logPath: string
  readonly port: number
  /** Without it there is no web page. */
  readonly uiPort?: number
  readonly namespace: string
}

/** What migrations are found by; registered when the server starts. */
export const searchAttributes = { MigrationPhase: 'Keyword', MigrationSystem: 'Keyword' } as const

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const keyword = 2

/** Thrown when the Temporal server the environment names does not answer. */
export class TemporalNotReachableError extends QianyunError {
  override name = 'TemporalNotReachableError'
  readonly code = 'temporal-not-reachable'

  constructor(
    readonly address: string,
    cause: unknown,
  ) {
    super(says.temporalNotReachable(address, reason(cause)), { cause })
  }
}

/** Thrown when a Temporal server does not take the search attributes; says the commands for who may. */
export class SearchAttributesRefusedError extends QianyunError {
  override name = 'SearchAttributesRefusedError'
  readonly code = 'search-attributes-refused'

  constructor(
    readonly address: string,
    readonly namespace: string,
    cause: unknown,
  ) {
    const commands = Object.entries(searchAttributes).map(
      ([name, type]) =>
        `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${type}`,
    )
    super(says.searchAttributesRefused(address, namespace, reason(cause), commands.join(' && ')), { cause })
  }
}

/** Thrown when a Temporal server has no namespace of that name; says how to make it. */
export class NamespaceNotFoundError extends QianyunError {
  override name = 'NamespaceNotFoundError'
  readonly code = 'namespace-not-found'

  constructor(
    readonly address: string,
    readonly namespace: string,
    cause: unknown,
  ) {
    const command = `temporal operator namespace create --address ${address} --namespace ${namespace} --retention 720h`
    super(says.namespaceNotFound(address, namespace, command), { cause })
  }
}

/**
 * Gives the dev server's process, with its state in a file. A file of another server version is moved aside, because
 * the dev server makes its schema once and never upgrades it; a server of that version gets it back. Throws MissingProgramError.
 */
export async function prepareTemporal(
  place: TemporalPlace,
  say: (line: string) => void,
): Promise<ProcessSpec> {
  assertProgram('The Temporal CLI', place.program)
  mkdirSync(place.dataFolder, { recursive: true, mode: 0o700 })
  const databasePath = join(place.dataFolder, 'temporal.db')
  const version = await serverVersion(place.program)
  const moved = keepToVersion(place.dataFolder, version)
  if (moved !== undefined)
    say((moved.isBack ? says.temporalBack : says.temporalMoved)(version, moved.movedTo, moved.earlier))
  return {
    name: 'temporal',
    command: place.program,
    args: serverArguments(place, databasePath),
    cwd: place.dataFolder,
    env: { PATH: process.env['PATH'], HOME: place.dataFolder },
    logPath: place.logPath,
    ready: () => answers(`127.0.0.1:${place.port}`, place.namespace),
    readyTimeoutMs: 120_000,
    stopSignal: 'SIGTERM',
    boundBy: 'signal',
    stopGraceMs: 15_000,
  }
}

/** The server inside the CLI: "temporal version 1.9.1 (Server 1.32.0, UI 2.54.0)" → "1.32.0". */
export async function serverVersion(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--version'])
  return /Server (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? stdout.trim()
}

/**
 * Registers what migrations are found by at a server that is not the stack's own.
 * Throws TemporalNotReachableError, NamespaceNotFoundError, SearchAttributesRefusedError.
 */
export async function registerSearchAttributes(temporal: TemporalConfig): Promise<void> {
  const { namespace, address } = temporal
  let connection: Connection
  try {
    connection = await Connection.connect(
      directToLoopback({ ...temporalConnectionOptions(temporal), connectTimeout: 10_000 }),
    )
  } catch (error) {
    throw new TemporalNotReachableError(address, error)
  }
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
    const missing = Object.keys(searchAttributes).filter((name) => !(name in customAttributes))
    if (missing.length === 0) return
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    })
  } catch (error) {
    throw isNamespaceNotFound(error)
      ? new NamespaceNotFoundError(address, namespace, error)
      : new SearchAttributesRefusedError(address, namespace, error)
  } finally {
    await connection.close()
  }
}

/** Whether a Temporal server answers for the namespace. */
export async function answers(address: string, namespace: string): Promise<boolean> {
  try {
    const connection = await Connection.connect(directToLoopback({ address, connectTimeout: 1_000 }))
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace }),
      )
      return true
    } finally {
      await connection.close()
    }
  } catch {
    return false
  }
}

function serverArguments(place: TemporalPlace, databasePath: string): string[] {
  const ui =
    place.uiPort === undefined
      ? ['--headless']
      : ['--ui-ip', '127.0.0.1', '--ui-port', String(place.uiPort), '--ui-disable-news-fetch']
  return [
    ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(place.port), ...ui],
    ['--namespace', place.namespace, '--db-filename', databasePath, '--log-level', 'warn'],
    // A commit is on the disk before it is answered, with one flush instead of the default journal's several.
    ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
    Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ].flat()
}

/** Has the server's file be one of its own version. Gives which of another version was put aside, if one was, and whether an own one came back. */
function keepToVersion(
  folder: string,
  version: string,
): { readonly earlier: string; readonly movedTo: string; readonly isBack: boolean } | undefined {
  const versionPath = join(folder, 'version')
  const earlier = existsSync(versionPath) ? readFileSync(versionPath, 'utf8').trim() : version
  writeFileSync(versionPath, `${version}\n`)
  const current = join(folder, 'temporal.db')
  if (!existsSync(current) || minor(earlier) === minor(version)) return undefined
  const movedTo = join(folder, `temporal-${earlier.replaceAll(/[^\w.]/g, '_')}.db`)
  moveDatabase(current, movedTo)
  const own = readdirSync(folder).find((name) => {
    const of = /^temporal-(\d[\w.]*)\.db$/.exec(name)?.[1]
    return of !== undefined && minor(of) === minor(version)
  })
  if (own !== undefined) moveDatabase(join(folder, own), current)
  return { earlier, movedTo, isBack: own !== undefined }
}

function moveDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm'].filter((part) => existsSync(from + part)))
    renameSync(from + suffix, to + suffix)
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

/** The code 5 of gRPC, NOT_FOUND. */
function isNamespaceNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 5
}

function reason(error: unknown): string {
  return messageOf(error)
}
