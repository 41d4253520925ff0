import { setTimeout as sleep } from 'node:timers/promises'
import { controlDatabase } from './control-database.ts'
import { text } from './quote.ts'
import { errnoOf, type Session } from './session.ts'

/** A connection of a server that is none of the engine's. */
export interface OtherSession {
  readonly id: number
  readonly words: string
}

const noSuchThread = 1094

/** Who is connected by right while a side is closed, and the last connection that came before it was. */
export interface Known {
  readonly adminUser: string
  /** The account by which the other side follows. */
  readonly follower: string
  readonly lockedAt: number
  /** Names of the accounts that were locked then. */
  readonly locked: readonly string[]
}

/** The number of the last connection that came before an instant: who came later was asked for its account after it. */
export async function lastConnection(session: Session): Promise<number> {
  const { last } = await session.row<{ last: string }>(
    'SELECT MAX(id) AS last FROM information_schema.processlist',
  )
  return Number(last)
}

/**
 * Everybody who is connected, or about to be: one that has proven its password before its account was locked shows as not authenticated
 * until it is let in, and came before `lockedAt`. One that came later shows by its name for the moment in which it is refused. Not counted are the server's own threads, who follows the server, and sessions of the
 * engine, which stand in its own database as its administrator.
 */
export async function othersOn(
  session: Session,
  { adminUser, follower, lockedAt, locked }: Known,
): Promise<readonly OtherSession[]> {
  const refused = ['unauthenticated user', ...locked].map(text).join(', ')
  const rows = await session.rows<{ id: string; user: string; host: string; command: string }>(
    `SELECT id, user, host, command FROM information_schema.processlist
      WHERE id <> CONNECTION_ID() AND user <> 'system user' AND NOT (user = 'event_scheduler' AND command = 'Daemon')
        AND user <> ${text(follower)} AND NOT (user IN (${refused}) AND id > ${String(lockedAt)})
        AND NOT (user = ${text(adminUser)} AND COALESCE(db, '') = '${controlDatabase}')`,
  )
  return rows.map(({ id, user, host, command }) => ({
    id: Number(id),
    words: `${user}@${host} (${command})`,
  }))
}

/** Ends everybody's sessions, and resolves when none is left: a commit under way comes to its end first. Gives how many there were. */
export async function endOthers(session: Session, known: Known, signal: AbortSignal): Promise<number> {
  const ended = new Set<number>()
  for (;;) {
    signal.throwIfAborted()
    const others = await othersOn(session, known)
    if (others.length === 0) return ended.size
    for (const { id } of others) {
      ended.add(id)
      await session.run(`KILL HARD CONNECTION ${String(id)}`).catch((error: unknown) => {
        if (errnoOf(error) !== noSuchThread) throw error
      })
    }
    await sleep(1)
  }
}
