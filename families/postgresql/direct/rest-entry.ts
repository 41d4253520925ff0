import type { DatabasePort } from '../database.ts'
import type { GoesOn, OpenRestEntry, Pair, RestEntry, Serving } from '../entry/entry.ts'
import { type ConnectedSide, oneRow } from '../server/connections.ts'

/** The name of a way with nothing on it, as plans have it. */
export const directName = 'none'

/** Clients that connect to the servers themselves: they go on as soon as a side is open, and nothing else is to be put right. */
export class DirectRestEntry implements RestEntry {
  readonly name = directName

  async open(): Promise<OpenRestEntry> {
    return new OpenDirectRest()
  }

  async settleUnreached(_pair: Pair, _serving: DatabasePort): Promise<void> {
    // It is always reached.
  }
}

export class OpenDirectRest implements OpenRestEntry {
  async close(): Promise<void> {
    // Nothing was opened.
  }

  /** The sides alone decide which of them serves. */
  async leadsTo(_pair: Pair): Promise<undefined> {
    return undefined
  }

  async settle({ justOpened }: Serving, goesOn: GoesOn): Promise<void> {
    await goesOn(justOpened)
  }

  /** The side was opened then, or has been open all the time. */
  async wentOnMsAgo({ control, port }: ConnectedSide, withinMs: number): Promise<number> {
    const { ms } = await oneRow<{ ms: number }>(
      control,
      `select (extract(epoch from clock_timestamp() - changed_at) * 1000)::float8 as ms
         from cutover_state where database = $1`,
      [port.database],
    )
    return Math.max(0, Math.min(ms, withinMs))
  }
}
