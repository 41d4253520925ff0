import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { promisify } from 'node:util'
import { serviceRights } from '../facts/service-rights.ts'
import { aroundDump } from '../replication/ddl-freeze.ts'
import { withClient } from '../server/connections.ts'
import { type Dump, carryOut, dumpOptions, session, toolsFor, watch } from './client-tools.ts'
import { noteHalfMade } from './half-made.ts'
import { openDoor } from './own-door.ts'
import { withPouringRole } from './pouring-role.ts'
import { type Run, runsFor } from './table-of-contents.ts'

const run = promisify(execFile)
const listBytesAtMost = 512 * 2 ** 20

/**
 * Pours one database into another whose administrator is no superuser. What is to be made goes through an archive, of which each part is
 * restored by whom it can be; rows go straight through, put in by a role of their owners. Until the last pass the database counts as half made.
 * @throws ClientToolMissingError, ClientToolFailedError, WeakLoginError
 */
export async function pourAsAdministrator(dump: Dump): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'qianyun-archive-'))
  try {
    const archive = await Archive.of(dump, folder)
    const { before, after } = aroundDump(dump.from.database)
    await noteHalfMade(dump.to, true)
    await restore(dump, archive, 'pre-data', { before, after: '' })
    const bytes = dump.schemaOnly ? 0 : await pourRows(dump)
    await restore(dump, archive, 'post-data', { before: '', after })
    await noteHalfMade(dump.to, false)
    return bytes
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function pourRows(dump: Dump): Promise<number> {
  const rows = await withPouringRole(dump.to, async (as) =>
    carryOut(dump, { options: ['--section=data', '--no-blobs'], as }),
  )
  return rows + (await carryOut(dump, { options: ['--section=data', '--exclude-table-data=*.*'] }))
}

type Section = 'pre-data' | 'post-data'

/** The definitions of a database in the form of pg_dump's own. */
class Archive {
  private constructor(
    private readonly folder: string,
    private readonly restorer: string,
    private readonly kept: Parameters<typeof runsFor>[1],
    private readonly rights: Parameters<typeof runsFor>[2],
  ) {}

  static async of(dump: Dump, folder: string): Promise<Archive> {
    const { from, to, fromMajor, signal } = dump
    const tools = await toolsFor(fromMajor)
    const superusers = await withClient(from, 'copy', async (client) =>
      client.query<{ name: string }>('select rolname::text as name from pg_roles where rolsuper'),
    )
    await using out = await openDoor(from, session)
    const program = spawn(
      join(tools.folder, 'pg_dump'),
      [
        ...dumpOptions(dump),
        // Large objects are made with what is to be made, where rows follow.
        ...(dump.schemaOnly ? ['--schema-only'] : ['--section=pre-data', '--section=post-data']),
        '--format=custom',
        `--file=${join(folder, 'archive')}`,
      ],
      {
        env: { PATH: process.env['PATH'], ...out.environment },
        stdio: ['ignore', 'ignore', 'pipe'],
        signal,
      },
    )
    const failed = await watch('pg_dump', program)
    for (const failure of [out.failure(), failed]) if (failure !== undefined) throw failure
    return new Archive(
      folder,
      join(tools.folder, 'pg_restore'),
      superusers.rows.map(({ name }) => name),
      await serviceRights(to, to.database),
    )
  }

  async runsOf(section: Section): Promise<readonly Run[]> {
    const { stdout } = await run(
      this.restorer,
      ['--list', `--section=${section}`, join(this.folder, 'archive')],
      { maxBuffer: listBytesAtMost },
    )
    return runsFor(stdout, this.kept, this.rights)
  }

  /** Writes the statements of a run. */
  async write(section: Section, { isOurs, lines }: Run, into: Writable, signal: AbortSignal): Promise<void> {
    const list = join(this.folder, 'list')
    await writeFile(list, lines.join('\n'))
    const program = spawn(
      this.restorer,
      [
        `--section=${section}`,
        `--use-list=${list}`,
        ...(isOurs ? ['--no-owner'] : []),
        '--no-tablespaces',
        '--file=-',
        join(this.folder, 'archive'),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], signal },
    )
    const ended = watch('pg_restore', program)
    program.stdout.pipe(into, { end: false })
    // All of it must have been taken before the next run, or a file of it goes.
    if (!program.stdout.readableEnded) await Promise.race([once(program.stdout, 'end'), once(into, 'close')])
    const failed = await ended
    if (failed !== undefined) throw failed
  }
}

async function restore(
  { fromMajor, to, signal }: Dump,
  archive: Archive,
  section: Section,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  const { folder } = await toolsFor(fromMajor)
  await using into = await openDoor(to, session)
  const load = spawn(
    join(folder, 'psql'),
    ['--no-psqlrc', '--quiet', '--no-password', '--single-transaction', '--set=ON_ERROR_STOP=1'],
    {
      env: { PATH: process.env['PATH'], ...into.environment },
      stdio: ['pipe', 'ignore', 'pipe'],
      signal,
    },
  )
  const ended = watch('psql', load)
  // A receiver that gave up closes the pipe; its own message says why.
  load.stdin.on('error', () => undefined)
  load.stdin.write(before)
  for (const one of await archive.runsOf(section)) {
    if (load.exitCode !== null || load.stdin.destroyed) break
    await archive.write(section, one, load.stdin, signal).catch((error: unknown) => {
      if (load.exitCode === null && !load.stdin.destroyed) throw error
    })
  }
  load.stdin.end(after)
  const loaded = await ended
  for (const failure of [into.failure(), loaded]) if (failure !== undefined) throw failure
}
