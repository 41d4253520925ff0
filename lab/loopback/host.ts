import { copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { firstClosedFolder } from '../../config/home.mjs'
import type { HostName } from '../description.ts'
import type { Programs } from './packages.ts'
import { addresses } from './ports.ts'
import { type Account, type Privilege, quote, root } from './privilege.ts'
import { ensureUser } from './users.ts'

/** One host of the loopback lab: a user, an address and a folder. */
export interface Host {
  readonly name: HostName
  readonly account: Account
  readonly address: string
  readonly home: string
  readonly etc: string
  readonly logDir: string
  readonly runDir: string
  readonly serviceDir: string
  /** The environment of its services and of sessions on it. */
  readonly env: Readonly<Record<string, string>>
  readonly privilege: Privilege
}

/** Makes the host's user and folders where they are missing. */
export async function makeHost(
  privilege: Privilege,
  labDir: string,
  name: HostName,
  programs: Programs,
): Promise<Host> {
  const host = await describeHost(privilege, labDir, name, programs)
  // The starter's group may read the logs; other hosts may not look in.
  await privilege.run(root, 'install', [
    ...['-d', '-o', host.account.name, '-g', String(process.getgid?.() ?? 0), '-m', '2750'],
    host.home,
  ])
  const folders = [host.etc, host.logDir, host.runDir, host.serviceDir, join(host.home, 'bin')]
  await privilege.script(
    host.account,
    `umask 027; mkdir -p ${folders.map(quote).join(' ')}
${writeFile(join(host.home, '.bashrc'), 'cd "$HOME"\n', { keep: true })}
ln -sfn ${quote(await nodeFor(labDir))} ${quote(join(host.home, 'bin/node'))}
`,
  )
  return host
}

/** Says where a host is, without touching it but for its user. */
export async function describeHost(
  privilege: Privilege,
  labDir: string,
  name: HostName,
  programs: Programs,
): Promise<Host> {
  const account = await ensureUser(privilege, `qy-${name}`)
  const home = join(labDir, 'hosts', name)
  const serviceDir = join(home, 'service')
  return {
    name,
    account,
    address: addresses[name],
    home,
    etc: join(home, 'etc'),
    logDir: join(home, 'log'),
    runDir: join(home, 'run'),
    serviceDir,
    env: {
      HOME: home,
      USER: account.name,
      PATH: `${join(home, 'bin')}:${programs.postgresBinDir}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
      LC_ALL: 'C.UTF-8',
      SVDIR: serviceDir,
    },
    privilege,
  }
}

/** A piece of shell script that writes a file by rename; with `keep`, only when there is none. */
export function writeFile(path: string, content: string, { mode = 640, keep = false } = {}): string {
  const draft = quote(`${path}.new`)
  const write = `(umask 077; cat > ${draft}) <<'END-OF-LAB-FILE'
${content.replace(/\n$/, '')}
END-OF-LAB-FILE
chmod ${mode} ${draft} && mv ${draft} ${quote(path)} || exit 1`
  return keep ? `if [ ! -e ${quote(path)} ]; then\n${write}\nfi` : write
}

/**
 * The Node that hosts run applications with: ours, or a copy of it where ours lies in a folder of our own
 * (as a version manager's does).
 */
async function nodeFor(labDir: string): Promise<string> {
  if (firstClosedFolder(dirname(process.execPath)) === undefined) return process.execPath
  const copy = join(labDir, 'bin', `node-${process.versions.node}`)
  if (await exists(copy)) return copy
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
  await copyFile(process.execPath, `${copy}.${process.pid}`)
  await rename(`${copy}.${process.pid}`, copy)
  return copy
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
