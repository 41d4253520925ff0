import pg from 'pg'
import { eventChannel } from './migrations.ts'

/** One change of a move, as the database announces it. */
export interface Announcement {
  readonly migration: string
  readonly sequence: number
  /** Absent if the change is no event. */
  readonly position?: number
}

type Listener = (announcement: Announcement | undefined) => void

const reconnectAfterMs = 1_000

/**
 * Listens for recorded events on a connection of its own. An announcement is only a hint to read, never the content: after a lost
 * connection listeners are called without one, and read what they have missed.
 */
export class EventFeed {
  private readonly listeners = new Set<Listener>()
  private client: pg.Client | undefined
  private retry: NodeJS.Timeout | undefined
  private closed = false

  constructor(private readonly databaseUrl: string) {}

  /** Begins to listen. Rejects if the first connection fails; later losses are repaired automatically. */
  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'qianyun event feed',
      keepAlive: true,
    })
    client.on('notification', ({ payload }) => {
      const [migration = '', sequence, position] = (payload ?? '').split(' ')
      this.tell({
        migration,
        sequence: Number(sequence),
        ...(position === undefined ? {} : { position: Number(position) }),
      })
    })
    client.on('error', () => undefined)
    client.on('end', () => this.reconnect())
    await client.connect()
    await client.query(`listen ${eventChannel}`)
    this.client = client
  }

  /** Calls `listener` for every announcement, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.retry)
    this.listeners.clear()
    await this.client?.end()
  }

  private tell(announcement: Announcement | undefined): void {
    for (const listener of [...this.listeners]) listener(announcement)
  }

  private reconnect(): void {
    if (this.closed) return
    this.client = undefined
    clearTimeout(this.retry)
    this.retry = setTimeout(() => {
      this.open().then(
        () => this.tell(undefined),
        () => this.reconnect(),
      )
    }, reconnectAfterMs)
  }
}
