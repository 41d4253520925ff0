import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection } from 'mysql2/promise'
import { chooseHome } from '../../config/home.mjs'
import { ensureMariadb, type MariadbRelease } from '../../lab/loopback/mariadb.ts'
import { freePort, serverAccount } from './postgres-servers.ts'

export const mariadbAdmin = 'qianyun_admin'
export const mariadbAdminPassword = 'admin-of-the-test'

/** A real MariaDB server of a test's own. */
export interface MariadbServer {
  readonly port: number
  stop(): Promise<void>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Stops it where it is (SIGSTOP): connections stay, and nothing is answered. */
  freeze(): void
  thaw(): void
}

/** Makes and starts a server in `folder`, with the settings the assessment asks for. */
export async function startMariadb(
  folder: string,
  name: string,
  serverId: number,
  settings: Readonly<Record<string, string>> = {},
  found?: MariadbRelease,
): Promise<MariadbServer> {
  const release = found ?? (await ensureMariadb(chooseHome().path))
  const { program, share } = release
  const place = join(folder, name)
  const account = serverAccount()
  for (const one of [place, join(place, 'data'), join(place, 'tmp')]) {
    mkdirSync(one)
    if (account.uid !== undefined && account.gid !== undefined) chownSync(one, account.uid, account.gid)
  }
  const port = await freePort()
  const common = [
    '--no-defaults',
    `--datadir=${join(place, 'data')}`,
    `--tmpdir=${join(place, 'tmp')}`,
    `--lc-messages-dir=${share}`,
    '--innodb-buffer-pool-size=32M',
    '--innodb-log-file-size=16M',
    '--performance-schema=OFF',
  ]
  await bootstrap(common, release)
  const options = Object.entries({
    'log-bin': join(place, 'data', 'binlog'),
    'log-slave-updates': 'ON',
    'binlog-format': 'ROW',
    'sync-binlog': '1',
    'event-scheduler': 'ON',
    'log-bin-trust-function-creators': 'ON',
    'server-id': String(serverId),
    'bind-address': '127.0.0.1',
    port: String(port),
    socket: join(place, 'socket'),
    'pid-file': join(place, 'pid'),
    ...settings,
  }).map(([option, value]) => `--${option}=${value}`)
  let child: ChildProcess | undefined
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const ended = child
    if (ended?.exitCode !== null || ended.signalCode !== null) return
    ended.kill(signal)
    await once(ended, 'exit')
  }
  const start = async (): Promise<void> => {
    child = spawn(program, [...common, ...options], {
      ...account,
      env: environmentOf(release),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await answering(port, child)
  }
  await start()
  return {
    port,
    stop: async () => end('SIGTERM'),
    kill: async () => end('SIGKILL'),
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
}

function environmentOf({ libraries }: MariadbRelease): NodeJS.ProcessEnv {
  return libraries === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries }
}

async function bootstrap(common: readonly string[], release: MariadbRelease): Promise<void> {
  const { program, share, files } = release
  const parts = ['system_tables', 'performance_tables', 'system_tables_data']
  const texts = await Promise.all(
    parts.map(async (part) => readFile(join(share, `${files}_${part}.sql`), 'utf8')),
  )
  const child = spawn(program, [...common, '--bootstrap', '--skip-networking'], {
    ...serverAccount(),
    env: environmentOf(release),
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)))
  child.stdin.end(
    [
      'CREATE DATABASE mysql;',
      'USE mysql;',
      'SET @auth_root_socket = NULL;',
      ...texts,
      'FLUSH PRIVILEGES;',
      `CREATE USER '${mariadbAdmin}'@'%' IDENTIFIED BY '${mariadbAdminPassword}';`,
      `GRANT ALL PRIVILEGES ON *.* TO '${mariadbAdmin}'@'%' WITH GRANT OPTION;`,
    ].join('\n'),
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`MariaDB could not be set up: ${said}`)
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)))
  for (let left = 300; left > 0; left--) {
    if (child.exitCode !== null) throw new Error(`MariaDB ended as it started: ${said}`)
    const connection = await connectTo(port).catch(() => undefined)
    if (connection !== undefined) {
      await connection.end()
      return
    }
    await sleep(100)
  }
  throw new Error(`MariaDB does not answer: ${said}`)
}

export async function connectTo(
  port: number,
  options: { readonly user?: string; readonly password?: string; readonly database?: string } = {},
): Promise<Connection> {
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    port,
    user: mariadbAdmin,
    password: mariadbAdminPassword,
    dateStrings: true,
    ...options,
  })
  connection.on('error', () => undefined)
  return connection
}

/** Asks a server as its administrator, or as another one. */
export async function askMariadb(
  port: number,
  sql: string,
  options: Parameters<typeof connectTo>[1] = {},
): Promise<readonly Record<string, unknown>[]> {
  const connection = await connectTo(port, options)
  try {
    const [rows] = await connection.query(sql)
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
  } finally {
    await connection.end()
  }
}
