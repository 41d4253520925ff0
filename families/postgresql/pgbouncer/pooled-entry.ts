import { type DatabasePort, opened } from '../database.ts'
import type { BesideEntry, Entered, Entry, OpenEntry, Pair } from '../entry/entry.ts'
import { probing } from '../entry/probing.ts'
import type { EntryDuty } from '../entry/duty.ts'
import type { EntryToLookAt } from '../facts/entry-facts.ts'
import { safeClient } from '../server/client.ts'
import type { ConsoleAddress } from './admin.ts'
import { pooledBeside } from './beside.ts'
import { pooledFacts } from './pooled-facts.ts'
import { OpenPooled } from './open-pooled.ts'
import type { Pooler } from './pooler.ts'
import { openConsole } from './rest-entry.ts'
import { settleFile } from './settle-entry.ts'

/** An entry of pgbouncer, which pauses clients and is pointed at the other side. */
export class PooledEntry implements Entry, Pooler {
  readonly name: string
  readonly host: Pooler['host']
  readonly file: string
  readonly console: ConsoleAddress
  readonly login: Pooler['login']

  constructor({ name, host, file, console, login }: Pooler) {
    this.name = name
    this.host = host
    this.file = file
    this.console = console
    this.login = login
  }

  get laidIn(): string {
    const { address, port } = this.console
    return `${address}:${String(port)} ${this.file}`
  }

  async open({ withinMs }: { readonly withinMs?: number } = {}): Promise<OpenEntry> {
    return new OpenPooled(this, await openConsole(this.console, withinMs))
  }

  async settleUnreached(pair: Pair, serving: DatabasePort): Promise<void> {
    await settleFile(this, pair, serving)
  }

  async enter(serving: DatabasePort): Promise<Entered> {
    const { address, port, weakLogin } = this.console
    const client = safeClient(
      {
        host: address,
        port,
        database: this.name,
        user: this.login?.user ?? serving.appRoles[0],
        password: this.login?.password ?? (await serving.appPassword()),
        ...probing,
      },
      { weakLogin },
    )
    return { client: await opened(client), leave: async () => client.end() }
  }

  duty(): EntryDuty {
    return { kind: 'pgbouncer', name: this.name, console: { ...this.console } }
  }

  toLookAt(): EntryToLookAt {
    const { address, port } = this.console
    return {
      name: this.name,
      place: `${address}:${String(port)}`,
      file: this.file,
      look: async (asked) => pooledFacts(asked, this),
    }
  }

  beside(copy: Pair, real: DatabasePort): BesideEntry {
    return pooledBeside(this, copy, real, (pooler) => new PooledEntry(pooler))
  }
}
