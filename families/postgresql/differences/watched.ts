import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import { findState } from '../server/control.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { compareSides } from './compare.ts'
import { objectOf } from './difference.ts'
import { type Fenced, readFenced } from './fenced.ts'
import type { Fingerprint } from './fingerprint.ts'

/**
 * The differences of a pair that is looked at again and again. A look brings both fingerprints, which cost milliseconds; the
 * sides are compared in full only when one of them is not what it was, beside the looks, so that none of them waits for it:
 * the look after the change begins the comparison, the next one has its answer.
 */
export class WatchedDifferences {
  private seen: string | undefined
  private found: readonly string[] = []
  private comparing: Promise<void> | undefined

  constructor(
    private readonly serving: DatabasePort,
    private readonly following: DatabasePort,
  ) {}

  /**
   * Takes a look's fingerprints, and gives the names of what differs as far as that is known; none while nothing is. A
   * comparison that failed is begun again by the next look.
   */
  async look(serving: Fingerprint, following: Fingerprint, patienceMs: number): Promise<readonly string[]> {
    const now = JSON.stringify([serving, following])
    if (now !== this.seen) {
      this.comparing ??= this.compare(now).finally(() => {
        this.comparing = undefined
      })
      await Promise.race([this.comparing, sleep(patienceMs, undefined, { ref: false })])
    }
    return this.found
  }

  /** Resolves when no comparison is under way. */
  async settled(): Promise<void> {
    await this.comparing
  }

  private async compare(now: string): Promise<void> {
    try {
      const [left, right] = await Promise.all([this.serving, this.following].map(sideOf))
      if (left === undefined || right === undefined) return
      const mayDiffer = new Set(left.leftDifferent)
      const differences = await compareSides(left, right)
      this.found = differences.map(objectOf).filter((name) => !mayDiffer.has(name))
      this.seen = now
    } catch {
      // A side that does not answer is a finding of the look itself.
    }
  }
}

interface WatchedSide {
  readonly port: DatabasePort
  readonly fenced: Fenced
  /** What the switch that opened it left different, by waiver. */
  readonly leftDifferent: readonly string[]
}

async function sideOf(port: DatabasePort): Promise<WatchedSide> {
  return withClient(
    port,
    'way-back',
    async (control) => {
      const fenced = await readFenced(control, port.database)
      const left = (await findState(control, port.database))?.lastSwitch?.['leftDifferent']
      return {
        port,
        fenced,
        leftDifferent: Array.isArray(left)
          ? left.filter((one): one is string => typeof one === 'string')
          : [],
      }
    },
    controlDatabase,
  )
}
