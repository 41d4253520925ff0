import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { ApiContext, WithStores } from '../context.ts'
import { securityHeaders } from './security-headers.ts'
import { organisationSeenBy, sees, type Viewer } from '../use-cases/visibility.ts'

const heartbeatMs = 15_000

/** A token that is taken away is noticed at the next news or heartbeat, and asked for no oftener than this. */
const admittedForMs = 2_000

/**
 * Tells one client which moves have changed, from a position on, in order and without gaps: an announcement only wakes
 * the stream up, what it sends it reads. The id of each message is its event's position, so that a client that comes back
 * goes on where it was. What has changed the client reads where it may.
 */
export class EventStream {
  private readonly visible = new Map<string, boolean>()
  private wake: () => void = () => undefined
  private hasNews = true
  private admittedUntilMs = Date.now() + admittedForMs
  /** Moves of which something else than an event has changed. */
  private readonly changed = new Set<string>()

  constructor(
    private readonly context: WithStores<'migrations'> & Pick<ApiContext, 'feed'>,
    private readonly viewer: Viewer,
    private readonly response: ServerResponse,
    private readonly onlyMigration: string | undefined,
    /** Whether the client's token still is that of its account. */
    private readonly isAdmitted: () => Promise<boolean>,
  ) {}

  /** Sends until the client or the server ends the connection, or the client's token is no more. */
  async run(from: number): Promise<void> {
    const { response } = this
    response.writeHead(200, { ...securityHeaders, 'content-type': 'text/event-stream; charset=utf-8' })
    response.write('retry: 1000\n\n')
    response.on('error', () => undefined)
    response.on('close', () => this.wake())
    const forget = this.context.feed.listen((announcement) => {
      if (announcement !== undefined && announcement.position === undefined)
        this.changed.add(announcement.migration)
      this.hasNews = true
      this.wake()
    })
    try {
      for (let position = from; this.isOpen();) {
        this.hasNews = false
        if (Date.now() > this.admittedUntilMs) {
          if (!(await this.isAdmitted())) return
          this.admittedUntilMs = Date.now() + admittedForMs
        }
        position = await this.sendAfter(position)
        await this.sendChanged()
        if (this.isOpen() && !(await this.newsWithin(heartbeatMs))) await this.write(': still here\n\n')
      }
    } catch {
      // The database is away: the client comes back and says where it was.
      response.destroy()
    } finally {
      forget()
      response.end()
    }
  }

  private isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded
  }

  private async sendAfter(from: number): Promise<number> {
    let position = from
    for (;;) {
      const page = await this.context.stores.migrations.placesAfter(position)
      for (const { position: at, migration, sequence } of page) {
        position = at
        if (await this.isFor(migration))
          await this.write(`id: ${at}\ndata: ${JSON.stringify({ migration, sequence })}\n\n`)
        if (!this.isOpen()) return position
      }
      if (page.length === 0) return position
    }
  }

  /** Without an id and never again: a client that comes back reads everything anew. */
  private async sendChanged(): Promise<void> {
    const migrations = [...this.changed]
    this.changed.clear()
    for (const migration of migrations) {
      if (await this.isFor(migration))
        await this.write(`event: changed\ndata: ${JSON.stringify({ migration })}\n\n`)
    }
  }

  /** Who takes part in a move is settled at its launch, so it is asked once. */
  private async isFor(migration: string): Promise<boolean> {
    if (this.onlyMigration !== undefined) return migration === this.onlyMigration
    if (organisationSeenBy(this.viewer) === undefined) return true
    const known = this.visible.get(migration)
    if (known !== undefined) return known
    const move = await this.context.stores.migrations.find(migration)
    const visible = move?.migration === migration && sees(this.viewer, move.plan.organisations)
    this.visible.set(migration, visible)
    return visible
  }

  private async write(text: string): Promise<void> {
    if (this.response.write(text) || !this.isOpen()) return
    await Promise.race([once(this.response, 'drain'), once(this.response, 'close')])
  }

  private async newsWithin(ms: number): Promise<boolean> {
    if (this.hasNews) return true
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    return this.hasNews
  }
}
