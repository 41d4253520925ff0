import type { DatabasePort } from '../database.ts'
import type { LoginCheck, OpenEntry, PreparedSwitch } from '../entry/entry.ts'
import { type EntryToLookAt, nothingFound } from '../facts/entry-facts.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { clientsOf } from './clients.ts'
import type { DirectWay } from './direct-entry.ts'
import { checkDirectLogins } from './logins.ts'
import { OpenDirectRest, directName } from './rest-entry.ts'

/**
 * Nothing is paused or pointed: the fence of the database takes no new work from clients, and they go on as soon as the other side is
 * open, wherever their application runs by then.
 */
export class OpenDirect extends OpenDirectRest implements OpenEntry {
  constructor(private readonly way: DirectWay) {
    super()
  }

  async check(_serving: DatabasePort): Promise<void> {
    // Whom the fence refuses is proved in the gap.
  }

  async checkAlone(_sides: { readonly gone: DatabasePort; readonly to: DatabasePort }): Promise<void> {
    // No line leads anywhere.
  }

  async checkLogins(sides: LoginCheck): Promise<void> {
    await checkDirectLogins(this.way, sides)
  }

  async prepareSwitch(): Promise<PreparedSwitch> {
    return { apply: async () => undefined, discard: async () => undefined }
  }

  async preparePause(): Promise<void> {
    // Nothing is paused.
  }

  toLookAt(): EntryToLookAt {
    return {
      name: directName,
      place: '',
      file: '',
      isOpen: true,
      look: async ({ client, port }) => ({
        ...nothingFound,
        pointsHere: true,
        strangers: (await clientsOf(client, port, this.way)).strangers,
      }),
    }
  }

  async assertLeadsTo(_serving: DatabasePort): Promise<void> {
    // Clients know one server each.
  }

  async sessions({ app, port }: ConnectedSide): Promise<readonly number[]> {
    return (await clientsOf(app, port, this.way)).known
  }

  async pause(_timeoutMs: number): Promise<void> {
    // The fence is what clients meet.
  }

  async pauseOrCut(_timeoutMs: number): Promise<void> {
    // The side they know is gone.
  }

  async resume(): Promise<void> {
    // Nobody waits.
  }

  async release(): Promise<void> {
    // An open side is all that clients wait for.
  }

  async leadLatecomers(): Promise<void> {
    // Nothing has parts that could be late.
  }

  async comesElsewhere(_serving: ConnectedSide): Promise<undefined> {
    return undefined
  }
}
