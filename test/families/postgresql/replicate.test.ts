import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { indexTrainedOnRows } from '../../../families/postgresql/rules/index-trained-on-rows.ts'
import { disarm } from '../../../families/postgresql/replication/stop.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  withServer,
} from '../../support/postgres-pair.ts'
import { adminPassword, adminUser, appPassword } from '../../support/postgres-servers.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair('replicate')
  await makeApplication(pair)
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

const onOld = async (sql: string) => withServer(pair.old.port, database, async (client) => client.query(sql))
const onNew = async (sql: string, name = database) =>
  withServer(pair.new.port, name, async (client) => client.query(sql))

async function undo(waivers: Readonly<Record<string, string>> = {}): Promise<void> {
  await disarm({
    sides: [pair.source, pair.target],
    closedSide: 'release',
    waivers,
    say: () => undefined,
  })
  await onNew(`drop database if exists ${database} with (force)`, 'postgres')
}

/** Everything a replication leaves behind on a server. */
async function traces(port: number): Promise<readonly unknown[]> {
  return withServer(port, database, async (client) => {
    const { rows } = await client.query<{ trace: string }>(
      `select 'slot ' || slot_name as trace from pg_replication_slots
       union all select 'subscription ' || subname from pg_subscription
       union all select 'publication ' || pubname from pg_publication
       union all select 'event trigger ' || evtname from pg_event_trigger
       union all select 'schema ' || nspname from pg_namespace where nspname = 'qianyun'`,
    )
    return rows.map(({ trace }) => trace)
  })
}

describe('the census', () => {
  it('names everything replication would break on, each with its waiver, and changes nothing', async () => {
    await onOld(`create table visit (page text); create unlogged table ticket (n integer primary key);
      select lo_from_bytea(4711, 'seal')`)

    const refused = replicate(pair)

    await expect(refused).rejects.toMatchObject({
      code: 'census-refused',
      problems: [
        { code: 'table-without-key', object: 'public.visit' },
        { code: 'unlogged-table', object: 'public.ticket' },
        { code: 'large-objects', object: 'large-objects' },
      ],
    })
    await expect(refused).rejects.toThrow(/waive it under the name "public.visit"/)
    expect(await traces(pair.old.port)).toEqual([])
  }, 60_000)

  it('names what would only go wrong later: deferrable keys, triggers that fire twice, other subscriptions', async () => {
    await onOld(
      `create table turn (n integer primary key deferrable); alter table permit enable always trigger permit_stamp`,
    )
    await onOld(
      `create subscription exchange connection 'host=127.0.0.1' publication p with (connect = false)`,
    )
    await onOld(`alter subscription exchange enable`)

    await expect(replicate(pair, { 'large-objects': 'read only' })).rejects.toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ code: 'table-without-key', object: 'public.turn' }),
        expect.objectContaining({ code: 'trigger-fires-on-apply', object: 'public.permit.permit_stamp' }),
        expect.objectContaining({ code: 'foreign-subscription', object: 'exchange' }),
      ]),
    })

    await onOld(`drop table turn; alter table permit enable trigger permit_stamp`)
    await onOld(`alter subscription exchange disable`)
    await onOld(`alter subscription exchange set (slot_name = none)`)
    await onOld(`drop subscription exchange`)
  }, 60_000)

  it('lets waived objects pass: whole rows serve as the key, large objects are copied', async () => {
    const result = await replicate(pair, {
      'public.visit': 'only ever added to',
      'public.ticket': 'empty every morning',
      'large-objects': 'read only',
    })
    await onOld(`insert into visit values ('a'), ('b'); delete from visit where page = 'a'`)

    expect(result).toMatchObject({ waived: ['public.visit'], largeObjects: 1, already: false })
    for (let left = 100; left > 0; left--) {
      const { rows } = await onNew('select page from visit')
      if (JSON.stringify(rows) === '[{"page":"b"}]') break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect((await onNew('select page from visit')).rows).toEqual([{ page: 'b' }])
    const { rows } = await onNew(`select convert_from(lo_get(4711), 'UTF8') as seal`)
    expect(rows).toEqual([{ seal: 'seal' }])
  }, 60_000)

  it('gives waived tables their own key back, and takes nothing but names from waivers', async () => {
    const hostile = 'public.permit replica identity default; create table t (); alter table t'
    await undo({ 'public.visit': 'only ever added to', [hostile]: 'an attempt' })
    const { rows } = await onOld(
      `select relname, relreplident from pg_class where relname in ('visit', 't') and relkind = 'r'`,
    )
    expect(rows).toEqual([{ relname: 'visit', relreplident: 'd' }])
  }, 60_000)

  it('refuses a server with another wal_level and one whose slots are all taken', async () => {
    await onOld('drop table visit, ticket; select lo_unlink(4711)')
    await pair.new.restart({ wal_level: 'replica', max_replication_slots: '0' })
    await expect(replicate(pair)).rejects.toMatchObject({
      problems: [{ code: 'wal-level' }, { code: 'replication-slots-full' }],
    })
    await pair.new.restart({ max_replication_slots: '1', idle_replication_slot_timeout: '1h' })
    await onNew(`select pg_create_physical_replication_slot('somebody', true)`, 'postgres')
    await expect(replicate(pair)).rejects.toMatchObject({
      problems: [{ code: 'replication-slots-full' }, { code: 'idle-slot-timeout' }],
    })
    await onNew(`select pg_drop_replication_slot('somebody')`, 'postgres')
    await pair.new.restart({})
    expect(await traces(pair.old.port)).toEqual([])
  }, 60_000)
})

