import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { LabPackageMissingError } from '../errors.ts'
import { exists } from './host.ts'

const run = promisify(execFile)
const core = 'mariadb-server-core'

/** Where a release of MariaDB is. */
export interface MariadbRelease {
  readonly program: string
  readonly share: string
  /** What the files that set it up begin with. */
  readonly files: 'mysql' | 'mariadb'
  /** Folders of libraries that the machine has not. */
  readonly libraries?: string
}

/**
 * Gives Debian's MariaDB. Where it is not installed it is unpacked into <home>/mariadb and not installed: its package would have apt remove a MySQL that the
 * machine may have. @throws LabPackageMissingError
 */
export async function ensureMariadb(home: string, installed = '/usr/sbin/mariadbd'): Promise<MariadbRelease> {
  if (await exists(installed)) return { program: installed, share: '/usr/share/mysql', files: 'mysql' }
  const target = join(home, 'mariadb')
  const program = join(target, 'usr/sbin/mariadbd')
  await unpackInto(target, [core], program)
  return {
    program,
    share: join(target, 'usr/share/mysql'),
    files: 'mysql',
    libraries: (await libraryFolders(target)).join(':'),
  }
}

/** Where the client tools of MariaDB are: `mariadb` and `mariadb-dump`. */
export type MariadbClients = Pick<MariadbRelease, 'libraries'> & { readonly binDir: string }

/** Gives Debian's client tools of MariaDB in the same way. @throws LabPackageMissingError */
export async function ensureMariadbClients(home: string): Promise<MariadbClients> {
  if (await exists('/usr/bin/mariadb-dump')) return { binDir: '/usr/bin' }
  const target = join(home, 'mariadb-clients')
  await unpackInto(target, ['mariadb-client-core', 'mariadb-client'], join(target, 'usr/bin/mariadb-dump'))
  return { binDir: join(target, 'usr/bin'), libraries: (await libraryFolders(target)).join(':') }
}

/** Unpacks packages, and the libraries that the machine lacks for the first, unless `program` is there. */
async function unpackInto(target: string, names: readonly string[], program: string): Promise<void> {
  if (await exists(program)) return
  await mkdir(dirname(target), { recursive: true })
  // Others may be unpacking it at the same time.
  const draft = await mkdtemp(`${target}.`)
  const archives = join(draft, 'archives')
  await mkdir(archives)
  try {
    await download(names, archives)
    await download(await missingLibraries(names[0] ?? ''), archives)
    for (const archive of await readdir(archives))
      await run('dpkg-deb', ['-x', join(archives, archive), draft])
    await rm(archives, { recursive: true })
    await chmod(draft, 0o755)
    await rename(draft, target)
  } catch {
    await rm(draft, { recursive: true, force: true })
    // Somebody else put it there meanwhile, which is as good.
    if (await exists(program)) return
    throw new LabPackageMissingError(names, [basename(program)], `apt-get download ${names.join(' ')}`)
  }
}

async function download(packages: readonly string[], folder: string): Promise<void> {
  if (packages.length > 0) await run('apt-get', ['-qq', 'download', ...packages], { cwd: folder })
}

/** Libraries it is linked with that no package of the machine brings. */
async function missingLibraries(name: string): Promise<readonly string[]> {
  const { stdout } = await run('apt-cache', ['depends', '--important', name])
  const names = [...stdout.matchAll(/^\s+Depends: (lib[a-z0-9.+-]+)$/gm)].flatMap(([, name]) => name ?? [])
  const installed = await Promise.all(
    names.map(async (name) =>
      run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]).then(
        (found) => found.stdout === 'installed',
        () => false,
      ),
    ),
  )
  return names.filter((_, at) => installed[at] !== true)
}

async function libraryFolders(target: string): Promise<readonly string[]> {
  const lib = join(target, 'usr/lib')
  const folders = (await exists(lib)) ? await readdir(lib) : []
  return folders.filter((name) => name.endsWith('-linux-gnu')).map((name) => join(lib, name))
}
