import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import type { SwitchPlan } from '../../../families/postgresql/switchover/plan.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { lostOn } from '../../support/acknowledged.ts'
import { appPassword } from '../../support/postgres-servers.ts'

let pair: Pair
let writers: LedgerWriters

beforeAll(async () => {
  pair = await startPair('switchover')
  await makeApplication(pair)
  await replicate(pair)
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

beforeEach(async () => {
  writers = await startWriters(pair)
})

afterEach(async () => {
  await writers.stop()
})

/** Whichever side serves, as the tests before left it. */
async function sides(): Promise<{ open: Pair['source']; closed: Pair['source'] }> {
  const { rows } = await withServer(pair.old.port, 'qianyun_control', async (client) =>
    client.query<{ state: string }>('select state from cutover_state where database = $1', [database]),
  )
  return rows[0]?.state === 'open'
    ? { open: pair.source, closed: pair.target }
    : { open: pair.target, closed: pair.source }
}

async function plan(changed: Partial<SwitchPlan> = {}): Promise<SwitchPlan> {
  const { open, closed } = await sides()
  return switchPlan(pair, open, closed, changed)
}

/** Every acknowledged write is on both sides, one side is open, and writers go on. */
async function expectNothingLost(serving: Pair['source']): Promise<void> {
  const before = writers.acked
  await sleep(150)
  expect(writers.acked).toBeGreaterThan(before)
  await writers.stop()
  expect(writers.ambiguousWrites).toBe(0)
  for (const server of [pair.old, pair.new]) {
    expect(await lostOn(server.port, writers)).toBe(0)
  }
  expect((await sides()).open.port).toBe(serving.port)
}

const pastTheEntry = { [`${appRole}@127.0.0.1`]: 'sessions of the test' }

/** How often writers had to wait, as both servers have it on record. */
async function gapsOnRecord(): Promise<number> {
  const counts = await Promise.all(
    [pair.old, pair.new].map(async (server) =>
      withServer(server.port, 'qianyun_control', async (client) => client.query('select from cutover_gap')),
    ),
  )
  return counts.reduce((sum, { rows }) => sum + rows.length, 0)
}

/** A session of the application on one server, past the entry. */
async function session(on: Pair['source']): Promise<pg.Client> {
  const client = new pg.Client({
    host: on.address,
    port: on.port,
    database,
    user: appRole,
    password: appPassword,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

describe('a switchover', () => {
  it('goes forth and back under writers and loses nothing', async () => {
    const there = await switchOver(await plan())
    const back = await switchOver(await plan())

    expect([there.openSide, back.openSide]).toEqual(['target', 'source'])
    expect(back.generation).toBe(there.generation + 1)
    expect(there.probe.ok && back.probe.ok).toBe(true)
    expect(there.armed && back.armed).toBe(true)
    expect(Object.keys(there.anatomyMs)).toEqual(expect.arrayContaining(['pause', 'fence', 'marker', 'open']))
    await expectNothingLost(pair.source)
  }, 120_000)

  it('gives the recorded result again when it is done already', async () => {
    const { open, closed } = await sides()
    const first = await switchOver(switchPlan(pair, open, closed))
    const again = await switchOver(switchPlan(pair, open, closed))

    expect(again).toMatchObject({ generation: first.generation, gapMs: first.gapMs, resumed: true })
    await expectNothingLost(closed)
  }, 120_000)

  it('gives back exactly the privileges its fence took', async () => {
    const { open, closed } = await sides()
    const grants = async (server: number) =>
      withServer(server, 'postgres', async (client) => {
        await client.query(`do $$ begin if not exists (select from pg_roles where rolname = 'clerk')
          then create role clerk login; end if; end $$; grant connect on database ${database} to clerk with grant option`)
        return undefined
      })
    const acl = async (server: number) =>
      withServer(server, 'postgres', async (client) => {
        const { rows } = await client.query(
          `select coalesce(r.rolname, 'public') as role, privilege_type, is_grantable
             from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
             left join pg_roles r on r.oid = a.grantee where d.datname = $1 order by 1, 2`,
          [database],
        )
        return rows as unknown[]
      })
    await grants(open.port)
    const before = await acl(open.port)
    await switchOver(switchPlan(pair, open, closed))
    const fenced = await acl(open.port)
    await switchOver(switchPlan(pair, closed, open))

    expect(JSON.stringify(fenced)).not.toContain('CONNECT')
    expect(await acl(open.port)).toEqual(before)
    await expectNothingLost(open)
  }, 120_000)

  it('sets sequences ahead of every number that was given out', async () => {
    const { open, closed } = await sides()
    const next = async (on: Pair['source']) => {
      const client = await session(on)
      try {
        const { rows } = await client.query<{ n: string }>(`select nextval('receipt_number') as n`)
        return Number(rows[0]?.n)
      } finally {
        await client.end()
      }
    }
    const last = await next(open)
    await switchOver(switchPlan(pair, open, closed))

    expect(await next(closed)).toBeGreaterThan(last + 20 * 5)
    await expectNothingLost(closed)
  }, 120_000)
})

describe('the fence', () => {
  it('ends sessions that were there before it, whatever they set for themselves', async () => {
    const { open, closed } = await sides()
    const early = await session(open)
    await early.query('set default_transaction_read_only = off')
    const ended = new Promise((resolve) => early.once('end', resolve))

    const { sessionsEnded } = await switchOver(switchPlan(pair, open, closed, { waivers: pastTheEntry }))
    await ended

    expect(sessionsEnded).toBeGreaterThan(0)
    await expect(session(open)).rejects.toMatchObject({ code: '28000' })
    await expectNothingLost(closed)
  }, 120_000)

  it('leaves other databases of the server alone', async () => {
    const { open, closed } = await sides()
    await withServer(open.port, 'postgres', async (client) => {
      await client.query(`do $$ begin if not exists (select from pg_roles where rolname = 'neighbour')
        then create role neighbour login password 'n'; end if; end $$`)
    })
    await switchOver(switchPlan(pair, open, closed))

    const neighbour = new pg.Client({
      host: open.address,
      port: open.port,
      database: 'postgres',
      user: 'neighbour',
      password: 'n',
    })
    await neighbour.connect()
    const { rows } = await neighbour.query<{ ro: string }>('show default_transaction_read_only')
    await neighbour.end()
    expect(rows).toEqual([{ default_transaction_read_only: 'off' }])
    await expectNothingLost(closed)
  }, 120_000)
})

describe('before anybody is stopped, a switchover', () => {
  it('is postponed by a long transaction, and its writers go on', async () => {
    const { open } = await sides()
    const long = await session(open)
    await long.query('begin; select count(*) from permit')
    await sleep(400)
    const before = { gaps: await gapsOnRecord(), acked: writers.acked }

    const switching = switchOver(
      await plan({ maxTransactionAgeMs: 100, attempts: 2, postponeMs: 100, waivers: pastTheEntry }),
    )
    await expect(switching.finally(async () => long.end())).rejects.toMatchObject({
      code: 'transaction-too-long',
    })

    expect(await gapsOnRecord()).toBe(before.gaps)
    expect(writers.acked).toBeGreaterThan(before.acked)
    await expectNothingLost(open)
  }, 120_000)

  it('takes its pause back when a transaction at the entry stays open', async () => {
    const { open } = await sides()
    const client = new pg.Client({
      host: '127.0.0.1',
      port: pair.entry.port,
      database,
      user: appRole,
      password: appPassword,
    })
    await client.connect()
    await client.query('begin; select 1')
    const before = await gapsOnRecord()

    const switching = switchOver(
      await plan({ pauseTimeoutMs: 200, maxTransactionAgeMs: 60_000, attempts: 2 }),
    )
    await expect(
      switching.finally(async () => {
        await client.query('commit')
        await client.end()
      }),
    ).rejects.toMatchObject({ code: 'transaction-too-long' })

    expect(await gapsOnRecord()).toBeGreaterThan(before)
    await expectNothingLost(open)
  }, 120_000)

  it('is refused when a role could not log in on the new side', async () => {
    const { open, closed } = await sides()
    const change = async (sql: string) =>
      withServer(closed.port, 'qianyun_control', async (client) => client.query(sql))
    // As if the fence had found the role without LOGIN: opening the side would not give it one, and a waiver leaves it so.
    await change(`update cutover_state set fence = jsonb_set(fence, '{login}', '[]')`)
    const waivers = { ...pastTheEntry, [`role ${appRole}`]: 'of another house' }
    await expect(switchOver(await plan({ waivers }))).rejects.toMatchObject({
      code: 'target-role-unfit',
      roles: [{ role: appRole, reason: { code: 'role-without-login' } }],
    })
    await change(`update cutover_state set fence = jsonb_set(fence, '{login}', '["${appRole}"]')`)
    await expectNothingLost(open)
  }, 120_000)

  it('is refused while write transactions stay open on the new side', async () => {
    const { open, closed } = await sides()
    await withServer(closed.port, 'postgres', async (client) => {
      await client.query('create table if not exists held (a integer); begin; insert into held values (1)')
      await expect(switchOver(await plan({ slotTimeoutMs: 400 }))).rejects.toMatchObject({
        code: 'open-transactions-on-target',
      })
      await client.query('rollback')
    })
    await expectNothingLost(open)
  }, 120_000)

  it('is refused when the schemas are no longer the same, the change named', async () => {
    const { open } = await sides()
    await withServer(open.port, database, async (client) =>
      client.query('alter table office add floor integer'),
    )
    await expect(switchOver(await plan())).rejects.toMatchObject({
      code: 'sides-differ',
      problems: [{ object: 'column public.office.floor' }],
      recordedDdl: [expect.stringContaining('ALTER TABLE public.office')],
    })
    await withServer(open.port, database, async (client) => client.query('alter table office drop floor'))
    await expectNothingLost(open)
  }, 120_000)

  it('is refused outside its window', async () => {
    const { open } = await sides()
    await expect(switchOver(await plan({ notAfterMs: Date.now() + 1_000 }))).rejects.toMatchObject({
      code: 'window-closed',
    })
    await expectNothingLost(open)
  }, 120_000)
})

describe('inside the critical section, a switchover', () => {
  it('gives up at its deadline, and the side left serves as before', async () => {
    const { open, closed } = await sides()
    // A lock on the sequences of the new side holds their part up until the deadline.
    await withServer(closed.port, database, async (client) => {
      await client.query('begin; lock table pg_subscription in exclusive mode')
      await expect(switchOver(await plan({ deadlineMs: 1_500, pauseTimeoutMs: 500 }))).rejects.toMatchObject({
        code: 'switchover-aborted',
        part: 'disable',
        openSide: open.called,
      })
      await client.query('rollback')
    })
    await expectNothingLost(open)
  }, 120_000)

  it('goes back when the last part before the commit point fails, the entry with it', async () => {
    const { open } = await sides()
    const failing = await plan({
      onPart: (part) => {
        if (part === 'open') throw new Error('no power')
      },
    })
    await expect(switchOver(failing)).rejects.toMatchObject({ code: 'switchover-aborted', part: 'open' })
    await expectNothingLost(open)
  }, 120_000)

  it('goes forward when the commit point was passed before it failed', async () => {
    const { closed } = await sides()
    const failing = await plan({
      onPart: (part) => {
        if (part === 'switch') throw new Error('no power')
      },
    })
    expect(await switchOver(failing)).toMatchObject({ openSide: closed.called, armed: true })
    await expectNothingLost(closed)
  }, 120_000)

  it('goes back alone when the new server is lost in the middle of it', async () => {
    if ((await sides()).open.port !== pair.old.port) await switchOver(await plan())
    const failing = await plan({
      deadlineMs: 1_500,
      pauseTimeoutMs: 500,
      onPart: (part) => {
        // At once: a server that is asked to stop may still carry the next parts out.
        if (part === 'marker') pair.new.kill()
      },
    })
    await expect(switchOver(failing)).rejects.toMatchObject({
      code: 'switchover-aborted',
      openSide: 'source',
    })
    await pair.new.restart({})
    await expectNothingLost(pair.source)
  }, 120_000)

  it('is won by one of two runs', async () => {
    const { open, closed } = await sides()
    const ends = await Promise.allSettled([
      switchOver(switchPlan(pair, open, closed)),
      switchOver(switchPlan(pair, open, closed)),
    ])
    const results = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
    expect(results.filter(({ resumed }) => !resumed)).toHaveLength(1)
    expect(new Set(results.map(({ generation }) => generation)).size).toBe(1)
    await expectNothingLost(closed)
  }, 120_000)
})
