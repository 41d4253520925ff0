import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { type GapPart, gapParts } from '../../../families/postgresql/switchover/plan.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { goOn, lostOn } from '../../support/acknowledged.ts'
import { type Fault, type Sides, atRest, harms, switchUnder, victims } from '../../support/faults.ts'
import {
  type Pair,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
} from '../../support/postgres-pair.ts'

/** Of a server, or pooler, that answers again; machine's share included. */
const restsWithinMs = 10_000

/** What a run that needs nobody to come back may take beyond its deadline: two looks at servers that do not answer. */
const answersWithinMs = 7_000

let pair: Pair
let sides: Sides

beforeAll(async () => {
  pair = await startPair('faults')
  await makeApplication(pair)
  await replicate(pair)
  sides = { from: pair.source, to: pair.target }
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

const parts = gapParts.filter((part) => part !== 'verify' && part !== 'largeObjects')
const only = process.env['QIANYUN_FAULTS']?.split(',')
const cases: readonly Fault[] = victims
  .flatMap((who) => harms.flatMap((how) => parts.map((at) => ({ who, how, at }))))
  .filter((one) => (only === undefined ? isSampled(one) : only.some((name) => nameOf(one).includes(name))))
  .map((one) => ({ ...one, healAfterMs: one.how === 'kill' ? 500 : 3_000 }))

function nameOf({ who, how, at }: Omit<Fault, 'healAfterMs'>): string {
  return `${who}-${how}-${at}`
}

/** Before anything is closed, in the middle, around the commit point, after it. All of them: QIANYUN_FAULTS=from,to,pooler,runner */
function isSampled({ who, how, at }: Omit<Fault, 'healAfterMs'>): boolean {
  const sampled: Readonly<Record<string, readonly GapPart[]>> = {
    'from-kill': ['fence', 'marker', 'subscribe'],
    'from-freeze': ['marker'],
    'to-kill': ['sequences', 'subscribe', 'open', 'switch'],
    'to-freeze': ['marker', 'open'],
    'pooler-kill': ['terminate', 'open'],
    'pooler-freeze': ['switch'],
    'runner-kill': ['sequences', 'open'],
    'runner-freeze': ['advance'],
  }
  return sampled[`${who}-${how}`]?.includes(at) === true
}

/** Before the commit is sent nothing depends on the server that is lost. */
const isAnsweredAlone = ({ who, at }: Fault): boolean => who === 'to' && at !== 'open' && at !== 'switch'

async function expectNothingLost(writers: LedgerWriters): Promise<void> {
  expect(await goOn(writers)).toBe(true)
  await writers.stop()
  for (const { port } of [pair.source, pair.target]) expect(await lostOn(port, writers)).toBe(0)
}

describe('a switch in which something is lost', () => {
  it.each(cases)(
    '($who, $how, as part "$at" begins) comes to rest at one side, replication alive, nothing lost, and the next one works',
    async (fault) => {
      const writers = await startWriters(pair)
      try {
        const { answeredAfterMs = 0 } = await switchUnder(pair, sides, fault)
        const boundMs = isAnsweredAlone(fault) ? fault.healAfterMs + answersWithinMs : Infinity
        expect(answeredAfterMs).toBeLessThan(boundMs)
        const rest = await atRest(pair, restsWithinMs)
        const next = await switchOver(switchPlan(pair, rest.serving, rest.waiting))
        expect(next).toMatchObject({ openSide: rest.waiting.called, armed: true, resumed: false })
        sides = { from: rest.waiting, to: rest.serving }
        await expectNothingLost(writers)
      } finally {
        await writers.stop()
      }
    },
    120_000,
  )
})
