import { said } from '../../../domain/words/said.ts'
import type { DatabasePort } from '../database.ts'
import type { GoesOn, Led, LoginCheck, OpenEntry, Pair, PreparedSwitch, Serving } from '../entry/entry.ts'
import { type EntryToLookAt, nothingFound } from '../facts/entry-facts.ts'
import { place } from '../place.ts'
import type { ConnectedSide } from '../server/connections.ts'
import type { Console } from './admin.ts'
import type { EntryTarget } from './databases-file.ts'
import { doorsOf } from './doors.ts'
import { prepareSwitch } from './entry-file.ts'
import { entryLine } from './entry-line.ts'
import { EntryPointsElsewhereError, PoolerProcessLostError, SessionPoolingError } from './errors.ts'
import { countListeners } from './listeners.ts'
import type { PooledEntry } from './pooled-entry.ts'
import { assertReloads } from './reload-check.ts'
import { oldestSessionMs } from './rest-entry.ts'
import { settleEntry } from './settle-entry.ts'
import { sameTarget, targetOf } from './target.ts'
import { checkTargetLogins } from './target-logins.ts'
import { checkWay, comesElsewhere } from './ways.ts'

/** An entry of pgbouncer with the consoles of its processes. */
export class OpenPooled implements OpenEntry {
  constructor(
    private readonly entry: PooledEntry,
    private readonly console: Console,
  ) {}

  async close(): Promise<void> {
    await this.console.close()
  }

  /** Whoever can write the file sets the target by the sides. */
  async leadsTo(_pair: Pair): Promise<undefined> {
    return undefined
  }

  async settle(serving: Serving, goesOn: GoesOn): Promise<void> {
    await settleEntry(this.entry, this.console, serving, goesOn)
  }

  async wentOnMsAgo(serving: ConnectedSide, withinMs: number): Promise<number> {
    return oldestSessionMs(this.entry, this.console, serving, withinMs)
  }

  async check(serving: DatabasePort): Promise<void> {
    const { entry, console } = this
    await this.checkProcesses()
    const line = await entryLine(entry.host, entry.file, entry.name, targetOf(serving))
    const running = await console.look(entry.name)
    if (running.poolMode === 'session') throw new SessionPoolingError(entry.name)
    for (const found of [running, line]) this.assertSame(found, serving)
    await assertReloads(entry.host, entry.file, console, entry.name)
  }

  async checkAlone({ gone, to }: { readonly gone: DatabasePort; readonly to: DatabasePort }): Promise<void> {
    const { host, file, name } = this.entry
    const found = await entryLine(host, file, name, targetOf(to))
    if (![gone, to].some((one) => sameTarget(found, targetOf(one))))
      throw new EntryPointsElsewhereError(name, place({ ...found, address: found.host }), place(gone))
    await assertReloads(host, file, this.console, name)
  }

  async checkLogins(sides: LoginCheck): Promise<void> {
    const { entry, console } = this
    const { from, to, say } = sides
    const way = { entry, console, say }
    // Before the logins, which would be refused by another server in words of its own.
    const asked = await checkWay(way, to.port)
    await checkTargetLogins(entry, console, sides)
    // By then the pooler has looked the name up itself.
    await checkWay(way, to.port, asked)
    await checkWay(way, from.port)
  }

  async prepareSwitch(to: DatabasePort, besides: readonly Led[]): Promise<PreparedSwitch> {
    const { host, file, name } = this.entry
    const all = [{ name, to }, ...besides]
    return prepareSwitch(
      host,
      file,
      all.map((one) => ({ name: one.name, target: targetOf(one.to) })),
    )
  }

  async preparePause(): Promise<void> {
    await this.console.preparePause()
  }

  toLookAt(): EntryToLookAt {
    const { name } = this.entry
    return {
      ...this.entry.toLookAt(),
      isOpen: true,
      look: async (asked) => ({ ...nothingFound, ...(await doorsOf(asked, name, this.console)) }),
    }
  }

  async assertLeadsTo(serving: DatabasePort): Promise<void> {
    this.assertSame(await this.console.look(this.entry.name), serving)
  }

  async sessions(_serving: ConnectedSide): Promise<readonly number[]> {
    return this.console.serverPids(this.entry.name)
  }

  async pause(timeoutMs: number): Promise<void> {
    await this.console.pause(this.entry.name, timeoutMs)
  }

  async pauseOrCut(timeoutMs: number): Promise<void> {
    await this.console.pauseOrKill(this.entry.name, timeoutMs)
  }

  async resume(): Promise<void> {
    await this.console.resume(this.entry.name)
  }

  /** Both commands are sent without waiting in between. */
  async release(): Promise<void> {
    await Promise.all([this.console.reload(), this.console.resume(this.entry.name)])
  }

  /** Processes of the pooler that started during the gap have read the old file. */
  async leadLatecomers(): Promise<void> {
    const before = this.console.processes
    await this.console.preparePause()
    if (this.console.processes > before) await this.release()
  }

  async comesElsewhere(serving: ConnectedSide, say: (line: string) => void): Promise<string | undefined> {
    return comesElsewhere({ entry: this.entry, console: this.console, say }, serving)
  }

  /** Checks that the console reaches every process that takes clients. */
  private async checkProcesses(): Promise<void> {
    const { entry, console } = this
    await console.assertAllAnswer()
    const { address, port } = entry.console
    const listeners = await countListeners(entry.host, address, port)
    if (listeners > console.processes)
      throw new PoolerProcessLostError(
        `${address}:${String(port)}`,
        console.processes,
        said('cause-others-listen', { count: listeners }),
      )
  }

  private assertSame(found: EntryTarget, serving: DatabasePort): void {
    if (sameTarget(found, targetOf(serving))) return
    throw new EntryPointsElsewhereError(
      this.entry.name,
      place({ ...found, address: found.host }),
      place(serving),
    )
  }
}
