import type { Client } from '@temporalio/client'
import { runnerQueue } from '../workflows/migration/messages.ts'

/** A network zone where no runner asks for work. */
export interface ZoneWithoutRunner {
  readonly zone: string
  /** When one asked last; where Temporal knows of none, when that was noticed. */
  readonly sinceMs: number
}

export interface ZoneWatchDeps {
  readonly temporal: Client
  readonly now?: () => number
}

/** TASK_QUEUE_TYPE_ACTIVITY of Temporal's API. */
const activityQueue = 2 as never

/** A runner that waits for work asks anew after a minute at most; Temporal names one that is gone for five. */
const asksWithinMs = 75_000

/** Who only reads is not kept waiting by a Temporal that does not answer. */
const answersWithinMs = 1_500

/** How long an answer is good for: pages ask again and again. */
const freshForMs = 3_000

interface Look {
  readonly atMs: number
  readonly sinceMs: Promise<number | undefined>
}

/** Whether a runner of each zone is there to do what is asked of it. */
export class ZoneWatch {
  private readonly looks = new Map<string, Look>()
  private zones: { readonly atMs: number; readonly found: Promise<readonly string[]> } | undefined

  constructor(private readonly deps: ZoneWatchDeps) {}

  /** Those of the zones that have no runner. Empty while Temporal does not answer: nobody knows then. */
  async withoutRunner(zones: Iterable<string>): Promise<readonly ZoneWithoutRunner[]> {
    const found = await Promise.all(
      [...new Set(zones)].toSorted().map(async (zone) => ({ zone, sinceMs: await this.awaySince(zone) })),
    )
    return found.flatMap(({ zone, sinceMs }) => (sinceMs === undefined ? [] : [{ zone, sinceMs }]))
  }

  /** As `withoutRunner`, of zones that are read: once for all who ask within a moment, since whoever likes may ask for the health. */
  async withoutRunnerOf(read: () => Promise<readonly string[]>): Promise<readonly ZoneWithoutRunner[]> {
    const nowMs = this.deps.now?.() ?? Date.now()
    if (this.zones === undefined || nowMs - this.zones.atMs >= freshForMs) {
      const found = read()
      found.catch(() => (this.zones = undefined))
      this.zones = { atMs: nowMs, found }
    }
    return this.withoutRunner(await this.zones.found)
  }

  /** Whoever asks at the same time is told of one look. */
  private async awaySince(zone: string): Promise<number | undefined> {
    const nowMs = this.deps.now?.() ?? Date.now()
    const before = this.looks.get(zone)
    if (before !== undefined && nowMs - before.atMs < freshForMs) return before.sinceMs
    const sinceMs = this.look(zone, nowMs, before).catch(() => undefined)
    this.looks.set(zone, { atMs: nowMs, sinceMs })
    return sinceMs
  }

  private async look(zone: string, nowMs: number, before: Look | undefined): Promise<number | undefined> {
    const askedAtMs = await this.lastAsked(zone)
    if (nowMs - askedAtMs <= asksWithinMs) return undefined
    return askedAtMs || ((await before?.sinceMs) ?? nowMs)
  }

  /** When a runner of the zone asked for work last; 0 where Temporal knows of none. */
  private async lastAsked(zone: string): Promise<number> {
    const { connection, options } = this.deps.temporal
    const { pollers } = await connection.withDeadline(Date.now() + answersWithinMs, async () =>
      connection.workflowService.describeTaskQueue({
        namespace: options.namespace,
        taskQueue: { name: runnerQueue(zone) },
        taskQueueType: activityQueue,
      }),
    )
    return Math.max(0, ...pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000))
  }
}
