import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { safeClient } from '../server/client.ts'
import { strayOf } from '../server/marked-session.ts'
import { changeFile } from '../../../runner/ssh/replace-file.ts'
import { opened } from '../database.ts'
import type { Console } from './admin.ts'
import type { Pooler } from './pooler.ts'
import { reloadOrPutBack } from './reload-check.ts'
import { type EntryTarget, putEntry, removeEntry } from './databases-file.ts'

const answerTimeoutMs = 12_000

/** The answer to a client: none in time, a refusal with the message of pooler or server, a login, or one to another server. */
export type TrialAnswer = { readonly refused: string | undefined } | { readonly comesTo: string } | 'in'

/**
 * Logs clients in through a temporary entry to `target`, with the settings of the real entry, so that pgbouncer's passwords and hashes are
 * tried as they will be used. The name is unique, because pgbouncer remembers a server's refusal.
 */
export async function withTrialEntry<T>(
  entry: Pooler,
  console: Console,
  trial: {
    readonly target: EntryTarget
    readonly settings: Readonly<Record<string, string>>
    /** Whether a session with this mark stands on the side that is meant. */
    readonly isHere: (mark: string) => Promise<boolean>
  },
  work: (login: (user: string, password: string) => Promise<TrialAnswer>) => Promise<T>,
): Promise<T> {
  const name = `qianyun_login_${randomBytes(4).toString('hex')}`
  const others = Object.entries(trial.settings).filter(([key]) => !['host', 'port', 'dbname'].includes(key))
  await changeFile(entry.host, entry.file, (content) =>
    putEntry(content, name, trial.target, Object.fromEntries(others)),
  )
  let taken = false
  try {
    await reloadOrPutBack(console, { ...entry, name }, (look) => look !== undefined)
    taken = true
    return await work(async (user, password) => login(entry, name, { user, password }, trial.isHere))
  } finally {
    await changeFile(entry.host, entry.file, (content) => removeEntry(content, name))
    if (taken) await console.reloadBesideClients()
  }
}

async function login(
  entry: Pooler,
  database: string,
  { user, password }: { readonly user: string; readonly password: string },
  isHere: (mark: string) => Promise<boolean>,
): Promise<TrialAnswer> {
  const { address: host, port, weakLogin } = entry.console
  const client = safeClient(
    {
      host,
      port,
      database,
      user,
      password,
      application_name: 'qianyun-login-check',
      connectionTimeoutMillis: answerTimeoutMs,
      query_timeout: answerTimeoutMs,
    },
    { weakLogin },
  )
  try {
    await opened(client)
    // A pooler may accept a client and connect to the server only at its first statement.
    const comesTo = await strayOf(client, isHere)
    return comesTo === undefined ? 'in' : { comesTo }
  } catch (error) {
    return { refused: error instanceof pg.DatabaseError ? error.message : undefined }
  } finally {
    await client.end().catch(() => undefined)
  }
}
