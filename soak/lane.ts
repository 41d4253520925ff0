import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../domain/errors.ts'
import type { PostgresDatabase } from '../families/postgresql/database.ts'
import { type LedgerWriters, nowMs } from '../families/postgresql/rehearsal/ledger-writers.ts'
import { disarm } from '../families/postgresql/replication/stop.ts'
import { type GapPart, gapParts } from '../families/postgresql/switchover/plan.ts'
import { switchOver } from '../families/postgresql/switchover/switch-over.ts'
import { goOn, lostOn } from '../test/support/acknowledged.ts'
import { type AtRest, type Sides, atRest } from '../test/support/faults.ts'
import { type Pair, replicate, startWriters, switchPlan } from '../test/support/postgres-pair.ts'
import { type Blow, chooseBlow } from './blows.ts'
import type { Dice } from './dice.ts'
import type { Network } from './network.ts'
import { type LaneNetworks, openPairs } from './open-pairs.ts'
import { Runner } from './runner.ts'

/** The networks that can be cut: of the runner and the pooler to each side of a switch, and between the servers. */
export interface Networks {
  readonly from: readonly Network[]
  readonly to: readonly Network[]
  readonly replication: readonly Network[]
}

export type Unrest = 'both-open' | 'none-open' | 'replication-dead' | 'stuck'

/** What the switches of one lane came to. */
export interface Found {
  readonly switches: number
  readonly lostWrites: number
  readonly unrest?: Unrest
  readonly gapsMs: readonly number[]
  readonly struckGapsMs: readonly number[]
}

/** From the end of a blow until a pair has to be at rest without anybody's doing. */
const restWithinMs = 45_000
/** Writers without one would take the machine from the servers. */
const writerPauseMs = 10
const switched = 'switched'
const bounds = { deadlineMs: 3_000, pauseTimeoutMs: 1_000, recoverForMs: 60_000, guarded: true } as const

/** One pair of servers with a pooler, and its databases with their writers, switched forth and back at the same time. */
export class Lane {
  private readonly gapsMs: number[] = []
  private readonly struckGapsMs: number[] = []
  private switches = 0

  private constructor(
    /** The pair as each of its databases sees it. */
    private readonly pairs: readonly [Pair, ...Pair[]],
    private readonly networks: LaneNetworks,
    private readonly dice: Dice,
    private readonly say: (line: string) => void,
  ) {}

  private get pair(): Pair {
    return this.pairs[0]
  }

  /** Brings it up, with the first direction of each database replicated. */
  static async open(
    name: string,
    dice: Dice,
    { databases, say }: { readonly databases: number; readonly say: (line: string) => void },
  ): Promise<Lane> {
    const { pairs, networks } = await openPairs(name.replaceAll(' ', '-'), databases)
    return new Lane(pairs, networks, dice, say)
  }

  async close(): Promise<void> {
    for (const network of [...this.networks.own, ...this.networks.replication]) await network.close()
    await this.pair.stop()
  }

  /** Makes so many switches, or fewer once the signal says so; stops at the first thing that is found. */
  async run(count: number, signal: AbortSignal): Promise<Found> {
    let lostWrites = 0
    let unrest: Unrest | undefined
    while (this.switches < count && !signal.aborted && lostWrites === 0 && unrest === undefined) {
      const outcome = await this.oneSwitch()
      if (typeof outcome === 'number') lostWrites = outcome
      else unrest = outcome
    }
    const { switches, gapsMs, struckGapsMs } = this
    return { switches, lostWrites, ...(unrest && { unrest }), gapsMs, struckGapsMs }
  }

