import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../domain/errors.ts'
import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import { findState } from '../server/control.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { compareSides } from './compare.ts'
import { objectOf } from './difference.ts'
import { type Fenced, readFenced } from './fenced.ts'
import type { Fingerprint } from './fingerprint.ts'

/** What is known of the differences of a pair. */
export interface KnownDifferences {
  readonly objects: readonly string[]
  /** Why nobody knows whether these are all; absent while both sides are compared as they stand, or were moments ago. */
  readonly unknownBecause?: string
}

/** A comparison that began longer ago says nothing of sides that have changed since. */
const staleAfterMs = 30_000

/**
 * The differences of a pair that is measured repeatedly. Each measurement brings both fingerprints, which cost milliseconds. Only after a
 * change the sides are compared in full. A measurement waits for this comparison for a limited time; if that is over, it returns the
 * differences known before, and a later measurement has the result.
 */
export class WatchedDifferences {
  private seen: string | undefined
  private objects: readonly string[] = []
  private comparedAtMs = 0
  private failure: string | undefined
  private comparing: Promise<void> | undefined

  constructor(
    private readonly serving: DatabasePort,
    private readonly following: DatabasePort,
  ) {}

  /**
   * Takes the fingerprints of a measurement. After a change it waits at most `patienceMs` for the comparison. The next
   * measurement repeats a comparison that failed.
   */
  async look(serving: Fingerprint, following: Fingerprint, patienceMs: number): Promise<KnownDifferences> {
    const now = JSON.stringify([serving, following])
    if (now !== this.seen) {
      this.comparing ??= this.compare(now).finally(() => {
        this.comparing = undefined
      })
      await Promise.race([this.comparing, sleep(patienceMs, undefined, { ref: false })])
    }
    const { objects, failure } = this
    if (now === this.seen) return { objects }
    if (failure !== undefined) return { objects, unknownBecause: failure }
    return Date.now() - this.comparedAtMs < staleAfterMs
      ? { objects }
      : { objects, unknownBecause: 'the comparison is under way' }
  }

  /** Resolves once no comparison is under way. */
  async settled(): Promise<void> {
    await this.comparing
  }

  private async compare(now: string): Promise<void> {
    const beganAtMs = Date.now()
    try {
      const [left, right] = await Promise.all([sideOf(this.serving), sideOf(this.following)])
      const mayDiffer = new Set(left.leftDifferent)
      const differences = await compareSides(left, right)
      this.objects = differences.map(objectOf).filter((name) => !mayDiffer.has(name))
      this.seen = now
      this.comparedAtMs = beganAtMs
      this.failure = undefined
    } catch (error) {
      this.failure = messageOf(error)
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
