import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { switchesIn } from '../../../domain/playbook/outcome.ts'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import {
  findSubscription,
  listSubscriptions,
} from '../../../families/postgresql/replication/subscriptions.ts'
import type { GapPart, SwitchPlan } from '../../../families/postgresql/switchover/plan.ts'
import { implementation as postgresSwitchover } from '../../../families/postgresql/steps/switchover/index.ts'
import { settlePair } from '../../../families/postgresql/switchover/settle-pair.ts'
import { switchTogether } from '../../../families/postgresql/switchover/switch-over.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import { goOn, lostOn } from '../../support/acknowledged.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import { LocalHost } from '../../support/local-host.ts'
import {
  type Pair,
  addDatabase,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { adminPassword } from '../../support/postgres-servers.ts'
import { runStep } from '../../support/run-step.ts'
import { stepContext } from '../../support/step-context.ts'
import type { DeathTogether } from '../../support/switch-together-and-die.ts'
import { until } from '../../support/until.ts'

/** Two databases of one system, in the order of their switch: the first one decides. */
const names = ['permit', 'orders'] as const
type Name = (typeof names)[number]

let pair: Pair
let pairs: Readonly<Record<Name, Pair>>
let writers: Readonly<Record<Name, LedgerWriters>>
/** The side that serves both. */
let serving: 'source' | 'target' = 'source'

beforeAll(async () => {
  pair = await startPair('together')
  pairs = { permit: pair, orders: await addDatabase(pair, 'orders') }
  for (const name of names) {
    await makeApplication(pairs[name])
    await replicate(pairs[name])
  }
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

beforeEach(async () => {
  writers = { permit: await startWriters(pairs.permit), orders: await startWriters(pairs.orders) }
})

afterEach(async () => {
  await Promise.all(names.map(async (name) => writers[name].stop()))
})

const waiting = (): 'source' | 'target' => (serving === 'source' ? 'target' : 'source')

function planOf(name: Name, changed: Partial<SwitchPlan> = {}): SwitchPlan {
  return switchPlan(pair, pairs[name][serving], pairs[name][waiting()], changed)
}

/** Both databases, the one named with what is changed of its plan. */
function plans(changed: Partial<Record<Name, Partial<SwitchPlan>>> = {}): readonly [SwitchPlan, SwitchPlan] {
  return [planOf('permit', changed.permit), planOf('orders', changed.orders)]
}

/** Fails as a part begins. */
function struckAt(struck: GapPart): Partial<SwitchPlan> {
  return {
    onPart: (part) => {
      if (part === struck) throw new Error(`struck at "${struck}"`)
    },
  }
}

async function openSide(name: Name): Promise<string> {
  const open = await Promise.all(
    (['source', 'target'] as const).map(async (side) =>
      withServer(pairs[name][side].port, 'qianyun_control', async (client) => {
        const { rowCount } = await client.query(
          `select from cutover_state where database = $1 and state = 'open'`,
          [name],
        )
        return rowCount === 1 ? [side] : []
      }),
    ),
  )
  return open.flat().join(' and ')
}

const openSides = async () => Promise.all(names.map(openSide))

/** Writers of both go on, on the same side, and each write they know of is on both sides of its database. */
async function expectServedBy(side: 'source' | 'target'): Promise<void> {
  expect(await openSides()).toEqual([side, side])
  for (const name of names) expect([name, await goOn(writers[name])]).toEqual([name, true])
  for (const name of names) {
    await writers[name].stop()
    for (const { port: server } of [pair.old, pair.new])
      expect([name, await lostOn(server, writers[name], name)]).toEqual([name, 0])
  }
}

/** Whether the side that does not serve follows the other one, in both databases. */
async function follow(): Promise<boolean> {
  const all = await Promise.all(
    names.map(async (name) =>
      withServer(pairs[name][waiting()].port, name, async (client) => {
        const [only, ...others] = await listSubscriptions(client)
        const found = only && (await findSubscription(client, only.name))
        return others.length === 0 && found?.enabled === true
      }),
    ),
  )
  return all.every(Boolean)
}

/** What a switch that was given up must not leave: slots of the other direction, drafts beside the pooler's file, guardians. */
async function leftovers(): Promise<readonly string[]> {
  const slots = await Promise.all(
    names.map(async (name) =>
      withServer(pairs[name][waiting()].port, name, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          'select slot_name::text as name from pg_replication_slots where database = current_database()',
        )
        return rows.map((slot) => slot.name)
      }),
    ),
  )
  const drafts = readdirSync(dirname(pair.entry.databasesFile)).filter((file) => file.startsWith('.qianyun.'))
  const own = ['-P', String(process.pid), '-f', 'guardian-main']
  const guardians = spawnSync('pgrep', own, { encoding: 'utf8' }).stdout.split('\n')
  return [...slots.flat(), ...drafts, ...guardians.filter((pid) => pid !== '')]
}

async function die(database: Name, part: GapPart, guarded: boolean): Promise<void> {
  const { port: entryPort, databasesFile } = pair.entry
  const death: DeathTogether = {
    from: pairs[database][serving].port,
    to: pairs[database][waiting()].port,
    entryPort,
    databasesFile,
    databases: names,
    at: { database, part },
    guarded,
  }
  await dieInChild('switch-together-and-die.ts', death)
}

describe('two databases of one system', () => {
  it('go over and back at one moment, and what was acknowledged is on both sides', async () => {
    for (let round = 0; round < 2; round++) {
      const results = await switchTogether(plans())

      expect(results.map(({ armed, resumed }) => ({ armed, resumed }))).toEqual([
        { armed: true, resumed: false },
        { armed: true, resumed: false },
      ])
      expect(results.every(({ gapMs }) => gapMs !== undefined && gapMs < 5_000)).toBe(true)
      serving = waiting()
      expect(await openSides()).toEqual([serving, serving])
    }
    await expectServedBy('source')
  }, 60_000)

  it.each([
    ['permit', 'fence'],
    ['orders', 'fence'],
    ['orders', 'marker'],
    ['permit', 'advance'],
    ['orders', 'subscribe'],
  ] as const)(
    'are both reopened where "%s" fails at "%s"',
    async (name, part) => {
      const guarded = { guarded: true }
      const struck = { permit: guarded, orders: guarded, [name]: { ...guarded, ...struckAt(part) } }
      await expect(switchTogether(plans(struck))).rejects.toMatchObject({
        code: 'switchover-aborted',
        openSide: serving,
        message: expect.stringContaining(`/${name})`),
      })

      await expectServedBy(serving)
      expect(await follow()).toBe(true)
      expect(await leftovers()).toEqual([])
    },
    60_000,
  )

  it('are both switched where the second one fails after the first was opened', async () => {
    const results = await switchTogether(plans({ orders: struckAt('open') }))
    serving = waiting()

    expect(results.map(({ armed }) => armed)).toEqual([true, true])
    await expectServedBy(serving)
    expect(await follow()).toBe(true)
  }, 60_000)

  it('both go on where the clients of one cannot be paused, and nothing was fenced', async () => {
    const parts: string[] = []
    const noting = { onPart: (part: GapPart) => parts.push(part), attempts: 1, maxTransactionAgeMs: 60_000 }
    const result = withServer(pairs.orders[serving].port, 'orders', async () => {
      const { client, leave } = await planOf('orders').entry.enter(pairs.orders[serving])
      await client.query('begin; select 1')
      const failed = await switchTogether(plans({ permit: noting, orders: noting })).catch(
        (error: unknown) => error,
      )
      await client.query('commit')
      await leave()
      return failed
    })

    await expect(result).resolves.toMatchObject({ code: 'transaction-too-long' })
    expect([...new Set(parts)]).toEqual(['pause'])
    await expectServedBy(serving)
  }, 60_000)
})

describe('the step postgres-switchover', () => {
  it('switches two databases and tells each by its name', async () => {
    const { port: entryPort, adminUser, databasesFile } = pair.entry
    const databaseOf = (name: Name) => ({
      from: `${name}@from`,
      to: `${name}@to`,
      endpoint: {
        address: '127.0.0.1',
        port: entryPort,
        adminUser,
        adminSecret: 'console',
        databasesFile,
        entryName: name,
      },
    })
    const around: StepContext = {
      ...stepContext([new LocalHost('entry')]),
      dataset: (reference: string) => {
        const [name, side] = reference.split('@') as [Name, 'from' | 'to']
        return pairs[name][side === 'from' ? serving : waiting()] as never
      },
      secret: async () => adminPassword,
    }

    const result = await runStep(
      postgresSwitchover,
      { ...databaseOf('permit'), also: [databaseOf('orders')], guarded: false },
      around,
    )
    serving = waiting()

    expect(
      switchesIn({ done: [{ step: 'switch', kind: 'postgres-switchover', does: 'switch', result }] }),
    ).toEqual([
      { dataset: 'permit', result: expect.objectContaining({ armed: true, openSide: serving }) },
      { dataset: 'orders', result: expect.objectContaining({ armed: true, openSide: serving }) },
    ])
    await expectServedBy(serving)
  }, 60_000)
})

describe('a runner killed while it switches two databases', () => {
  it.each([
    ['permit', 'fence'],
    ['orders', 'terminate'],
    ['orders', 'sequences'],
    ['permit', 'advance'],
    ['orders', 'subscribe'],
    ['permit', 'open'],
  ] as const)(
    'as "%s" comes to "%s" leaves both to its guardian, which has one side serve both',
    async (name, part) => {
      await die(name, part, true)

      await until(async () => {
        const [one, other] = await openSides()
        if (one !== other || (one !== 'source' && one !== 'target')) return false
        serving = one
        return follow()
      })
      await expectServedBy(serving)
    },
    60_000,
  )

  it.each([
    ['permit', 'sequences'],
    ['orders', 'advance'],
    ['permit', 'subscribe'],
    ['orders', 'open'],
    ['permit', 'switch'],
  ] as const)(
    'as "%s" comes to "%s" is carried on by the next run',
    async (name, part) => {
      await die(name, part, false)

      await switchTogether(plans())
      serving = waiting()
      await expectServedBy(serving)
      expect(await follow()).toBe(true)
    },
    60_000,
  )

  it.each(['over', 'back'])(
    'on the way %s leaves a second database that only follows the first: alone it stays as it is, with it it goes where that went',
    async () => {
      const sides = (name: Name) => ({ from: pairs[name].source, to: pairs[name].target })
      const settling = {
        ...sides('orders'),
        entry: planOf('orders').entry,
        signal: new AbortController().signal,
        say: () => undefined,
      }
      await die('orders', 'open', false)

      await expect(settlePair(settling)).rejects.toMatchObject({
        code: 'lead-unknown',
        message: expect.stringContaining('/permit'),
      })
      expect(await openSide('orders')).toBe('')
      await settlePair({ ...settling, leads: [{ ...sides('permit'), entry: planOf('permit').entry }] })

      serving = waiting()
      await settlePair({ ...settling, ...sides('permit'), entry: planOf('permit').entry })
      await expectServedBy(serving)
    },
    60_000,
  )

  it.each(['over', 'back'])(
    'on the way %s leaves a second database that goes back where the first did not open',
    async () => {
      const pairOf = (name: Name) => ({
        ...{ from: pairs[name].source, to: pairs[name].target, entry: planOf(name).entry },
        ...{ signal: new AbortController().signal, say: () => undefined },
      })
      await die('permit', 'subscribe', false)
      expect(await openSides()).toEqual(['', ''])

      const { serves } = await settlePair({ ...pairOf('orders'), leads: [pairOf('permit')] })

      expect([serves, await openSides()]).toEqual([serving === 'source' ? 'from' : 'to', [serving, serving]])
      await expectServedBy(serving)
      await switchTogether(plans())
      serving = waiting()
    },
    60_000,
  )
})
