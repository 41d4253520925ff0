import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { chooseHome } from '../../config/home.mjs'
import { ensurePostgres18 } from '../../lab/loopback/postgres18.ts'

/** A real PostgreSQL server of a test's own, ended by `stop`. */
export interface TestServer {
  readonly name: string
  readonly port: number
  readonly version: 15 | 18
  readonly adminPassword: string
  stop(): Promise<void>
  /** Ends it as a power cut does: what is not on disk is lost. */
  crash(): Promise<void>
  /** Kills all its processes at once (SIGKILL), without waiting for their end. */
  kill(): void
  /** Stops all its processes where they are (SIGSTOP): connections stay, and nothing is answered. */
  freeze(): void
  thaw(): void
  restart(settings: Readonly<Record<string, string>>): Promise<void>
}

export const adminUser = 'postgres'
export const adminPassword = 'admin-of-the-test'
export const appPassword = 'app-of-the-test'

/** A folder of the test's own that the servers' user may enter. */
export async function makeFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `qianyun-${name}-`))
  await chmod(folder, 0o755)
  return folder
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

/** PostgreSQL refuses root: as root, servers run as the system's own PostgreSQL user. */
export function serverAccount(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === 'postgres') return { uid: Number(uid), gid: Number(gid) }
  }
  return { uid: 65_534, gid: 65_534 }
}

/** Makes and starts a server with `wal_level = logical` in `folder`. */
export async function startServer(
  folder: string,
  name: string,
  version: 15 | 18,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const bin = version === 18 ? await ensurePostgres18(chooseHome().path) : await debianBin()
  const data = ownedFolder(join(folder, name))
  const passwordFile = join(folder, `${name}.password`)
  writeFileSync(passwordFile, adminPassword)
  const args = ['-D', data, '-U', adminUser, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8']
  await finished(launch(join(bin, 'initdb'), [...args, '--locale=C', '--no-sync'], folder, name))
  writeFileSync(join(data, 'pg_hba.conf'), hostBasedAuthentication)
  const port = await freePort()
  let child = await boot(bin, data, port, settings)
  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  const stop = async () => end('SIGINT')
  const signalAll = (signal: NodeJS.Signals) => {
    for (const pid of processesOf(child.pid)) {
      try {
        process.kill(pid, signal)
      } catch {
        // It ended by itself since it was listed.
      }
    }
  }
  return {
    name,
    port,
    version,
    adminPassword,
    stop,
    crash: async () => end('SIGQUIT'),
    kill: () => {
      signalAll('SIGKILL')
    },
    freeze: () => {
      signalAll('SIGSTOP')
    },
    thaw: () => {
      signalAll('SIGCONT')
    },
    async restart(changed) {
      await stop()
      child = await bootAgain(async () => boot(bin, data, port, { ...settings, ...changed }))
    },
  }
}

/** A server's processes, its own first: it makes the others. */
function processesOf(pid: number | undefined): readonly number[] {
  if (pid === undefined) return []
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim()
  return [pid, ...children.split(' ').filter(Boolean).map(Number)]
}

/** After a kill the memory of the processes before may be in use for a moment yet. */
async function bootAgain(start: () => Promise<ChildProcess>): Promise<ChildProcess> {
  for (let left = 20; ; left--) {
    try {
      return await start()
    } catch (error) {
      if (left === 0) throw error
      await sleep(100)
    }
  }
}

async function boot(
  bin: string,
  data: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const child = launch(
    join(bin, 'postgres'),
    ['-D', data, ...settingArguments(port, settings)],
    join(data, '..'),
    'server',
  )
  await answering(port, () => child.exitCode)
  return child
}

/** The arguments of `postgres` that make it a server of a test's own. */
export function settingArguments(port: number, settings: Readonly<Record<string, string>>): string[] {
  const all = { ...serverSettings, port: String(port), ...settings }
  return Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

/** Waits until a server takes a log-in, ten seconds at most; `ended` gives the exit code of one that is gone. */
export async function answering(port: number, ended: () => number | null = () => null): Promise<void> {
  for (let left = 400; left > 0; left--) {
    const exitCode = ended()
    if (exitCode !== null) throw new Error(`the server ended with ${String(exitCode)}`)
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: adminUser,
      password: adminPassword,
      database: 'postgres',
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await sleep(25)
    }
  }
  throw new Error(`the server on port ${port} does not answer`)
}

export function ownedFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const { uid, gid } = serverAccount()
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
  return path
}

/** Starts a program as the servers' user; what it prints goes to `<folder>/<name>.log` by the shell-free way. */
export function launch(program: string, args: readonly string[], folder: string, name: string): ChildProcess {
  // A server that follows another by TLS looks for certificates in its home.
  const env = { ...process.env, HOME: folder }
  const options: SpawnOptions = { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...serverAccount() }
  const child = spawn(program, args, options)
  const keep = (chunk: Buffer) => {
    writeFileSync(join(folder, `${name}.log`), chunk, { flag: 'a' })
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return child
}

export async function finished(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`"${child.spawnargs.join(' ')}" ended with ${String(code)}`)
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function debianBin(): Promise<string> {
  const versions = (await readdir('/usr/lib/postgresql')).map(Number).toSorted((a, b) => a - b)
  return `/usr/lib/postgresql/${String(versions[0])}/bin`
}

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  fsync: 'on',
  max_wal_senders: '16',
  max_replication_slots: '16',
  max_worker_processes: '24',
  max_logical_replication_workers: '12',
  shared_buffers: '64MB',
  max_connections: '120',
  checkpoint_timeout: '15min',
  // Servers before 16 start at most one apply worker in this time.
  wal_retrieve_retry_interval: '200ms',
  log_line_prefix: '%m [%p] %q%u@%d/%a ',
}

const hostBasedAuthentication = `host all all 127.0.0.0/8 scram-sha-256
host replication all 127.0.0.0/8 scram-sha-256
`
