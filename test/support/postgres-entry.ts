import type { WeakLogin } from '../../domain/host.ts'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import {
  adminPassword,
  appPassword,
  freePort,
  launch,
  ownedFolder,
  serverAccount,
} from './postgres-servers.ts'
import { chownSync } from 'node:fs'

/** A real pgbouncer in transaction pooling, its database lines in a file of their own. */
export interface TestEntry {
  readonly port: number
  readonly databasesFile: string
  readonly adminUser: string
  readonly adminPassword: string
  /** Why nobody can log in to it by SCRAM. */
  readonly weakLogin?: WeakLogin
  /** Its processes. */
  readonly pids: readonly number[]
  admin(): Promise<pg.Client>
  kill(): void
  freeze(): void
  thaw(): void
  /** Starts one process more on the shared port, which reads the file as it is now. Gives what ends it. */
  startAnother(): () => Promise<void>
  /** Starts it again, after its end. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** What an entry has other than usual. */
export interface EntryOptions {
  /** Its folder's name. */
  readonly name?: string
  /** How many processes share the port. */
  readonly processes?: number
  /** Its lines stand in the one file that packages bring, databases first; or in one of their own. */
  readonly layout?: 'one-file' | 'own-file'
  /** Further lines of the users' file. */
  readonly users?: readonly string[]
  /** Further settings. */
  readonly settings?: readonly string[]
}

export async function startEntry(
  folder: string,
  lines: readonly string[],
  roles: readonly string[],
  { name = 'entry', processes = 1, layout = 'own-file', users: more = [], settings = [] }: EntryOptions = {},
): Promise<TestEntry> {
  const port = await freePort()
  const etc = ownedFolder(join(folder, name))
  const main = join(etc, 'pgbouncer.ini')
  const databasesFile = layout === 'one-file' ? main : join(etc, 'databases.ini')
  const users = [
    `"bouncer" "${adminPassword}"`,
    ...roles.map((role) => `"${role}" "${appPassword}"`),
    ...more,
  ]
  place(join(etc, 'users.txt'), `${users.join('\n')}\n`)
  const databases = `[databases]\n${lines.join('\n')}\n`
  const shared = processes > 1 ? ['so_reuseport = 1'] : []
  const configured = configuration(etc, port, [...shared, ...settings])
  if (layout === 'own-file') place(databasesFile, databases)
  place(main, `${layout === 'own-file' ? `%include ${databasesFile}\n` : databases}\n${configured}`)
  const startOne = () => launch('/usr/sbin/pgbouncer', [main], folder, `${name}-process`)
  const start = () => Array.from({ length: processes }, startOne)
  let children = start()
  const signalAll = (signal: NodeJS.Signals) => {
    for (const child of children) child.kill(signal)
  }
  const ended = async () => {
    for (const child of children)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  const admin = async () => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'bouncer',
      password: adminPassword,
      database: 'pgbouncer',
    })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const answering = async (): Promise<void> => {
    for (let left = 100; left > 0; left--) {
      try {
        await (await admin()).end()
        return
      } catch {
        await sleep(30)
      }
    }
  }
  await answering()
  return {
    port,
    databasesFile,
    adminUser: 'bouncer',
    adminPassword,
    admin,
    get pids() {
      return children.flatMap(({ pid }) => pid ?? [])
    },
    kill: () => {
      signalAll('SIGKILL')
    },
    freeze: () => {
      signalAll('SIGSTOP')
    },
    thaw: () => {
      signalAll('SIGCONT')
    },
    startAnother: () => {
      const another = startOne()
      children.push(another)
      return async () => {
        children = children.filter((child) => child !== another)
        another.kill('SIGKILL')
        if (another.exitCode === null && another.signalCode === null) await once(another, 'exit')
      }
    },
    async restart() {
      await ended()
      children = start()
      await answering()
    },
    async stop() {
      signalAll('SIGKILL')
      await ended()
    },
  }
}

function place(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o640 })
  const { uid, gid } = serverAccount()
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

const configuration = (etc: string, port: number, settings: readonly string[]) => `[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = ${settings.some((one) => one.startsWith('auth_type')) ? 'md5' : 'scram-sha-256'}
auth_file = ${join(etc, 'users.txt')}
admin_users = bouncer
pool_mode = transaction
max_client_conn = 300
default_pool_size = 40
query_wait_timeout = 20
server_login_retry = 1
server_connect_timeout = 5
ignore_startup_parameters = extra_float_digits,options
${settings.join('\n')}
`
