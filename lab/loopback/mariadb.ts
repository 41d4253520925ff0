import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
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
  if (!(await exists(join(target, 'usr/sbin/mariadbd')))) await unpackInto(target)
  return {
    program: join(target, 'usr/sbin/mariadbd'),
    share: join(target, 'usr/share/mysql'),
    files: 'mysql',
    libraries: (await libraryFolders(target)).join(':'),
  }
}

async function unpackInto(target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  // Others may be unpacking it at the same time.
  const draft = await mkdtemp(`${target}.`)
  const archives = join(draft, 'archives')
  await mkdir(archives)
  try {
    await download([core], archives)
    await download(await missingLibraries(), archives)
    for (const archive of await readdir(archives))
      await run('dpkg-deb', ['-x', join(archives, archive), draft])
    await rm(archives, { recursive: true })
    await chmod(draft, 0o755)
    await rename(draft, target)
  } catch {
    await rm(draft, { recursive: true, force: true })
    // Somebody else put it there meanwhile, which is as good.
    if (await exists(join(target, 'usr/sbin/mariadbd'))) return
    throw new LabPackageMissingError([core], ['mariadbd'], `apt-get download ${core}`)
  }
}

async function download(packages: readonly string[], folder: string): Promise<void> {
  if (packages.length > 0) await run('apt-get', ['-qq', 'download', ...packages], { cwd: folder })
}

/** Libraries it is linked with that no package of the machine brings. */
async function missingLibraries(): Promise<readonly string[]> {
  const { stdout } = await run('apt-cache', ['depends', '--important', core])
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