  /** One switch of every database, with all that happens around it. Gives the writes that were lost, or what is not at rest. */
  private async oneSwitch(): Promise<number | Unrest> {
    const before = await this.rest()
    if (typeof before === 'string') return before
    this.switches += this.pairs.length
    const all = before.map(({ serving, waiting }) => ({ from: serving, to: waiting }))
    const writers = await Promise.all(this.pairs.map(async (pair) => startWriters(pair, writerPauseMs)))
    const stopAll = async () => Promise.all(writers.map(async (one) => one.stop()))
    try {
      await sleep(200)
      const beganAt = nowMs()
      const struck = this.dice.happens(0.7)
      if (struck) await this.switchUnderABlow(all)
      else if (!(await this.switchInPeace(all))) return 'stuck'
      if (struck) await this.aPersonActs(all)
      const after = await this.rest()
      if (typeof after === 'string') return after
      for (const one of writers) if (!(await goOn(one))) return 'stuck'
      const gapsMs = writers.map((one) => one.longestGapMs(beganAt, nowMs()))
      ;(struck ? this.struckGapsMs : this.gapsMs).push(...gapsMs)
      await stopAll()
      return await this.lost(writers)
    } finally {
      await stopAll()
    }
  }

  /** Whether a switch that nothing struck was made of every database: it has to be. */
  private async switchInPeace(all: readonly Sides[]): Promise<boolean> {
    const outcomes = await Promise.all(all.map(async (sides) => this.switched(sides)))
    const others = outcomes.filter((outcome) => outcome !== switched)
    if (others.length > 0) this.say(`${String(this.switches)}: nothing struck, and yet: ${others.join(', ')}`)
    return others.length === 0
  }

  private async switched({ from, to }: Sides, onPart?: (part: GapPart) => void): Promise<string> {
    const plan = switchPlan(this.pair, from, to, { ...bounds, ...(onPart && { onPart }) })
    // Where nothing was struck there is nothing to expect, and all that is said is wanted.
    const why = (error: unknown) => `${codeOf(error)}: ${messageOf(error)}`
    return switchOver(plan).then(() => switched, onPart === undefined ? why : codeOf)
  }

  private async rest(): Promise<readonly AtRest[] | Unrest> {
    try {
      const all: AtRest[] = []
      for (const pair of this.pairs) all.push(await atRest(pair, restWithinMs))
      return all
    } catch (error) {
      const missing = messageOf(error)
      this.say(missing)
      if (missing.includes('both sides are open')) return 'both-open'
      if (missing.includes('no side is open')) return 'none-open'
      return missing.includes('replication') ? 'replication-dead' : 'stuck'
    }
  }

  /** One of the databases decides the moment, and by its direction which server is struck. */
  private async switchUnderABlow(all: readonly Sides[]): Promise<void> {
    const at = this.dice.happens(0.7) ? this.dice.one(gapParts) : this.dice.between(0, 3_000)
    const healAfterMs = this.dice.between(100, 6_000)
    const sides = this.dice.one(all)
    const others = all.filter((one) => one !== sides).map(async (one) => this.switched(one))
    if (this.dice.happens(0.25)) {
      await this.killTheRunner(sides, at)
      this.sayOthers(await Promise.all(others))
      return
    }
    const [old, neu] = this.networks.own
    const isForth = sides.from.port === this.pair.old.port
    const networks = {
      from: [isForth ? old : neu],
      to: [isForth ? neu : old],
      replication: this.networks.replication,
    }
    const blow = chooseBlow(this.dice, this.pair, sides, networks)
    let healed: Promise<void> | undefined
    const strike = () => {
      healed ??= this.blow(blow, healAfterMs, at)
    }
    const timer = typeof at === 'number' ? setTimeout(strike, at) : undefined
    const outcome = await this.switched(sides, (part) => {
      if (part === at) strike()
    })
    clearTimeout(timer)
    await healed
    this.say(`  ${healed === undefined ? 'ended before the blow' : 'answered'}: ${outcome}`)
    this.sayOthers(await Promise.all(others))
  }

  private sayOthers(outcomes: readonly string[]): void {
    if (outcomes.length > 0) this.say(`  beside it: ${outcomes.join(', ')}`)
  }