describe('replication', () => {
  it('makes database, role and schema, closes the new side, and only looks when repeated', async () => {
    const first = await replicate(pair)
    const second = await replicate(pair)

    expect([first.already, second.already]).toEqual([false, true])
    const { rows: copied } = await onNew('select count(*)::int as n from permit')
    expect(copied).toEqual([{ n: 500 }])
    expect(await pair.target.tryAppLogin(appRole)).toBe('28000')
  }, 60_000)

  it('ends sessions that were on the new side before it was closed', async () => {
    await undo()
    await onNew(`create database ${database}`, 'postgres')
    const early = new pg.Client({
      host: '127.0.0.1',
      port: pair.new.port,
      database,
      user: appRole,
      password: appPassword,
    })
    early.on('error', () => undefined)
    await early.connect()

    await replicate(pair)

    await expect(early.query('select 1')).rejects.toThrow()
  }, 60_000)

  it('keeps its password out of the servers’ logs', () => {
    expect(readFileSync(join(pair.folder, 'server.log'), 'utf8')).not.toContain(adminPassword)
  })

  it('refuses a target that holds somebody’s tables, and leaves no trace when undone', async () => {
    await undo()
    expect(await traces(pair.old.port)).toEqual([])
    await onNew(`create database ${database}`, 'postgres')
    await onNew('create table theirs (id integer primary key)')

    await expect(replicate(pair)).rejects.toMatchObject({
      code: 'target-not-empty',
      tables: ['public.theirs'],
    })
    expect(await traces(pair.old.port)).toEqual([])
    expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
  }, 60_000)
})

describe('a run that was refused after it had copied the schema', () => {
  const grantHelper = 'create role helper; grant select on office to helper'
  const mayDiffer = {
    waivers: [{ rule: 'sides-differ', pattern: 'role helper', reason: 'It logs in nowhere.' }],
  }
  const differs = { code: 'sides-differ', problems: [{ object: 'role helper' }] }

  it('is gone on with: what people correct on the new side stays, and so does what a waiver lets differ', async () => {
    await undo()
    await onOld(grantHelper)
    await onNew('create role helper login createdb', 'postgres')
    await expect(replicate(pair)).rejects.toMatchObject(differs)
    await onNew(`comment on table office is 'corrected here'; alter role helper nologin`)

    const said: string[] = []
    await replicate(pair, {}, { ...mayDiffer, say: (line) => said.push(line) })

    expect(said).toContain('the schema that an earlier run copied is gone on with')
    const { rows } = await onNew(
      `select obj_description('office'::regclass) as said, count(*)::int as n from office`,
    )
    expect(rows).toEqual([{ said: 'corrected here', n: 2 }])
  }, 240_000)

  it('is refused as holding somebody’s tables once there are rows', async () => {
    await undo()
    await expect(replicate(pair)).rejects.toMatchObject(differs)
    await onNew(`set session_replication_role = replica; insert into office values (77, 'theirs')`)
    await expect(replicate(pair, {}, mayDiffer)).rejects.toMatchObject({ code: 'target-not-empty' })
    await onOld('revoke select on office from helper; drop role helper')
  }, 240_000)
})

