import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import type { EntryToLookAt } from '../facts/entry-facts.ts'
import type { LoginSafety } from '../server/client.ts'
import type { ConnectedSide } from '../server/connections.ts'
import type { SideState } from '../server/control.ts'
import type { EntryDuty } from './duty.ts'

/** Both sides of a pair. A rollback swaps them. */
export interface Pair {
  readonly from: DatabasePort
  readonly to: DatabasePort
}

/** Where clients log in, and as whom. */
export interface Door extends LoginSafety {
  readonly address: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}

/** A session that came the way of clients. */
export interface Entered {
  readonly client: pg.Client
  readonly leave: () => Promise<void>
}

/** A side that is to serve, and the pair it is of. */
export interface Serving {
  readonly pair: Pair
  readonly serving: DatabasePort
  /** Whether the side was closed until now. */
  readonly justOpened: boolean
}

/** Called as soon as clients go on; `waited`: whether they could not until now. */
export type GoesOn = (waited: boolean) => Promise<void>

/** The way clients take to a database, as far as a pair is brought to rest with it: a guardian reaches no host. */
export interface RestEntry {
  /** What people know it by. */
  readonly name: string
  /** @throws if it does not answer */
  open(options?: { readonly withinMs?: number }): Promise<OpenRestEntry>
  /** Sets right what it will read when it answers again. */
  settleUnreached(pair: Pair, serving: DatabasePort): Promise<void>
}

/** The connections with which a pair is brought to rest. */
export interface OpenRestEntry {
  close(): Promise<void>
  /** The side that clients are led to, if that decides which side serves; undefined if the sides alone decide. */
  leadsTo(pair: Pair): Promise<'from' | 'to' | undefined>
  /** Leads clients to the side that serves, and lets them go on. Harmless when they do already. */
  settle(serving: Serving, goesOn: GoesOn): Promise<void>
  /** How long ago, at most, clients that have gone on already did so; less than `withinMs`. */
  wentOnMsAgo(serving: ConnectedSide, withinMs: number): Promise<number>
}

/**
 * The way clients take to their database, with all that a switch asks of it. What stands there differs (a pooler, nothing at all); the
 * switch itself does not.
 */
export interface Entry extends RestEntry {
  /** Where it lies, if anything leads its clients: entries that lie in one place are changed at once. */
  readonly laidIn?: string
  open(options?: { readonly withinMs?: number }): Promise<OpenEntry>
  /** Logs in as the application does, on the way its clients take while this side serves. */
  enter(serving: DatabasePort): Promise<Entered>
  /** What a guardian needs to open it. */
  duty(): EntryDuty
  /** What is looked at before a switch, and as a system is assessed. */
  toLookAt(): EntryToLookAt
  /** A way to a copy beside the real database. */
  beside(copy: Pair, real: DatabasePort): BesideEntry
}

/** An entry by its name, and where it is to lead. */
export interface Led {
  readonly name: string
  readonly to: DatabasePort
}

/** All connections to an entry that a switch needs, opened before any client waits. */
export interface OpenEntry extends OpenRestEntry {
  /** Refuses an entry whose clients would not follow a switch away from the side that serves. */
  check(serving: DatabasePort): Promise<void>
  /** The same, before one side is opened without the other. */
  checkAlone(sides: { readonly gone: DatabasePort; readonly to: DatabasePort }): Promise<void>
  /** Tries the logins of clients on the side `to`, which is closed, on the way they will take. */
  checkLogins(sides: LoginCheck): Promise<void>
  /** Prepares what `PreparedSwitch.apply` only has to put into place, for the entries `besides` that lie in the same place as well. */
  prepareSwitch(to: DatabasePort, besides: readonly Led[]): Promise<PreparedSwitch>
  /** Opens what a pause needs, so that no client waits for that. */
  preparePause(): Promise<void>
  /** Whoever comes to the database past this entry, found in milliseconds. */
  toLookAt(): EntryToLookAt
  /** Refuses an entry that leads elsewhere than the running switch expects. */
  assertLeadsTo(serving: DatabasePort): Promise<void>
  /** The server processes of its sessions on the side that serves. */
  sessions(serving: ConnectedSide): Promise<readonly number[]>
  /** Takes no new work from clients, and waits for what is under way. @throws PauseTimedOutError, after which clients go on */
  pause(timeoutMs: number): Promise<void>
  /** The same where the server may be gone: clients that still wait for it are cut off. */
  pauseOrCut(timeoutMs: number): Promise<void>
  /** Lets clients go on, wherever they are led. */
  resume(): Promise<void>
  /** Lets clients go on at the side that a prepared switch leads to. */
  release(): Promise<void>
  /** Leads those parts of the entry that came during the gap. */
  leadLatecomers(): Promise<void>
  /** The server that clients have come to after a switch, where it is not the one that serves. */
  comesElsewhere(serving: ConnectedSide, say: (line: string) => void): Promise<string | undefined>
}

/** The sides whose logins are tried. */
export interface LoginCheck {
  readonly from: ConnectedSide
  readonly to: ConnectedSide
  /** The state of the side `to`. */
  readonly state: SideState
  readonly say: (line: string) => void
}

/** A change of the entry that waits to be put into place. */
export interface PreparedSwitch {
  apply(): Promise<void>
  /** Removes what was prepared; what was put into place stays. */
  discard(): Promise<void>
}

/** A way to a copy of a database, for as long as the copy is there. */
export interface BesideEntry {
  entry(): Promise<Entry>
  /** Where the writers of a rehearsal log in. They try one after another. */
  doors(): Promise<readonly Door[]>
  lay(): Promise<void>
  /** Refuses what lies there under the same name, for whoever has laid nothing. */
  assertNobodys(): Promise<void>
  /** Harmless when nothing was laid. */
  clear(): Promise<void>
}
