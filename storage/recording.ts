import { messageOf } from '../domain/errors.ts'
import { OwnDatabaseAwayError } from '../domain/ports/errors.ts'
import { inTransaction, type Pool } from './pool.ts'

/** Since when the database of the product takes nothing, and what it says. */
export interface NotRecording {
  readonly sinceMs: number
  readonly reason: string
}

const keptForMs = 5_000
const triedKiB = 1_024

/** Tries out whether the database takes what is to be recorded: one that answers may be read-only, or its disk full. */
export class Recording {
  private failing: NotRecording | undefined
  private lookedAtMs = 0
  private looking: Promise<NotRecording | undefined> | undefined

  constructor(
    private readonly pool: Pool,
    private readonly now: () => number = Date.now,
  ) {}

  /** Undefined where things are recorded. However often it is asked, the database is asked every five seconds at most. */
  async look(): Promise<NotRecording | undefined> {
    if (this.now() - this.lookedAtMs < keptForMs) return this.failing
    this.looking ??= this.lookAnew().finally(() => {
      this.looking = undefined
    })
    return this.looking
  }

  private async lookAnew(): Promise<NotRecording | undefined> {
    try {
      await this.writeSomething()
      this.failing = undefined
    } catch (error) {
      const cause = error instanceof OwnDatabaseAwayError ? error.cause : error
      this.failing = { sinceMs: this.failing?.sinceMs ?? this.now(), reason: messageOf(cause) }
    }
    this.lookedAtMs = this.now()
    return this.failing
  }

  /** Fresh blocks, since a table may still have room where the disk has none; nothing of them stays. */
  private async writeSomething(): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('create temporary table tried_out (filler text) on commit drop')
      await client.query('alter table tried_out alter filler set storage plain')
      await client.query(`insert into tried_out select repeat('x', 7000) from generate_series(1, $1::int)`, [
        triedKiB / 8,
      ])
    })
  }
}