/** Whatever can be done to what ends with its session, each in one: none of it is a change of the schema. */
const onTemporaryObjects = [
  `create policy mine on scratch; create rule quiet as on delete to scratch do instead nothing;
   create trigger twice before update on scratch for each row execute function suppress_redundant_updates_trigger();
   comment on policy mine on scratch is 'm'; comment on rule quiet on scratch is 'q'; comment on trigger twice on scratch is 't';
   alter trigger twice on scratch rename to thrice; alter policy mine on scratch rename to ours;
   drop trigger thrice on scratch; drop rule quiet on scratch; drop policy ours on scratch`,
  'grant select on scratch to public; revoke select on scratch from public',
  'grant select (id) on scratch to public',
  'grant usage on sequence scratch_kept_seq to public',
  'begin; savepoint one; grant insert on scratch to public; commit',
  `create statistics scratch_numbers on id, kept from scratch; alter statistics scratch_numbers set statistics 50;
   comment on statistics scratch_numbers is 's'; drop statistics scratch_numbers`,
  'create statistics scratch_left on id, kept from scratch',
  `comment on table scratch is 's'; comment on column scratch.id is 'i'`,
  `alter table scratch add constraint positive check (id > 0); comment on constraint positive on scratch is 'p';
   alter table scratch drop constraint positive`,
  `alter table scratch alter column id set default 7; alter table scratch alter column id drop default;
   alter table scratch add column more text default 'm'; alter table scratch drop column more; alter table scratch rename to scraped`,
  'create index on scratch (id); alter table scratch enable row level security; alter table scratch replica identity full',
  `create temporary view seen as select 1 as n; grant select on seen to public; comment on view seen is 'v'; drop view seen`,
  `create function pg_temp.once() returns int language sql as 'select 1'; grant execute on function pg_temp.once() to public;
   revoke execute on function pg_temp.once() from public; comment on function pg_temp.once() is 'f'; drop function pg_temp.once()`,
  `create type pg_temp.mood as enum ('a'); grant usage on type pg_temp.mood to public; drop type pg_temp.mood;
   create domain pg_temp.small as int constraint tiny check (value < 9); comment on constraint tiny on domain pg_temp.small is 't';
   alter domain pg_temp.small drop constraint tiny`,
  'create temporary sequence pace; grant usage on sequence pace to public; alter sequence pace increment 2; drop sequence pace',
].map((sql) => `create temporary table scratch (id int, kept serial, words text); ${sql}`)

describe('a schema that is frozen', () => {
  it('lets every documented repair and what changes no schema through, and refuses the rest with what to do instead', async () => {
    await undo()
    await onOld('create materialized view fees as select sum(fee) as fees from permit')
    await replicate(pair, {}, { freeze: 'reject' })
    await expect(replicate(pair, {}, { freeze: 'reject' })).resolves.toMatchObject({ already: true })

    const refused = [
      'create table lane (id int primary key)',
      'create index on permit (fee)',
      'alter table permit add column lane text',
      `comment on table permit is 'frozen'`,
      'drop view open_permits',
      'grant select on permit to public',
      'create temporary table beside (id int); grant select on permit to public',
      'create temporary table beside (id int); grant select (fee) on permit to public',
      'begin; create temporary table beside (id int); savepoint one; grant select on permit to public',
      'create statistics numbers on id, fee from permit',
      'create function f() returns int language sql as $$ select 1 $$',
    ]
    for (const run of [onOld, onNew])
      for (const sql of refused)
        await expect(run(sql)).rejects.toMatchObject({
          message: expect.stringMatching(/^schema changes are frozen .*: [A-Z ]+ /) as unknown,
          hint: expect.stringMatching(/qianyun retention ddl FILE.*freeze: record/) as unknown,
        })
    const asApplication = withServer(
      pair.old.port,
      database,
      async (client) => client.query('create table lane (id int primary key)'),
      appRole,
      appPassword,
    )
    await expect(asApplication).rejects.toMatchObject({
      hint: expect.stringMatching(/retention ddl/) as unknown,
    })

    for (const run of [onOld, onNew]) {
      for (const sql of onTemporaryObjects) await run(sql)
      for (const sql of [
        'refresh materialized view fees',
        'reindex table permit',
        'reindex index concurrently permit_pkey',
        'vacuum permit',
        'analyze permit',
      ])
        await run(sql)
    }
    const [subscription] = (await onNew('select subname as name from pg_subscription')).rows as {
      name: string
    }[]
    const name = subscription?.name ?? ''
    for (const repair of ['disable', 'enable', 'refresh publication', 'disable', 'set (slot_name = none)'])
      await onNew(`alter subscription ${name} ${repair}`)
    await onNew(`drop subscription ${name}`)
    await onOld(`create subscription by_hand connection 'host=127.0.0.1' publication p with (connect = false, slot_name = none);
      drop subscription by_hand`)

    // Whoever is let in is let in by the step itself, and what it then changes is on record.
    await undo()
    await replicate(pair, {}, { freeze: 'record' })
    await onOld('create view lane as select 1 as n; drop view lane; reindex table permit')
    const { rows: recorded } = await onOld('select command from qianyun.ddl order by at')
    expect(recorded.map(({ command }) => command as string)).toEqual(['CREATE VIEW', 'DROP VIEW'])
    await undo()
    await onOld('drop materialized view fees')
  }, 120_000)
})

it('an index is built anew on the closed side by the statement that its finding names', async () => {
  await replicate(pair)
  const [, statement = ''] = /"(set [^"]+)"/.exec(indexTrainedOnRows.remedy.en) ?? []
  const admin = new pg.Client({
    host: '127.0.0.1',
    port: pair.new.port,
    user: adminUser,
    password: adminPassword,
    database,
  })
  await admin.connect()
  try {
    await expect(admin.query(statement.replaceAll('{object}', 'public.permit_pkey'))).resolves.toBeDefined()
  } finally {
    await admin.end()
  }
}, 120_000)
