import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { healthOf } from '../../../families/postgresql/health-findings.ts'
import { lookAtWayBack } from '../../../families/postgresql/health.ts'
import { lookAfterForward } from '../../../families/postgresql/replication/look-after.ts'
import { reseed } from '../../../families/postgresql/replication/reseed.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { until } from '../../support/until.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair('come-and-go')
  await makeApplication(pair)
  await replicate(pair)
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

const on = (server: { readonly port: number }) => async (sql: string) =>
  withServer(server.port, database, async (client) => client.query(sql))
const onOld = async (sql: string) => on(pair.old)(sql)
const onNew = async (sql: string) => on(pair.new)(sql)
const count = async (run: typeof onOld, sql: string): Promise<number> => (await run(sql)).rows.length

/** What jobs that load and report do, each gone when it is done. */
const shortLived = [
  'create table report_of_today as select id, fee from permit',
  'insert into report_of_today values (0, 0); drop table report_of_today',
  'create schema staging; create table staging.load (id int primary key, "The Text" text)',
  `insert into staging.load values (1, 'one'); truncate staging.load; drop schema staging cascade`,
  'create table packed (like permit including all)',
  'insert into packed (id, applicant) select id, applicant from permit; drop table packed',
  'create unlogged table quick as select id from permit; alter table quick set logged; insert into quick values (0); drop table quick',
]

describe('replication goes on by itself past tables that were there for a short time', () => {
  it('before a switch, whose guard lets it pass and leaves nothing behind', async () => {
    for (const sql of shortLived) await onOld(sql)
    await onOld(`insert into office (name) values ('east')`)
    const arrived = async () => count(onNew, `select from office where name = 'east'`)
    await until(async () => {
      await lookAfterForward(pair.source, pair.target)
      return (await arrived()) === 1
    })
    expect(await lookAfterForward(pair.source, pair.target)).toEqual([])
    expect(
      await count(
        onNew,
        `select from pg_class where relname in ('report_of_today', 'load', 'packed', 'quick') or relname like 'staging%'`,
      ),
    ).toBe(0)
    expect(await count(onNew, `select from pg_namespace where nspname = 'staging'`)).toBe(0)
  }, 180_000)

  it('in the step itself, and in a switch, which names what is not gone', async () => {
    await onOld('create table again as select 1 as id; drop table again')
    await expect(replicate(pair)).resolves.toMatchObject({ already: true })
    await onOld('create table again as select 1 as id; drop table again')
    await onOld('create table lasting as select 1 as id')
    await expect(switchOver(switchPlan(pair, pair.source, pair.target))).rejects.toThrow(/lasting/)
    await until(async () => {
      const [reason] = await lookAfterForward(pair.source, pair.target)
      return JSON.stringify(reason ?? {}).includes('public.lasting')
    })
    await onOld('drop table lasting')
    const { armed } = await switchOver(switchPlan(pair, pair.source, pair.target))
    expect(armed).toBe(true)
  }, 180_000)

  it('on the way back', async () => {
    for (const sql of shortLived.slice(0, 4)) await onNew(sql)
    await until(async () => {
      const { health } = await lookAtWayBack(pair.target, pair.source)
      return health.channel === 'running' && health.lagMs !== undefined && health.lagMs < 5_000
    })
    expect(await count(onOld, `select from pg_class where relname = 'report_of_today'`)).toBe(0)
    await onNew('create table lasting as select 1 as id')
    await until(async () => {
      const { health } = await lookAtWayBack(pair.target, pair.source)
      return health.reasons.some(
        ({ code, values }) =>
          code === 'reverse-tables-unknown' && JSON.stringify(values).includes('public.lasting'),
      )
    })
    await onNew('drop table lasting')
    const { armed } = await switchOver(switchPlan(pair, pair.target, pair.source))
    expect(armed).toBe(true)
  }, 180_000)
})

