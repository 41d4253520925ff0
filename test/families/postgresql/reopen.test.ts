import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PooledEntry } from '../../../families/postgresql/pgbouncer/pooled-entry.ts'
import type { Pooler } from '../../../families/postgresql/pgbouncer/pooler.ts'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { valueAlone } from '../../../families/postgresql/switchover/sequence-columns.ts'
import { assertNotStale, lookAtBothSides } from '../../../families/postgresql/replication/old-side.ts'
import {
  type AlonePart,
  type AlonePlan,
  openAlone,
} from '../../../families/postgresql/switchover/open-alone.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { lookAtWayBack } from '../../../families/postgresql/health.ts'
import { alonePlan } from '../../support/open-alone.ts'
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
import { until } from '../../support/until.ts'
import { appPassword } from '../../support/postgres-servers.ts'
import type { DeathAlone } from '../../support/reopen-and-die.ts'

let pair: Pair
let writers: LedgerWriters

const plan = (changed: Partial<AlonePlan> = {}) =>
  alonePlan(switchPlan(pair, pair.target, pair.source), changed)
const throughEntry = async <T>(work: Parameters<typeof withServer<T>>[2]) =>
  withServer(pair.entry.port, database, work, appRole, appPassword)
const onOld = async (sql: string, name = database) =>
  withServer(pair.old.port, name, async (client) => client.query<Record<string, unknown>>(sql))
const onNew = async (sql: string, name = database) =>
  withServer(pair.new.port, name, async (client) => client.query<Record<string, unknown>>(sql))
const fileAnother = async () =>
  onNew(`insert into permit (applicant) values ('after the cutover') returning id`)

/** The old side as its own record and its subscriptions have it. */
async function oldSide(): Promise<unknown> {
  const state = await onOld(`select state, generation::int from cutover_state`, 'qianyun_control')
  const links = await onOld(`select subenabled as enabled from pg_subscription`)
  return { ...state.rows[0], links: links.rows }
}

beforeAll(async () => {
  pair = await startPair('reopen')
  await makeApplication(pair)
  await onOld(`create table queue_entry (number smallint primary key default nextval('receipt_number'));
    create sequence unseen; select nextval('unseen');
    create sequence falling increment by -1; create table countdown (n bigint primary key default nextval('falling'));
    alter table queue_entry owner to ${appRole}; alter table countdown owner to ${appRole};
    alter sequence unseen owner to ${appRole}; alter sequence falling owner to ${appRole}`)
  await replicate(pair)
  await switchOver(switchPlan(pair, pair.source, pair.target))
  writers = await startWriters(pair)
}, 120_000)

afterAll(async () => {
  await writers.stop()
  await pair.stop()
}, 60_000)

describe('while the other side gives a sign of life', () => {
  it('is refused, with the ordinary rollback named, and nothing is changed', async () => {
    const before = await oldSide()
    await expect(openAlone(plan())).rejects.toMatchObject({
      code: 'other-side-answers',
      message: expect.stringMatching(/open in generation 1\. Roll back the ordinary way/),
    })
    expect(await oldSide()).toEqual(before)
    const { acked } = writers
    await until(async () => writers.acked > acked)
  }, 60_000)

  it('is refused when only the runner cannot reach it, because clients do', async () => {
    const away = Object.create(pair.target, {
      connect: { value: async () => Promise.reject(new Error('no route to host')) },
    }) as Pair['target']
    await expect(openAlone(plan({ gone: away }))).rejects.toMatchObject({
      code: 'other-side-answers',
      message: expect.stringContaining('still leads clients'),
    })
  }, 60_000)

  it('is refused when neither runner nor entry reach it, because the side that follows hears from it', async () => {
    const away = Object.create(pair.target, {
      connect: { value: async () => Promise.reject(new Error('no route to host')) },
    }) as Pair['target']
    const { name, host, file, console } = plan().entry as AlonePlan['entry'] & Pooler
    const closed = new PooledEntry({ name, host, file, console, login: { user: 'nobody', password: 'x' } })
    await expect(openAlone(plan({ gone: away, entry: closed }))).rejects.toMatchObject({
      code: 'other-side-answers',
      message: expect.stringContaining('still hears from it'),
    })
    expect(await oldSide()).toMatchObject({ state: 'closed', links: [{ enabled: true }] })
  }, 60_000)
})

