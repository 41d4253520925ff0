import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../domain/errors.ts'
import type { PostgresDatabase } from '../families/postgresql/database.ts'
import { type LedgerWriters, nowMs } from '../families/postgresql/rehearsal/ledger-writers.ts'
import { disarm } from '../families/postgresql/replication/stop.ts'
import { type GapPart, gapParts } from '../families/postgresql/switchover/plan.ts'
import { switchOver } from '../families/postgresql/switchover/switch-over.ts'
import { goOn, lostOn } from '../test/support/acknowledged.ts'
import { type AtRest, type Sides, atRest } from '../test/support/faults.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
} from '../test/support/postgres-pair.ts'
import { type Blow, chooseBlow } from './blows.ts'
import type { Dice } from './dice.ts'
import { Network } from './network.ts'
import { addresses, side } from './place.ts'
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
const switched = 'switched'
const bounds = { deadlineMs: 3_000, pauseTimeoutMs: 1_000, recoverForMs: 60_000, guarded: true } as const

/** One pair of servers with a pooler and writers, switched forth and back. */
export class Lane {
  private readonly gapsMs: number[] = []
  private readonly struckGapsMs: number[] = []
  private switches = 0

  private constructor(
    private readonly pair: Pair,
    private readonly networks: {
      readonly own: readonly [Network, Network]
      readonly replication: readonly Network[]
    },
    private readonly dice: Dice,
    private readonly say: (line: string) => void,
  ) {}

  /** Brings it up, with its first direction replicated. */
  static async open(name: string, dice: Dice, say: (line: string) => void): Promise<Lane> {
    const bare = await startPair(name.replaceAll(' ', '-'))
    const pair = { ...bare, source: side('source', bare.old.port), target: side('target', bare.new.port) }
    const [own, replication] = await Promise.all(
      [addresses.own, addresses.replication].map(async (address) =>
        Promise.all([Network.open(address, pair.old.port), Network.open(address, pair.new.port)]),
      ),
    )
    if (own === undefined || replication === undefined) throw new Error('There is no network.')
    const { databasesFile } = pair.entry
    const lines = readFileSync(databasesFile, 'utf8')
    writeFileSync(
      databasesFile,
      lines.replace(`${database} = host=127.0.0.1`, `${database} = host=${addresses.own}`),
    )
    const console = await pair.entry.admin()
    await console.query('reload')
    await console.end()
    await makeApplication(pair)
    await replicate(pair)
    return new Lane(pair, { own, replication }, dice, say)
  }

  async close(): Promise<void> {
    for (const network of [...this.networks.own, ...this.networks.replication]) await network.close()
    await this.pair.stop()
  }

  /** Makes so many switches, or stops at the first thing that is found. */
  async run(count: number): Promise<Found> {
    let lostWrites = 0
    let unrest: Unrest | undefined
    while (this.switches < count && lostWrites === 0 && unrest === undefined) {
      const outcome = await this.oneSwitch()
      if (typeof outcome === 'number') lostWrites = outcome
      else unrest = outcome
    }
    const { switches, gapsMs, struckGapsMs } = this
    return { switches, lostWrites, ...(unrest && { unrest }), gapsMs, struckGapsMs }
  }

  /** One switch with all that happens around it. Gives the writes that were lost, or what is not at rest afterwards. */
  private async oneSwitch(): Promise<number | Unrest> {
    const before = await this.rest()
    if (typeof before === 'string') return before
    this.switches += 1
    const sides = { from: before.serving, to: before.waiting }
    const writers = await startWriters(this.pair)
    try {
      await sleep(200)
      const beganAt = nowMs()
      const struck = this.dice.happens(0.7)
      if (struck) await this.switchUnderABlow(sides)
      else if (!(await this.switchInPeace(sides))) return 'stuck'
      if (struck) await this.aPersonActs(sides)
      const after = await this.rest()
      if (typeof after === 'string') return after
      if (!(await goOn(writers))) return 'stuck'
      ;(struck ? this.struckGapsMs : this.gapsMs).push(writers.longestGapMs(beganAt, nowMs()))
      await writers.stop()
      return await this.lost(writers)
    } finally {
      await writers.stop()
    }
  }

  /** Whether a switch that nothing struck was made: it has to be. */
  private async switchInPeace({ from, to }: Sides): Promise<boolean> {
    const outcome = await switchOver(switchPlan(this.pair, from, to, bounds)).then(() => switched, codeOf)
    if (outcome !== switched) this.say(`${String(this.switches)}: nothing struck, and yet: ${outcome}`)
    return outcome === switched
  }

  private async rest(): Promise<AtRest | Unrest> {
    try {
      return await atRest(this.pair, restWithinMs)
    } catch (error) {
      const missing = messageOf(error)
      this.say(missing)
      if (missing.includes('both sides are open')) return 'both-open'
      if (missing.includes('no side is open')) return 'none-open'
      return missing.includes('replication') ? 'replication-dead' : 'stuck'
    }
  }

  private async switchUnderABlow(sides: Sides): Promise<void> {
    const at = this.dice.happens(0.7) ? this.dice.one(gapParts) : this.dice.between(0, 3_000)
    const healAfterMs = this.dice.between(100, 6_000)
    if (this.dice.happens(0.25)) return this.killTheRunner(sides, at)
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
    const outcome = await switchOver(
      switchPlan(this.pair, sides.from, sides.to, {
        ...bounds,
        onPart: (part) => {
          if (part === at) strike()
        },
      }),
    ).then(() => switched, codeOf)
    clearTimeout(timer)
    await healed
    this.say(`  ${healed === undefined ? 'ended before the blow' : 'answered'}: ${outcome}`)
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
    const sideOf = ({ role, port: number }: PostgresDatabase) => ({
      role: role === 'source' ? ('source' as const) : ('target' as const),
      port: number,
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
  private async aPersonActs(sides: Sides): Promise<void> {
    if (this.dice.happens(0.4)) return this.retry(sides)
    if (this.dice.happens(0.2)) await this.abort()
  }

  private async retry({ from, to }: Sides): Promise<void> {
    const outcome = await switchOver(switchPlan(this.pair, from, to, bounds)).then(() => switched, codeOf)
    this.say(`  a person retries: ${outcome}`)
  }

  /** Takes replication down, with the side that serves going on, and sets it up anew. */
  private async abort(): Promise<void> {
    const standing = await this.rest()
    if (typeof standing === 'string') return
    const { serving, waiting } = standing
    // An older server cannot be made to follow a newer one from the start: a move has no abort from there.
    if (serving.port !== this.pair.old.port) return
    const { entry } = switchPlan(this.pair, serving, waiting)
    const say = () => undefined
    const outcome = await disarm({
      sides: [serving, waiting],
      closedSide: 'release',
      entry,
      waivers: {},
      say,
    })
      .then(async () => replicate(this.pair, {}, { replace: true, copyTimeoutMs: 60_000 }))
      .then(() => 'replicated anew', codeOf)
    this.say(`  a person aborts: ${outcome}`)
  }

  private async lost(writers: LedgerWriters): Promise<number> {
    let lost = 0
    for (const { port: number } of [this.pair.old, this.pair.new])
      lost = Math.max(lost, await lostOn(number, writers))
    if (lost > 0) this.say(`${String(lost)} acknowledged writes are missing`)
    return lost
  }
}

function when(at: GapPart | number): string {
  return typeof at === 'number' ? `${String(at)} ms after the beginning` : `at part "${at}"`
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
