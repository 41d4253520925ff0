import type { HostPort } from '../../../runner/steps/kind.ts'
import { type DatabasePort, opened } from '../database.ts'
import type { BesideEntry, Door, Entered, Entry, OpenEntry, Pair } from '../entry/entry.ts'
import type { EntryDuty } from '../entry/duty.ts'
import { probing } from '../entry/probing.ts'
import type { EntryToLookAt } from '../facts/entry-facts.ts'
import { safeClient } from '../server/client.ts'
import { enterFrom } from '../server/host-login.ts'
import { directFacts } from './direct-facts.ts'
import { OpenDirect } from './open-direct.ts'
import { DirectRestEntry } from './rest-entry.ts'

/** Where clients come from that connect to the servers themselves. */
export interface DirectWay {
  /** Addresses, as the servers see them: those of everybody who is looked after. */
  readonly clients: readonly string[] | 'all'
  /** The hosts of the applications of a side, by what the side is called. */
  readonly hostsOf: (called: string) => readonly ClientHost[]
}

export interface ClientHost {
  readonly name: string
  readonly host: HostPort
}

/** The way of clients that connect to the servers themselves: each application to the server of its side. */
export class DirectEntry extends DirectRestEntry implements Entry {
  constructor(private readonly way: DirectWay) {
    super()
  }

  override async open(): Promise<OpenEntry> {
    return new OpenDirect(this.way)
  }

  /** From a host of the application, which pg_hba.conf admits; from here where that host has nothing to connect with, or none is known. */
  async enter(serving: DatabasePort): Promise<Entered> {
    const login = { user: serving.appRoles[0] ?? '', password: await serving.appPassword() }
    for (const { host } of this.way.hostsOf(serving.called).slice(0, 1)) {
      const answer = await enterFrom(host, serving, { ...login, tls: 'preferred', session: probing })
      if (answer === 'no-program') break
      if ('client' in answer) return answer
      throw new Error(answer.message)
    }
    const { address: host, port, database, weakLogin, tls } = serving
    const client = safeClient({ ...login, host, port, database, ...probing }, { weakLogin, tls })
    return { client: await opened(client), leave: async () => client.end() }
  }

  duty(): EntryDuty {
    return { kind: 'none' }
  }

  toLookAt(): EntryToLookAt {
    const { name, way } = this
    return { name, place: '', file: '', look: async (asked) => directFacts(asked, way) }
  }

  /** The writers of a rehearsal log in as the copy's own role, from here: no line of pg_hba.conf names it for the hosts of the application. */
  beside(copy: Pair, _real: DatabasePort): BesideEntry {
    return {
      entry: async () => new DirectEntry({ clients: 'all', hostsOf: () => [] }),
      doors: async () => Promise.all([copy.from, copy.to].map(doorOf)),
      lay: async () => undefined,
      assertNobodys: async () => undefined,
      clear: async () => undefined,
    }
  }
}

async function doorOf(side: DatabasePort): Promise<Door> {
  const { address, port, database, weakLogin, tls, appRoles } = side
  return {
    address,
    port,
    database,
    weakLogin,
    tls,
    user: appRoles[0] ?? '',
    password: await side.appPassword(),
  }
}