describe('once the server of the other side is gone', () => {
  let knownUntilMs = 0
  let arrived: unknown
  let lost: unknown

  beforeAll(async () => {
    arrived = (await fileAnother()).rows[0]?.['id']
    await onNew(`insert into queue_entry default values; insert into countdown default values`)
    await until(async () => (await lookAtWayBack(pair.target, pair.source)).health.lagMs !== undefined)
    await until(async () => (await onOld(`select from permit where id = ${String(arrived)}`)).rowCount === 1)
    knownUntilMs = Date.now()
    await onOld('alter subscription qianyun_permit_g1 disable')
    await sleep(1_200)
    lost = (await fileAnother()).rows[0]?.['id']
    await pair.new.crash()
    await onOld('alter subscription qianyun_permit_g1 enable')
  }, 60_000)

  async function die(atPart: AlonePart): Promise<void> {
    const death: DeathAlone = {
      gone: pair.target.port,
      to: pair.source.port,
      entryPort: pair.entry.port,
      databasesFile: pair.entry.databasesFile,
      atPart,
    }
    const main = join(__dirname, '../../support/reopen-and-die.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', main, JSON.stringify(death)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')
  }

  it.each(['pause', 'sequences', 'open'] as const)(
    'a runner killed as part "%s" begins leaves the old side closed, for the next run to open',
    async (part) => {
      await die(part)
      expect(await oldSide()).toMatchObject({ state: 'closed', generation: 0 })
    },
    40_000,
  )

  it('a runner killed after the commit point is made good by the next run, and writers go on', async () => {
    await die('switch')
    expect(await oldSide()).toEqual({ state: 'open', generation: 2, links: [] })

    const result = await openAlone(plan())

    expect(result).toMatchObject({ generation: 2, openSide: 'source', armed: false, resumed: true })
    expect(result.probe).toMatchObject({ ok: true })
    const { acked } = writers
    await until(async () => writers.acked > acked)
    expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
  }, 120_000)

  it('says until when it is current, and nothing of a gap', async () => {
    const result = await openAlone(plan())
    const currentUntilMs = Date.parse(result.currentUntil)
    expect(currentUntilMs).toBeLessThanOrEqual(knownUntilMs)
    expect(currentUntilMs).toBeGreaterThan(knownUntilMs - 10_000)
    expect(result).not.toHaveProperty('gapMs')
    expect((await onOld(`select from permit where id = ${String(arrived)}`)).rowCount).toBe(1)
    expect((await onOld(`select from permit where id = ${String(lost)}`)).rowCount).toBe(0)
  }, 60_000)

  it('gives out no number the other side gave out, and names the sequences no column tells of', async () => {
    const { unprovenSequences } = await openAlone(plan())
    expect(unprovenSequences).toEqual(['public.unseen'])
    const next = await throughEntry(async (client) => {
      const filed = await client.query<{ id: string }>(
        `insert into permit (applicant) values ('again') returning id`,
      )
      await client.query('insert into queue_entry default values; insert into countdown default values')
      return Number(filed.rows[0]?.id)
    })
    expect(next).toBeGreaterThan(Number(lost) + 900)
    const { rows } = await onOld('select min(n)::int as n from countdown')
    expect(rows[0]?.['n']).toBeLessThan(-2_000)
  }, 60_000)
})

describe('a server that comes back', () => {
  beforeAll(async () => pair.new.restart({}), 30_000)

  it('is stale, whatever its own record says, and nothing of it is applied any more', async () => {
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({ old: 'open', new: 'stale' })
    await expect(assertNotStale(pair.source, pair.target)).rejects.toMatchObject({ code: 'side-stale' })
    const late = (await fileAnother()).rows[0]?.['id']
    await sleep(500)
    expect((await onOld(`select from permit where id = ${String(late)}`)).rowCount).toBe(0)
  }, 60_000)

  it('is neither switched to nor from, nor replicated into while it holds what is nowhere else', async () => {
    const stale = { code: 'side-stale', staleGeneration: 1, generation: 2 }
    await expect(switchOver(switchPlan(pair, pair.source, pair.target))).rejects.toMatchObject(stale)
    await expect(switchOver(switchPlan(pair, pair.target, pair.source))).rejects.toMatchObject(stale)
    await expect(replicate(pair)).rejects.toMatchObject(stale)
    expect((await onNew('select from permit limit 1')).rowCount).toBe(1)
  }, 60_000)

  it('can be moved to again once its database is dropped', async () => {
    await onNew(`drop database ${database} with (force)`, 'postgres')
    await replicate(pair)
    const result = await switchOver(switchPlan(pair, pair.source, pair.target))
    expect(result).toMatchObject({ openSide: 'target', generation: 3, armed: true })
    await writers.stop()
  }, 120_000)
})

describe('a server that falls silent without closing anything', () => {
  /** The processes of the new side's server, its own first. */
  function processes(): readonly number[] {
    const [line = ''] = readFileSync(join(pair.folder, 'new', 'postmaster.pid'), 'utf8').split('\n')
    const children = readFileSync(`/proc/${line}/task/${line}/children`, 'utf8')
    return [Number(line), ...children.trim().split(' ').map(Number)]
  }
  const signalAll = (signal: 'SIGSTOP' | 'SIGCONT', pids: readonly number[]) => {
    for (const pid of pids) process.kill(pid, signal)
  }

  it('keeps nobody waiting, and serves nobody when it wakes', async () => {
    writers = await startWriters(pair)
    const frozen = processes()
    signalAll('SIGSTOP', frozen)
    try {
      const result = await openAlone(plan())
      expect(result).toMatchObject({ generation: 4, openSide: 'source', probe: { ok: true } })
      const { acked } = writers
      await until(async () => writers.acked > acked)
    } finally {
      signalAll('SIGCONT', frozen)
    }
    await until(async () => (await lookAtBothSides(pair.source, pair.target)).new === 'stale')
  }, 120_000)
})

describe('the value a sequence goes on from', () => {
  const sequence = {
    name: 's',
    lastValue: '10',
    called: true,
    increment: '1',
    minimum: '1',
    maximum: '100000',
  }
  it('is past its own position by two margins, and past what a column holds by one', () => {
    expect(valueAlone(sequence, undefined, 1_000)).toBe(2_010n)
    expect(valueAlone(sequence, 900n, 1_000)).toBe(2_010n)
    expect(valueAlone(sequence, 5_000n, 1_000)).toBe(6_000n)
    expect(valueAlone({ ...sequence, increment: '-5', minimum: '-100000' }, -50n, 10)).toBe(-100n)
  })

  it('does not follow a number that leaves no room, and stays where even the margins do not fit', () => {
    expect(valueAlone(sequence, 99_999n, 1_000)).toBe(2_010n)
    expect(valueAlone({ ...sequence, maximum: '50' }, undefined, 1_000)).toBe(10n)
  })
})
