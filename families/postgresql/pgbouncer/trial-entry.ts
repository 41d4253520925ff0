import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { changeFile } from '../../../runner/ssh/replace-file.ts'
import { opened } from '../database.ts'
import type { Entry } from '../switchover/plan.ts'
import type { Console } from './admin.ts'
import { type EntryTarget, putEntry, removeEntry } from './databases-file.ts'

const answerTimeoutMs = 5_000

/** What a client was answered: nothing in time, a refusal in the pooler's or the server's words, or it was let in. */
export type TrialAnswer = { readonly refused: string | undefined } | 'in'

/**
 * Logs clients in through an entry that comes and goes and leads to `target`, with the settings of the real one: what pgbouncer
 * has of passwords and hashes is tried as it will be used. The name is used once: pgbouncer remembers a server's refusal.
 */
export async function withTrialEntry<T>(
  entry: Entry,
  console: Console,
  trial: { readonly target: EntryTarget; readonly settings: Readonly<Record<string, string>> },
  work: (login: (user: string, password: string) => Promise<TrialAnswer>) => Promise<T>,
): Promise<T> {
  const name = `qianyun_login_${randomBytes(4).toString('hex')}`
  const others = Object.entries(trial.settings).filter(([key]) => !['host', 'port', 'dbname'].includes(key))
  await changeFile(entry.host, entry.file, (content) =>
    putEntry(content, name, trial.target, Object.fromEntries(others)),
  )
  try {
    await console.reload()
    return await work(async (user, password) => login(entry, name, user, password))
  } finally {
    await changeFile(entry.host, entry.file, (content) => removeEntry(content, name))
    await console.reload()
  }
}

async function login(entry: Entry, database: string, user: string, password: string): Promise<TrialAnswer> {
  const { address: host, port } = entry.console
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    password,
    application_name: 'qianyun-login-check',
    connectionTimeoutMillis: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
  })
  try {
    await opened(client)
    // A pooler may let a client in and connect to the server only for its first statement.
    await client.query('select 1')
    return 'in'
  } catch (error) {
    return { refused: error instanceof pg.DatabaseError ? error.message : undefined }
  } finally {
    await client.end().catch(() => undefined)
  }
}
