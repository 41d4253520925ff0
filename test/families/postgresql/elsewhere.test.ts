import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { preflight } from '../../../families/postgresql/census/findings.ts'
import { strayServer } from '../../../families/postgresql/pgbouncer/doors.ts'
import { Console } from '../../../families/postgresql/pgbouncer/admin.ts'
import { leadsTo } from '../../../families/postgresql/server/same-server.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { type TestEntry, startEntry } from '../../support/postgres-entry.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  port,
  replicate,
  startPair,
  switchPlan,
  withServer,
  pooled,
} from '../../support/postgres-pair.ts'
import { appPassword } from '../../support/postgres-servers.ts'
import { type SplitDoor, splitDoor } from '../../support/split-door.ts'

let pair: Pair
let entry: TestEntry
let old: SplitDoor
let neu: SplitDoor
const sides = () => ({ source: port('source', old.port), target: port('target', neu.port) })
const plan = (changed = {}) => switchPlan({ entry }, sides().source, sides().target, changed)

beforeAll(async () => {
  pair = await startPair('elsewhere')
  await makeApplication(pair)
  old = await splitDoor(pair.old.port, pair.old.port, appRole)
  neu = await splitDoor(pair.new.port, pair.new.port, appRole)
  const line = `${database} = host=127.0.0.1 port=${String(old.port)} dbname=${database}`
  entry = await startEntry(pair.folder, [line], [appRole], { name: 'split', processes: 2 })
  // Somebody else's database of the same name, on the server that is to be the new one.
  await withServer(pair.new.port, 'postgres', async (client) => {
    await client.query(`create role ${appRole} login password '${appPassword}'`)
    await client.query(`create database ${database} owner ${appRole}`)
  })
}, 120_000)

afterAll(async () => {
  await entry.stop()
  await old.close()
  await neu.close()
  await pair.stop()
}, 30_000)

/** Has every process of the pooler open its connections anew. */
async function reconnect(): Promise<void> {
  for (let n = 0; n < 16; n++) {
    const admin = await entry.admin()
    await admin.query('reconnect')
    await admin.end()
  }
}

/** Clients of the entry that have done something once. */
async function clients(count: number): Promise<() => Promise<void>> {
  const all = await Promise.all(
    Array.from({ length: count }, async () => {
      const client = new pg.Client({
        host: '127.0.0.1',
        port: entry.port,
        database,
        user: appRole,
        password: appPassword,
      })
      client.on('error', () => undefined)
      await client.connect()
      await client.query('select 1')
      return client
    }),
  )
  return async () => {
    await Promise.all(all.map(async (client) => client.end()))
  }
}

/** Where sessions of a busy entry stand that are not the old side's, as it looks right before a pause. */
async function standing(): Promise<string | undefined> {
  const end = await clients(4)
  const console = await Console.open(pooled(plan()).console)
  try {
    return await withServer(pair.old.port, database, async (client) => strayServer(client, database, console))
  } finally {
    await console.close()
    await end()
  }
}

const codesOf = async (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error: unknown) => {
      const { code, problems } = error as { code: string; problems?: readonly { code: string }[] }
      return problems === undefined ? [code] : problems.map((one) => one.code)
    },
  )

const look = async () => ({
  assessed: (
    await assessDatabase(sides().source, {
      target: sides().target,
      waivers: {},
      entries: [plan().entry.toLookAt()],
    })
  ).findings.filter(({ code }) => /reaches-another|misses-new/.test(code)),
  handedOver: await codesOf(
    preflight(sides().source, {
      target: sides().target,
      waivers: {},
      entries: [plan().entry.toLookAt()],
    }),
  ),
})

describe('an address that means another server to the pooler', () => {
  it('is found while the system is assessed and as the hosts are handed over, on either side', async () => {
    expect(await look()).toEqual({ assessed: [], handedOver: [] })
    old.lead(pair.new.port)
    await reconnect()
    const found = await look()
    expect(found).toMatchObject({
      assessed: [
        {
          code: 'entry-reaches-another-server',
          values: {
            named: `127.0.0.1:${String(old.port)}/${database}`,
            found: `127.0.0.1:${String(pair.new.port)}/${database}`,
          },
        },
      ],
      handedOver: ['entry-reaches-another-server'],
    })
    expect(await standing()).toBe(`127.0.0.1:${String(old.port)}`)
    old.lead(pair.old.port)
    await reconnect()
    expect(await standing()).toBeUndefined()
    neu.lead(pair.old.port)
    expect(await look()).toMatchObject({
      assessed: [{ code: 'entry-misses-new-side', values: { named: `127.0.0.1:${String(neu.port)}` } }],
      handedOver: ['entry-misses-new-side'],
    })
    neu.lead(pair.new.port)
  }, 120_000)

  it('refuses a switch before anybody waits, on either side, and after the checks as well', async () => {
    await withServer(pair.new.port, 'postgres', async (client) => client.query(`drop database ${database}`))
    await replicate({ ...pair, ...sides() })
    neu.lead(pair.old.port)
    await expect(switchOver(plan())).rejects.toMatchObject({
      code: 'entry-reaches-another-server',
      named: `127.0.0.1:${String(neu.port)}/${database}`,
    })
    neu.lead(pair.new.port)
    old.lead(pair.new.port)
    expect(await codesOf(switchOver(plan()))).toEqual(['entry-reaches-another-server'])
    old.lead(pair.old.port)
    await reconnect()
    const asked: string[] = []
    const host = Object.create(pooled(plan()).host) as HostPort
    host.run = async (script, ...given) => {
      const port = /^host=\S+ port=(\d+) request=/.exec(script)?.[1]
      if (port !== undefined) asked.push(port)
      return pooled(plan()).host.run(script, ...given)
    }
    const { armed, probe } = await switchOver(plan({ entry: pooled(plan(), { host }) }))
    expect({ armed, ok: probe.ok }).toEqual({ armed: true, ok: true })
    // An address that stands for itself is not asked about a second time.
    expect(asked).toEqual([neu.port, old.port].map(String))
  }, 180_000)

  it('leaves a way back unarmed whose clients come to another server', async () => {
    const { armed, unarmedReason } = await switchOver(
      switchPlan({ entry }, sides().target, sides().source, {
        onPart: (part) => {
          if (part === 'open') old.lead(pair.new.port)
        },
      }),
    )
    expect({ armed, unarmedReason }).toEqual({
      armed: false,
      unarmedReason: expect.stringMatching(/no write went through the entry|another server/),
    })
  }, 180_000)
})

describe('what an address leads to from a host', () => {
  const hostWhoseAnswersTake = (ms: number): HostPort => {
    const { host } = pooled(plan())
    const slow = Object.create(host) as HostPort
    slow.run = async (...given) => sleep(ms).then(async () => host.run(...given))
    return slow
  }

  it('is known however slow the host is', async () => {
    const target = sides().target
    expect(await leadsTo(hostWhoseAnswersTake(6_000), target.address, target)).toBe('same')
    neu.lead(pair.old.port)
    expect(await leadsTo(hostWhoseAnswersTake(6_000), target.address, target)).toBe('another')
    neu.lead(pair.new.port)
  }, 120_000)

  it('is unknown where somebody takes connections and says nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    neu.lead((silent.address() as AddressInfo).port)
    const target = sides().target
    expect(await leadsTo(pooled(plan()).host, target.address, target)).toBe('unknown')
    neu.lead(pair.new.port)
    silent.close()
  }, 120_000)
})
