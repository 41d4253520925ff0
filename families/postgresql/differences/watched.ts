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
 * The differences of a pair that is measured repeatedly. Each measurement brings both fingerprints, which cost milliseconds. Only after a
 * change the sides are compared in full. A measurement waits for this comparison for a limited time; if that is over, it returns the
 * differences known before, and a later measurement has the result.
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
   * Takes the fingerprints of a measurement, and returns the names of the known differences. After a change it waits at most
   * `patienceMs` for the comparison. The next measurement repeats a comparison that failed.
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

  /** Resolves once no comparison is under way. */
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
      // The measurement itself reports a side that does not answer.
    }
  }
}

interface WatchedSide {
  readonly port: DatabasePort
  readonly fenced: Fenced
  /** What the switch that opened the side left different, by waiver. */
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
