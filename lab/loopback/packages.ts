import { access, constants, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabPackageMissingError } from '../errors.ts'

/** Where the programs of the lab are. */
export interface Programs {
  readonly sshd: string
  readonly sshKeygen: string
  readonly runsvdir: string
  readonly sv: string
  readonly pgbouncer: string
  readonly haproxy: string
  /** Debian's PostgreSQL: the server of the old host, and the client tools of every host. */
  readonly postgresBinDir: string
}

const folders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/sbin', '/bin']
const wanted: Readonly<Record<string, readonly [program: string, pkg: string]>> = {
  sshd: ['sshd', 'openssh-server'],
  sshKeygen: ['ssh-keygen', 'openssh-client'],
  runsvdir: ['runsvdir', 'runit'],
  sv: ['sv', 'runit'],
  pgbouncer: ['pgbouncer', 'pgbouncer'],
  haproxy: ['haproxy', 'haproxy'],
  rsync: ['rsync', 'rsync'],
}

/** Finds every program the lab is made of. Throws LabPackageMissingError that names all missing packages together. */
export async function findPrograms(): Promise<Programs> {
  const found = await Promise.all(
    Object.entries(wanted).map(async ([key, [program, pkg]]) => ({
      key,
      program,
      pkg,
      path: await which(program),
    })),
  )
  const postgresBinDir = await findPostgres()
  const missing = found.filter((one) => one.path === undefined).map(({ pkg, program }) => ({ pkg, program }))
  if (postgresBinDir === undefined)
    missing.push({ pkg: 'postgresql', program: '/usr/lib/postgresql/<version>/bin' })
  if (missing.length > 0 || postgresBinDir === undefined) {
    throw new LabPackageMissingError(
      [...new Set(missing.map(({ pkg }) => pkg))],
      missing.map(({ program }) => program),
    )
  }
  const path = (key: string) => found.find((one) => one.key === key)?.path ?? key
  return {
    sshd: path('sshd'),
    sshKeygen: path('sshKeygen'),
    runsvdir: path('runsvdir'),
    sv: path('sv'),
    pgbouncer: path('pgbouncer'),
    haproxy: path('haproxy'),
    postgresBinDir,
  }
}

async function which(program: string): Promise<string | undefined> {
  for (const folder of folders) {
    if (await isExecutable(join(folder, program))) return join(folder, program)
  }
  return undefined
}

/** The oldest of Debian's versions: the lab's old host is to be older than its cloud. */
async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  for (const version of versions
    .map(Number)
    .filter(Boolean)
    .toSorted((a, b) => a - b)) {
    const bin = `/usr/lib/postgresql/${version}/bin`
    if ((await isExecutable(join(bin, 'postgres'))) && (await isExecutable(join(bin, 'psql')))) return bin
  }
  return undefined
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
