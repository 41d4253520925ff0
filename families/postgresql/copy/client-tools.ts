import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { DatabasePort } from '../database.ts'
import { ClientToolFailedError, ClientToolMissingError } from './errors.ts'
import { type DoorOptions, openDoor } from './own-door.ts'
import type { PouringRole } from './pouring-role.ts'

const run = promisify(execFile)
const debianFolder = '/usr/lib/postgresql'

interface Tool {
  readonly folder: string
  readonly major: number
}

/**
 * The folder of the oldest client programs that can read a server of this version: a dump made by newer ones may hold
 * settings an older server does not know.
 * @throws ClientToolMissingError
 */
export async function toolsFor(major: number): Promise<Tool> {
  const folders = (await readdir(debianFolder).catch(() => [])).map((name) => join(debianFolder, name, 'bin'))
  const found: Tool[] = []
  for (const folder of [...folders, ...(process.env['PATH'] ?? '').split(':')]) {
    const version = await dumpVersion(join(folder, 'pg_dump'))
    if (version !== undefined) found.push({ folder, major: version })
  }
  const fit = found.filter((tool) => tool.major >= major).toSorted((a, b) => a.major - b.major)[0]
  if (fit === undefined) {
    const versions = [...new Set(found.map((tool) => String(tool.major)))]
    throw new ClientToolMissingError('pg_dump', major, versions)
  }
  return fit
}

/** Makes sure that a server of this version can be dumped, before anything is made or dropped for it. @throws ClientToolMissingError */
export async function assertCanDump(major: number): Promise<void> {
  await toolsFor(major)
}

async function dumpVersion(program: string): Promise<number | undefined> {
  try {
    const { stdout } = await run(program, ['--version'])
    return Number(/(\d+)(?:\.\d+|devel|beta|rc)/.exec(stdout)?.[1])
  } catch {
    return undefined
  }
}

/** A table that somebody keeps for longer is named by the failure. */
const lockPatienceMs = 60_000

const { PATH } = process.env

export const session: DoorOptions = {
  applicationName: 'qianyun-copy',
  options:
    '-c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0 -c role=none -c array_nulls=on',
}

export interface Dump {
  readonly from: DatabasePort
  readonly fromMajor: number
  readonly to: DatabasePort
  readonly schemaOnly: boolean
  /** A snapshot exported by a transaction that stays open: what is dumped is what that transaction sees. */
  readonly snapshot?: string
  readonly signal: AbortSignal
  /** Whether a waiver lets a function of an owner run as a superuser. */
  readonly mayRun?: (fn: string) => boolean
  /** Told how much has gone through, now and then. */
  readonly onBytes?: (bytes: number) => void
}

/** A part of a dump, and who restores it. */
interface Pass {
  readonly options: readonly string[]
  readonly before?: string
  readonly after?: string
  readonly as?: PouringRole
}

/** The options of pg_dump that every copy is made with. */
export const dumpOptions = ({ snapshot }: Pick<Dump, 'snapshot'>): readonly string[] => [
  '--no-subscriptions',
  // Where things lie is the new server's own.
  '--no-tablespaces',
  '--no-password',
  // A name may be a word that the new version keeps for itself.
  '--quote-all-identifiers',
  '--exclude-schema=qianyun',
  `--lock-wait-timeout=${lockPatienceMs}`,
  ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]),
]

/** One pass of a dump. @throws ClientToolFailedError */
export async function carryOut(
  { from, fromMajor, to, snapshot, signal, onBytes }: Dump,
  { options, before = '', after = '', as }: Pass,
): Promise<number> {
  const { folder } = await toolsFor(fromMajor)
  await using out = await openDoor(from, session)
  await using into = await openDoor(to, session, as)
  const dump = spawn(
    join(folder, 'pg_dump'),
    [...dumpOptions({ ...(snapshot !== undefined && { snapshot }) }), ...options],
    { env: { PATH, ...out.environment }, stdio: ['ignore', 'pipe', 'pipe'], signal },
  )
  const load = spawn(
    join(folder, 'psql'),
    ['--no-psqlrc', '--quiet', '--no-password', '--single-transaction', '--set=ON_ERROR_STOP=1'],
    { env: { PATH, ...into.environment }, stdio: ['pipe', 'ignore', 'pipe'], signal },
  )
  let bytes = 0
  dump.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    onBytes?.(bytes)
  })
  const ended = [watch('pg_dump', dump), watch('psql', load)]
  // A receiver that gave up closes the pipe; its own message says why.
  load.stdin.on('error', () => undefined)
  load.stdin.write(before)
  const flowed = pipeline(dump.stdout, load.stdin, { end: false })
    .catch(() => undefined)
    .then(() => load.stdin.end(after))
  const [dumped, loaded] = await Promise.all(ended)
  await flowed
  for (const failure of [out.failure(), into.failure(), loaded, dumped])
    if (failure !== undefined) throw failure
  return bytes
}

export async function watch(
  program: string,
  child: ReturnType<typeof spawn>,
): Promise<ClientToolFailedError | undefined> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000)
  })
  child.on('error', () => undefined)
  const [code] = (await once(child, 'close')) as [number | null]
  return code === 0 ? undefined : new ClientToolFailedError(program, code, said)
}
