import { setTimeout as sleep } from 'node:timers/promises'
import type { ParsedVerify, Tally, Verdict } from './messages.ts'
import { type Journal, nowMs, type Span } from './journal.ts'

/** How one write ended, as far as its client can know. */
export type Outcome = 'acknowledged' | 'ambiguous' | 'refused'

/** What kinds of writer have in common: clients that write in turns, and what they were told. */
export abstract class Writer<Key> {
  private readonly trouble: { readonly atMs: number; readonly key: Key; readonly outcome: Outcome }[] = []
  private readonly marks = new Map<string, number>()
  private state: 'writing' | 'paused' | 'stopped' = 'writing'
  private underWay = 0
  private readonly loops: Promise<void>[] = []
  private ended: Promise<void> | undefined

  protected constructor(protected readonly journal: Journal<Key>) {}

  /** Makes one client's next write; notes it in the journal itself when acknowledged. */
  protected abstract write(client: number, round: number): Promise<void>
  /** Gives, by place, the keys of `wanted` that are missing there. */
  protected abstract findMissing(
    wanted: readonly Key[],
    verify: ParsedVerify,
  ): Promise<ReadonlyMap<string, Key[]>>
  protected abstract describeKey(key: Key): string
  protected abstract release(): Promise<void>

  start(clients: number, pauseMs: number): void {
    for (let client = 0; client < clients; client += 1) this.loops.push(this.keepWriting(client, pauseMs))
  }

  mark(name: string, atMs = nowMs()): void {
    this.marks.set(name, atMs)
  }

  /** Holds the clients; resolved when the writes under way are through. */
  async pause(): Promise<void> {
    if (this.state === 'writing') this.state = 'paused'
    while (this.underWay > 0) await sleep(5)
  }

  resume(): void {
    if (this.state === 'paused') this.state = 'writing'
  }

  /** Ends after the writes under way are through. */
  stop(): Promise<void> {
    this.state = 'stopped'
    this.ended ??= Promise.all(this.loops)
      .then(() => this.release())
      .then(() => this.journal.close())
    return this.ended
  }

  tally(range: Range): Tally {
    const span = this.spanOf(range)
    return {
      ackedWrites: this.journal.keysWithin(span).length,
      ambiguousWrites: this.troubleWithin(span, 'ambiguous').length,
      refusedWrites: this.troubleWithin(span, 'refused').length,
      writeGapMs: round(this.journal.longestGapMs(span)),
      sinceLastAckMs: round(nowMs() - this.journal.lastAcknowledgedAtMs),
      spanMs: round(span.toMs - span.fromMs),
    }
  }

  /** Looks every acknowledged write of a span up where it has to be. */
  async verify(verify: ParsedVerify): Promise<Verdict> {
    const span = this.spanOf(verify)
    const acknowledged = this.journal.keysWithin(span)
    const ambiguous = this.troubleWithin(span, 'ambiguous')
    const missing = await this.findMissing(acknowledged, verify)
    const uncertain = await this.findMissing(ambiguous, { ...verify, sides: [], uploadDirs: {}, settleMs: 0 })
    const lost = new Set([...missing.values()].flat().map((key) => this.describeKey(key)))
    const { ambiguousWrites, refusedWrites, writeGapMs } = this.tally(verify)
    return {
      ackedWrites: acknowledged.length,
      lostWrites: lost.size,
      ambiguousWrites,
      ambiguousCommitted: ambiguous.length - (uncertain.get('entry')?.length ?? 0),
      refusedWrites,
      writeGapMs,
      lostByPlace: Object.fromEntries([...missing].map(([place, keys]) => [place, keys.length])),
      lostExamples: [...lost].slice(0, 20),
    }
  }

  protected note(key: Key, outcome: 'ambiguous' | 'refused', reason: string): void {
    this.trouble.push({ atMs: nowMs(), key, outcome })
    if (outcome === 'ambiguous') this.journal.ambiguous(this.describeKey(key), reason)
  }

  private async keepWriting(client: number, pauseMs: number): Promise<void> {
    for (let round = 0; this.state !== 'stopped';) {
      if (this.state === 'paused') {
        await sleep(20)
        continue
      }
      this.underWay += 1
      await this.write(client, round)
      this.underWay -= 1
      round += 1
      if (pauseMs > 0) await sleep(pauseMs)
    }
  }

  private troubleWithin({ fromMs, toMs }: Span, outcome: Outcome): Key[] {
    return this.trouble
      .filter((one) => one.outcome === outcome && one.atMs > fromMs && one.atMs <= toMs)
      .map((one) => one.key)
  }

  private spanOf({ from, to }: Range): Span {
    return {
      fromMs: from === undefined ? this.journal.startedAtMs : this.markOf(from),
      toMs: to === undefined ? nowMs() : this.markOf(to),
    }
  }

  private markOf(name: string): number {
    const atMs = this.marks.get(name)
    if (atMs === undefined) {
      const known = [...this.marks.keys()].map((mark) => `"${mark}"`).join(', ')
      throw new Error(`The writers have no mark "${name}"; they have ${known === '' ? 'none' : known}`)
    }
    return atMs
  }
}

export interface Range {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

function round(valueMs: number): number {
  return Math.round(valueMs * 10) / 10
}
