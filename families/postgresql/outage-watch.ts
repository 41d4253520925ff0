import type pg from 'pg'
import type { Waivers } from '../../domain/plan/waiving.ts'
import { fitting } from './census/waivers.ts'
import type { DatabasePort } from './database.ts'
import { type OutageFacts, lastsMs, outageFacts } from './facts/outage-facts.ts'
import { outageNotSurvived } from './rules/outage-not-survived.ts'
import { endClient, openClient } from './server/connections.ts'
import { keepLogLook } from './server/log-rate.ts'

/** What is left of the outage that the log of a side survives. */
export interface OutageLeft {
  readonly leftMs: number
  readonly neededMs: number
}

const lookEveryMs = 60_000

/** Knows the disks and the log of a server from looks of its own, a minute apart: a host that does not answer delays no other look. */
export class OutageWatch {
  private found: OutageFacts | undefined
  private nextAtMs = 0
  private looking: Promise<void> | undefined

  constructor(private readonly port: DatabasePort) {}

  /** What is left, with `keptBytes` more for the slot; undefined while that is not known, and where the log does not grow. */
  left(keptBytes: number | undefined, waivers: Waivers): OutageLeft | undefined {
    this.lookAgain()
    if (this.found === undefined || isWaived(this.port, waivers)) return undefined
    const { logFreeBytes, logBytesPerSecond, toSurviveMs: neededMs } = this.found
    const bytes = Math.min(keptBytes ?? Infinity, logFreeBytes ?? Infinity)
    const leftMs = lastsMs(bytes, logBytesPerSecond)
    return leftMs === undefined || !Number.isFinite(leftMs) ? undefined : { leftMs, neededMs }
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    await this.looking
  }

  private lookAgain(): void {
    if (this.looking !== undefined || Date.now() < this.nextAtMs) return
    this.nextAtMs = Date.now() + lookEveryMs
    this.looking = this.look()
      .catch(() => undefined)
      .finally(() => {
        this.looking = undefined
      })
  }

  private async look(): Promise<void> {
    await keepLogLook(this.port).catch(() => undefined)
    let client: pg.Client | undefined
    try {
      client = await openClient(this.port, 'way-back')
      await client.query(`set statement_timeout = '10s'`)
      this.found = await outageFacts(client, this.port)
    } finally {
      await endClient(client)
    }
  }
}

function isWaived({ address, port }: DatabasePort, waivers: Waivers): boolean {
  return fitting({ waivers })(outageNotSurvived.id, `${address}:${String(port)}`) !== undefined
}