  private async blow(blow: Blow, healAfterMs: number, at: GapPart | number): Promise<void> {
    this.say(`${String(this.switches)}: ${blow.name} ${when(at)}, for ${String(healAfterMs)} ms`)
    blow.strike()
    await sleep(healAfterMs)
    await blow.heal()
  }

  private async killTheRunner({ from, to }: Sides, at: GapPart | number): Promise<void> {
    const how = this.dice.one(['kill', 'kill-both', 'freeze'] as const)
    const wakeAfterMs = this.dice.between(500, 8_000)
    const { port: entryPort, databasesFile, adminUser, adminPassword } = this.pair.entry
    let struck = false as boolean
    const strike = () => {
      if (struck) return
      struck = true
      if (how === 'freeze') {
        runner.freeze()
        setTimeout(() => {
          runner.thaw()
        }, wakeAfterMs)
      } else runner.kill(how === 'kill-both')
    }
    const sideOf = ({ called, port: number, database }: PostgresDatabase) => ({
      role: called === 'source' ? ('source' as const) : ('target' as const),
      port: number,
      database,
    })
    const runner = new Runner(
      {
        from: sideOf(from),
        to: sideOf(to),
        entry: { port: entryPort, databasesFile, adminUser, adminPassword },
        bounds,
      },
      (part) => {
        if (part === at) strike()
      },
    )
    if (typeof at === 'number') setTimeout(strike, 1_000 + at).unref()
    const names = {
      kill: 'kill -9 of the runner',
      'kill-both': 'kill -9 of the runner and its guardian',
      freeze: 'SIGSTOP of the runner',
    }
    this.say(`${String(this.switches)}: ${names[how]} ${when(at)}`)
    const outcome = await runner.ended
    this.say(`  ended: ${outcome ?? 'done, or killed'}`)
    // Without a guardian nobody else comes.
    if (how === 'kill-both' && struck) await this.retry({ from, to })
  }

  /** What people do when a switch has not gone as it was to. */
  private async aPersonActs(all: readonly Sides[]): Promise<void> {
    if (this.dice.happens(0.4)) {
      await Promise.all(all.map(async (sides) => this.retry(sides)))
      return
    }
    if (this.dice.happens(0.2)) await this.abort(this.dice.one(this.pairs))
  }

  private async retry(sides: Sides): Promise<void> {
    const outcome = await this.switched(sides)
    this.say(`  a person retries: ${outcome}`)
  }

  /** Takes replication down, with the side that serves going on, and sets it up anew. */
  private async abort(pair: Pair): Promise<void> {
    const standing = await atRest(pair, restWithinMs).catch(() => undefined)
    if (standing === undefined) return
    const { serving, waiting } = standing
    // An older server cannot be made to follow a newer one from the start: a move has no abort from there.
    if (serving.port !== pair.old.port) return
    const { entry } = switchPlan(pair, serving, waiting)
    const say = () => undefined
    const outcome = await disarm({
      sides: [serving, waiting],
      closedSide: 'release',
      entry,
      waivers: {},
      say,
    })
      .then(async () => replicate(pair, {}, { replace: true, copyTimeoutMs: 60_000 }))
      .then(() => 'replicated anew', codeOf)
    this.say(`  a person aborts: ${outcome}`)
  }

  private async lost(writers: readonly LedgerWriters[]): Promise<number> {
    let lost = 0
    for (const [at, { source, target }] of this.pairs.entries()) {
      const ofOne = writers[at]
      if (ofOne === undefined) continue
      for (const { port: number, database } of [source, target])
        lost = Math.max(lost, await lostOn(number, ofOne, database))
    }
    if (lost > 0) this.say(`${String(lost)} acknowledged writes are missing`)
    return lost
  }
}

function when(at: GapPart | number): string {
  return typeof at === 'number' ? `${String(at)} ms after the beginning` : `at part "${at}"`
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
