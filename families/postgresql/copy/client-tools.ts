import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type pg from 'pg'
import { ownerCodeInDumpSql } from '../census/owner-code.ts'
import type { DatabasePort } from '../database.ts'
import { aroundDump } from '../replication/ddl-freeze.ts'
import { withClient } from '../server/connections.ts'
import { sideName } from '../side-name.ts'
import { ClientToolFailedError, ClientToolMissingError, OwnerCodeError } from './errors.ts'
import { noteHalfMade } from './half-made.ts'
import { type DoorOptions, openDoor } from './own-door.ts'
import { type PouringRole, withPouringRole } from './pouring-role.ts'
import { functionsRowsRun } from './rows-that-run-code.ts'

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
async function toolsFor(major: number): Promise<Tool> {
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

const session: DoorOptions = {
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

/**
 * Pours one database into another: `pg_dump | psql`, in one transaction on the receiving side. Our own client logs in for both. Where rows cannot
 * be put in without running code of an owner, they are put in by a role that is no superuser, between the passes that make tables and
 * indexes; until the last of these the database counts as half made.
 * @throws ClientToolMissingError, ClientToolFailedError, OwnerCodeError, WeakLoginError
 */
export async function pour(dump: Dump): Promise<number> {
  const { before, after } = aroundDump(dump.from.database)
  const functions = dump.schemaOnly
    ? []
    : await withClient(dump.from, 'copy', async (client) => {
        await assertNoneInDump(client, dump)
        return functionsRowsRun(client)
      })
  if (functions.length === 0)
    return carryOut(dump, { options: dump.schemaOnly ? ['--schema-only'] : [], before, after })
  await noteHalfMade(dump.to, true)
  let bytes = await carryOut(dump, { options: ['--section=pre-data'], before })
  bytes += await withPouringRole(dump.to, async (as) =>
    carryOut(dump, { options: ['--section=data', '--no-blobs'], as }),
  )
  // What is left of the data: large objects, whose owners may be superusers.
  bytes += await carryOut(dump, { options: ['--section=data', '--exclude-table-data=*.*'] })
  bytes += await carryOut(dump, { options: ['--section=post-data'], after })
  await noteHalfMade(dump.to, false)
  return bytes
}

/** What a superuser cannot avoid to run while rows are there: keys of partitions, and casts of references. @throws OwnerCodeError */
async function assertNoneInDump(client: pg.Client, { from, mayRun = () => false }: Dump): Promise<void> {
  const { rows } = await client.query<{ object: string; role: string; by: string }>(ownerCodeInDumpSql)
  const functions = rows.filter(({ object }) => !mayRun(object))
  if (functions.length > 0) throw new OwnerCodeError(sideName(from), functions)
}

async function carryOut(
  { from, fromMajor, to, snapshot, signal, onBytes }: Dump,
  { options, before = '', after = '', as }: Pass,
): Promise<number> {
  const { folder } = await toolsFor(fromMajor)
  await using out = await openDoor(from, session)
  await using into = await openDoor(to, session, as)
  const dump = spawn(
    join(folder, 'pg_dump'),
    [
      '--no-subscriptions',
      // Where things lie is the new server's own.
      '--no-tablespaces',
      '--no-password',
      // A name may be a word that the new version keeps for itself.
      '--quote-all-identifiers',
      '--exclude-schema=qianyun',
      `--lock-wait-timeout=${lockPatienceMs}`,
      ...options,
      ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]),
    ],
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

async function watch(
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
