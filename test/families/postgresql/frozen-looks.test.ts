import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { QianyunError } from '../../../domain/errors.ts'
import type { LookedAtMove } from '../../../domain/move/watched-move.ts'
import type { Said } from '../../../domain/words/message.ts'
import type { DatabasePort } from '../../../families/postgresql/database.ts'
import { PostgresWayBack } from '../../../families/postgresql/health.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { type Pair, makeApplication, replicate, startPair, switchPlan } from '../../support/postgres-pair.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair('frozen-looks')
  await makeApplication(pair)
  await replicate(pair)
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

const move = { migration: 'a-move', plan: { waivers: [] }, switches: [] } as unknown as LookedAtMove
const answersWithinMs = 500

/** Counts what is asked of both sides, and freezes one as a question is about to be sent to it. */
class Striker {
  private asked = 0

  constructor(private readonly atQuestion: number) {}

  watcher(): PostgresWayBack {
    const sides = { source: this.side(pair.source, pair.old), target: this.side(pair.target, pair.new) }
    return new PostgresWayBack(
      (_move, _dataset, role) => sides[role === 'source' ? role : 'target'],
      answersWithinMs,
    )
  }

  get count(): number {
    return this.asked
  }

  private side(port: DatabasePort, server: Pair['old']): DatabasePort {
    const connect: DatabasePort['connect'] = async (options) => {
      const client = await port.connect(options)
      const query = client.query.bind(client) as (...args: unknown[]) => unknown
      const counted = (...args: unknown[]): unknown => {
        if (this.asked++ === this.atQuestion) server.freeze()
        return query(...args)
      }
      return Object.assign(client, { query: counted })
    }
    return Object.create(port, { connect: { value: connect } }) as DatabasePort
  }
}

/** Freezes a side at every n-th question of what `look` does, and sees it end each time. */
async function strikeEach(
  look: (watcher: PostgresWayBack) => Promise<unknown>,
  ends: number,
): Promise<readonly unknown[]> {
  const peace = new Striker(Infinity)
  const undisturbed = peace.watcher()
  await look(undisturbed)
  await undisturbed.stop()
  const found: unknown[] = []
  for (let nth = 0; nth < ends; nth++) {
    const striker = new Striker(Math.floor((nth * peace.count) / ends))
    const watcher = striker.watcher()
    try {
      found.push(await look(watcher).catch((error: unknown) => error))
      // Before the side is back: whoever looks ends without it.
      await watcher.stop()
    } finally {
      pair.old.thaw()
      pair.new.thaw()
    }
  }
  return found
}

it('ends a look at what leads to the new side, wherever a server freezes in it', async () => {
  const forward = async (watcher: PostgresWayBack): Promise<unknown> =>
    watcher.lookAfterForward(move, 'database')
  const found = await strikeEach(forward, 8)
  const told = found.map((one) => (one instanceof QianyunError ? one.code : (one as Said[])[0]?.code))
  expect(new Set(told)).toEqual(new Set(['database-unreachable', 'forward-not-looked-at']))
  expect(await forward(new Striker(Infinity).watcher())).toEqual([])
}, 180_000)

it('ends a look at the way back, and what it began beside it, wherever a server freezes in it', async () => {
  await switchOver(switchPlan(pair, pair.source, pair.target))
  const back = async (watcher: PostgresWayBack): Promise<unknown> => watcher.look(move, 'database')
  await strikeEach(back, 10)
  const watcher = new Striker(Infinity).watcher()
  await expect(watcher.look(move, 'database')).resolves.toMatchObject({ reached: { old: true, new: true } })
  await watcher.stop()
}, 240_000)
