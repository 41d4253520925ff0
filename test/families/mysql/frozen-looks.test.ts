import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { QianyunError } from '../../../domain/errors.ts'
import type { LookedAtMove } from '../../../domain/move/watched-move.ts'
import type { Said } from '../../../domain/words/message.ts'
import { bothSides } from '../../../families/mysql/both-sides.ts'
import { MysqlWayBack } from '../../../families/mysql/health.ts'
import { follow } from '../../../families/mysql/replicate/follow.ts'
import type { MysqlSide } from '../../../families/mysql/side.ts'
import { switchOver } from '../../../families/mysql/switch/switch-over.ts'
import {
  makePermits,
  type MariadbPair,
  mariadbSwitchPlan,
  startMariadbPair,
} from '../../support/mariadb-pair.ts'
import type { MariadbServer } from '../../support/mariadb-servers.ts'

let pair: MariadbPair
const move = { migration: 'a-move', plan: { waivers: [] }, switches: [] } as unknown as LookedAtMove
const answersWithinMs = 500

/** Counts logins and questions of both sides, and freezes one as the next is about to reach it. */
class Striker {
  private asked = 0
  readonly source = this.side(pair.source, pair.old)
  readonly target = this.side(pair.target, pair.new)

  constructor(private readonly atQuestion: number) {}

  watcher(): MysqlWayBack {
    return new MysqlWayBack(
      (_move, _dataset, role) => (role === 'source' ? this.source : this.target),
      answersWithinMs,
    )
  }

  get count(): number {
    return this.asked
  }

  private side(side: MysqlSide, server: MariadbServer): MysqlSide {
    const strike = (): void => {
      if (this.asked++ === this.atQuestion) server.freeze()
    }
    const connect: MysqlSide['connect'] = async (options) => {
      strike()
      const session = await side.connect(options)
      const [rows, run] = [session.rows.bind(session), session.run.bind(session)]
      return Object.assign(session, {
        rows: async (sql: string) => (strike(), rows(sql)),
        run: async (sql: string) => (strike(), run(sql)),
      })
    }
    return Object.create(side, { connect: { value: connect } }) as MysqlSide
  }
}

/** Freezes a side at every n-th question of what `look` asks, and sees it end each time. */
async function strikeEach(
  look: (striker: Striker) => Promise<unknown>,
  ends: number,
): Promise<readonly unknown[]> {
  const peace = new Striker(Infinity)
  await look(peace)
  const found: unknown[] = []
  for (let nth = 0; nth < ends; nth++) {
    const striker = new Striker(Math.floor((nth * peace.count) / ends))
    try {
      // Before the side is back: whoever looks ends without it.
      found.push(await look(striker).catch((error: unknown) => error))
    } finally {
      pair.old.thaw()
      pair.new.thaw()
    }
  }
  return found
}

describe('a server of MariaDB that freezes in the middle of a look', () => {
  beforeAll(async () => {
    pair = await startMariadbPair('mariadb-frozen-looks')
    await makePermits(pair)
    const { source: from, target: to } = pair
    const { signal, say } = mariadbSwitchPlan(from, to)
    await follow({ from, to, as: 'pair', waivers: [], signal, say })
  }, 60_000)
  afterAll(async () => pair.stop(), 30_000)

  it('ends that at what leads to the new side, which tells it', async () => {
    const forward = async (striker: Striker): Promise<readonly Said[]> =>
      striker.watcher().lookAfterForward(move, 'database')
    const found = await strikeEach(forward, 6)
    const told = found.map((one) => (one instanceof QianyunError ? one.code : (one as Said[])[0]?.code))
    expect(new Set(told)).toEqual(new Set(['forward-not-looked-at']))
    expect(await forward(new Striker(Infinity))).toEqual([])
  }, 120_000)

  it('ends that at the way back, with the side not reached', async () => {
    const { source, target } = pair
    await switchOver(mariadbSwitchPlan(source, target))
    const back = async (striker: Striker) => striker.watcher().look(move, 'database', Date.now())
    const found = await strikeEach(back, 8)
    for (const one of found) {
      const { reached } = one as Awaited<ReturnType<typeof back>>
      expect(Object.values(reached ?? {}).toSorted()).toEqual([false, true])
    }
    expect(await back(new Striker(Infinity))).toMatchObject({ reached: { old: true, new: true } })
  }, 120_000)

  it('ends that at which side serves, and is said not to answer', async () => {
    const sides = async ({ source, target }: Striker) => bothSides.look(source, target)
    const found = await strikeEach(sides, 2)
    expect(JSON.stringify(found)).toContain('no-answer')
    expect(await sides(new Striker(Infinity))).toMatchObject({ new: 'open' })
  }, 120_000)
})
