import { messageOf } from '../../../domain/errors.ts'
import type { DatabasePort } from '../database.ts'
import type { Fullness } from '../pgbouncer/fullness.ts'
import type { Asked } from './topics.ts'

/** Who reaches a database, and by which door. It takes a few milliseconds to see. */
export interface Doors {
  /** Where the running pooler sends clients of the entry. */
  readonly pointsTo: string
  readonly pointsHere: boolean
  /** Other entries of the same pooler that lead to the same database. */
  readonly others: readonly string[]
  /** Sessions on the database that come another way. */
  readonly bypassing: readonly Bypassing[]
  /** The server that sessions of the entry stand on, where that is another one. */
  readonly comesTo?: string
}

export interface Bypassing {
  readonly role: string
  /** Address of the client, or the entry it comes through. */
  readonly from: string
  readonly sessions: number
  readonly words: string
}

/** Sessions of a client whose host the plan does not know, where clients connect to the database itself. */
export interface Stranger {
  readonly role: string
  /** The address of the client; `local` for a socket file. */
  readonly from: string
  readonly application: string
  readonly sessions: number
  readonly words: string
}

/** What of an entry was found, in front of the database that is looked at. */
export interface EntryFacts extends Doors {
  readonly name: string
  /** Its pooler's address and port. */
  readonly place: string
  readonly file: string
  /** Why it could not be looked at: nothing else is known then. */
  readonly unseen?: string
  readonly processes: number
  /** Sockets that take connections there; 0 where none is to be seen on its host. */
  readonly listeners: number
  /** Why its line is none that can be switched. */
  readonly lineProblem?: string
  readonly poolMode: string
  /** Roles that it pools by session, whatever its own mode is. */
  readonly sessionRoles?: readonly string[]
  /** What its pooler calls itself, with what decides whether it keeps prepared statements for its clients. */
  readonly pooler?: string
  readonly keepsPreparedStatements?: boolean
  /** How long its clients may wait for a statement to begin (`query_wait_timeout`), in seconds; absent where they wait without bound. */
  readonly clientsWaitSeconds?: number
  /** Programs on its host that move addresses to others. */
  readonly movers?: readonly string[]
  /** How full each of its processes is. */
  readonly fullness: readonly Fullness[]
  /** How many connections it may open to the database, all processes and roles together. */
  readonly poolConnections: number
  /** Roles of the application that cannot log in at it, with the reason. */
  readonly refused: readonly { readonly role: string; readonly reason: string }[]
  /** The address of the new side, if it leads to another server from the entry's host. */
  readonly newSideMissed?: string
  /** Clients that no switch leads anywhere, where they connect to the database itself. */
  readonly strangers: readonly Stranger[]
  /** The addresses of those that are looked after there; absent where an entry stands in front. */
  readonly clients?: readonly string[]
  /** Roles that the pg_hba.conf of the new side does not admit from the host its clients come from. */
  readonly notAdmitted: readonly { readonly role: string; readonly reason: string }[]
}

/** What stands around a database that is looked at. */
export interface Surroundings {
  readonly entries?: readonly EntryToLookAt[]
  /** The side that is to serve, whether its database is there or not. */
  readonly target?: DatabasePort
}

/** What is told of an entry, beside how it is called. */
export type EntryFound = Omit<EntryFacts, 'name' | 'place' | 'file' | 'unseen'>

export interface EntryToLookAt {
  readonly name: string
  readonly place: string
  readonly file: string
  /** Whether it is open already: then it is an error if it cannot be looked at. */
  readonly isOpen?: true
  /** @throws if it cannot be reached */
  look(asked: Asked): Promise<EntryFound>
}

/** An entry of which nothing was looked at. */
export const nothingFound = {
  processes: 0,
  listeners: 0,
  pointsTo: '',
  pointsHere: false,
  poolMode: '',
  poolConnections: 0,
  fullness: [],
  others: [],
  refused: [],
  bypassing: [],
  strangers: [],
  notAdmitted: [],
} as const

/** Looks at the entries in front of a database. One that cannot be reached is a finding, not an error. */
export async function entriesFacts(asked: Asked): Promise<readonly EntryFacts[]> {
  const found: EntryFacts[] = []
  for (const entry of asked.around.entries ?? []) {
    const { name, place, file, isOpen } = entry
    const known = { name, place, file }
    try {
      found.push({ ...known, ...(await entry.look(asked)) })
    } catch (error) {
      if (isOpen === true) throw error
      found.push({ ...known, ...nothingFound, unseen: messageOf(error) })
    }
  }
  return found
}