describe('a table that was replaced by another of its name', () => {
  const swaps = {
    'renamed into its place': `create table line_new (like audit_line including all); insert into line_new select * from audit_line;
      drop table audit_line; alter table line_new rename to audit_line`,
    'loaded without a log': `create unlogged table line_new (like audit_line including all); insert into line_new select * from audit_line;
      alter table line_new set logged; alter table audit_line rename to line_old; alter table line_new rename to audit_line; drop table line_old`,
  }
  it.each(Object.entries(swaps))(
    'is refused by name, and copied anew on demand (%s)',
    async (_how, sql) => {
      await replicate(pair)
      await onOld(sql)
      await onOld(`alter table audit_line owner to permit_app; delete from audit_line where permit < 10`)
      await expect(switchOver(switchPlan(pair, pair.source, pair.target))).rejects.toThrow(/audit_line/)
      await until(async () =>
        (await lookAfterForward(pair.source, pair.target)).some(
          ({ code }) => code === 'forward-tables-made-anew',
        ),
      )
      await expect(replicate(pair)).rejects.toMatchObject({
        code: 'tables-made-anew',
        tables: ['public.audit_line'],
      })
      await replicate(pair, {}, { replace: true })
      expect(await count(onNew, `select from audit_line where permit < 10`)).toBe(0)
    },
    180_000,
  )

  it('is copied anew by seeding the old side, also where both have the same rows', async () => {
    await replicate(pair)
    await switchOver(switchPlan(pair, pair.source, pair.target))
    const replaced = async () =>
      (await lookAtWayBack(pair.target, pair.source)).health.reasons.some(
        ({ code }) => code === 'tables-replaced',
      )
    const keyOf = async (run: typeof onOld): Promise<string> => {
      const { rows } = await run(
        `select conname as name from pg_constraint where conrelid = 'audit_line'::regclass and contype = 'p'`,
      )
      return (rows[0] as { name: string }).name
    }
    for (const sql of Object.values(swaps)) {
      await onNew(`${sql}; alter table audit_line owner to permit_app`)
      // Under its own names, as tools that repack tables leave it.
      const [usual, made] = [await keyOf(onOld), await keyOf(onNew)]
      if (made !== usual) await onNew(`alter table audit_line rename constraint ${made} to ${usual}`)
      await until(replaced)
      const seeded = await reseed({
        serves: pair.target,
        follows: pair.source,
        waivers: {},
        copyTimeoutMs: 60_000,
        signal: new AbortController().signal,
        say: () => undefined,
      })
      expect(seeded).toMatchObject({ already: false })
      expect(await replaced()).toBe(false)
    }
    await onNew(`insert into audit_line values (-1, 'after it')`)
    await until(async () => (await count(onOld, `select from audit_line where permit = -1`)) === 1)
    await switchOver(switchPlan(pair, pair.target, pair.source))
  }, 180_000)

  it('degrades the way back', () => {
    const fresh = { slotWalStatus: 'reserved', nowMs: 0, tables: [], fingerprint: '' } as const
    const followed = {
      enabled: true,
      applyRunning: true,
      applyErrors: 0,
      markerWrittenAtMs: 0,
      fingerprint: '',
    }
    const { channel, reasons } = healthOf({ ...fresh, madeAnew: ['public.audit_line'] }, followed, {
      objects: [],
    })
    expect({ channel, codes: reasons.map(({ code }) => code) }).toEqual({
      channel: 'at-risk',
      codes: ['tables-replaced'],
    })
  })
})

describe('partitions and children of a published table', () => {
  const of = (year: number) =>
    `for values from ('20${String(year)}-01-01') to ('20${String(year + 1)}-01-01')`
  const inWords = async () => JSON.stringify((await lookAtWayBack(pair.target, pair.source)).health.reasons)
  const names = ['visit_25', 'visit_26', 'note_of_day']
  /** Detached, given other bounds, and inheriting no more. */
  const change = async (on: typeof onOld) => {
    await on('alter table visit detach partition visit_25 concurrently')
    await on(`alter table visit detach partition visit_26; alter table visit attach partition visit_26 for values from ('2026-01-01') to ('2026-12-01');
      alter table note_of_day no inherit note`)
  }
  const changeBack = async (on: typeof onOld) =>
    on(`alter table visit attach partition visit_25 ${of(25)}; alter table visit detach partition visit_26;
      alter table visit attach partition visit_26 ${of(26)}; alter table note_of_day inherit note`)

  beforeAll(async () => {
    const schema = `create table visit (id int, on_day date, primary key (id, on_day)) partition by range (on_day);
      create table visit_25 partition of visit ${of(25)}; create table visit_26 partition of visit ${of(26)};
      create table note (id int primary key); create table note_of_day (primary key (id)) inherits (note)`
    await onNew(`set default_transaction_read_only = off; ${schema}`)
    await onOld(
      `${schema}; insert into visit values (1, '2025-05-05'), (2, '2026-06-06'); insert into note_of_day values (1)`,
    )
    await replicate(pair)
  }, 120_000)

  it('refuse a switch by name where they are joined otherwise, or were made meanwhile', async () => {
    await change(onOld)
    const refusal = await switchOver(switchPlan(pair, pair.source, pair.target)).catch(String)
    for (const name of names) expect(refusal).toContain(name)
    await changeBack(onOld)
    await onOld(`create table visit_27 partition of visit ${of(27)}; insert into visit values (1, '2027-01-01');
      create table visit_28 (like visit including all); insert into visit_28 values (1, '2028-01-01');
      alter table visit attach partition visit_28 ${of(28)}`)
    await expect(switchOver(switchPlan(pair, pair.source, pair.target))).rejects.toThrow(/visit_2[78]/)
    await onOld('drop table visit_27, visit_28')
  }, 120_000)

  it('that were replaced are named, and copied anew', async () => {
    await onOld(`alter table visit detach partition visit_26; create table visit_new (like visit including all);
      insert into visit_new select * from visit_26; drop table visit_26; alter table visit_new rename to visit_26;
      alter table visit attach partition visit_26 ${of(26)}; insert into visit values (3, '2026-07-07')`)
    await onOld(`create table note_new (primary key (id)) inherits (note); insert into note_new select * from note_of_day;
      drop table note_of_day; alter table note_new rename to note_of_day`)
    await expect(switchOver(switchPlan(pair, pair.source, pair.target))).rejects.toThrow(
      /note_of_day|visit_26/,
    )
    await expect(replicate(pair)).rejects.toMatchObject({
      tables: expect.arrayContaining(['public.note_of_day', 'public.visit_26']) as unknown,
    })
    await replicate(pair, {}, { replace: true })
    expect(await count(onNew, 'select from visit')).toBe(3)
    const { armed } = await switchOver(switchPlan(pair, pair.source, pair.target))
    expect(armed).toBe(true)
  }, 180_000)

  it('degrade the way back by name', async () => {
    expect(await inWords()).not.toContain('visit_2')
    await change(onNew)
    await until(async () => {
      const words = await inWords()
      return names.every((name) => words.includes(name))
    })
    await changeBack(onNew)
    await until(async () => !/visit_2|note_of_day/.test(await inWords()))
  }, 120_000)
})
