import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { changeSchema } from '../../../families/postgresql/ddl/change-schema.ts'
import { CensusRefusedError } from '../../../families/postgresql/errors.ts'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { rehearse } from '../../../families/postgresql/rehearsal/rehearse.ts'
import { disarm } from '../../../families/postgresql/replication/stop.ts'
import { removal } from '../../../families/postgresql/removal.ts'
import { reseed } from '../../../families/postgresql/replication/reseed.ts'
import { openAlone } from '../../../families/postgresql/switchover/open-alone.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { lostOn } from '../../support/acknowledged.ts'
import {
  cloudAdmin,
  makeManaged,
  managedPort,
  rightsOfCloudAdmin,
  startManagedPair,
} from '../../support/managed-server.ts'
import { alonePlan } from '../../support/open-alone.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { adminPassword, adminUser } from '../../support/postgres-servers.ts'

let pair: Pair
let writers: LedgerWriters | undefined
const signal = new AbortController().signal
const say = () => undefined
const ofRemoval = { mayBeEmpty: false, overwrite: false, signal }

/** What a superuser's hand shows in a database, and what no simple one has. */
const ofMore = `
alter schema public owner to postgres; grant all on schema public to public;
create role desk_owner; create role clerk login; create role readers; grant readers to clerk with admin option;
alter role clerk set work_mem = '8MB'; alter database permit set statement_timeout = '1h';
create schema desk authorization desk_owner; create extension citext schema public; comment on extension citext is 'words';
create table desk.file (id integer primary key, title citext not null, owner text); alter table desk.file owner to desk_owner;
grant select, insert on desk.file to readers with grant option; comment on table desk.file is 'the files';
alter table desk.file enable row level security; create policy mine on desk.file to clerk using (owner = current_user);
create table desk.by_superuser (id integer primary key, line text); grant select on desk.by_superuser to permit_app;
create table desk.part (id integer, at date, primary key (id, at)) partition by range (at);
create table desk.part_26 partition of desk.part for values from ('2026-01-01') to ('2027-01-01');
alter table desk.part owner to desk_owner; alter table desk.part_26 owner to desk_owner;
create function desk.fit(text) returns boolean language sql immutable as $$ select length($1) > 0 $$; alter function desk.fit(text) owner to desk_owner;
create domain desk.word as text check (desk.fit(value)); alter domain desk.word owner to desk_owner;
create table desk.worded (id integer primary key, w desk.word, check (desk.fit(w))); alter table desk.worded owner to desk_owner;
create materialized view desk.counted as select count(*) from desk.file; alter materialized view desk.counted owner to desk_owner;
alter default privileges for role desk_owner in schema desk grant select on tables to readers;
alter default privileges in schema desk grant select on tables to readers;
insert into desk.file values (1, 'One', 'clerk'); insert into desk.by_superuser values (1, 'x');
insert into desk.part values (1, '2026-05-05'); insert into desk.worded values (1, 'w'); refresh materialized view desk.counted`

const onOld = async (sql: string, name = database) =>
  withServer(pair.old.port, name, async (client) => client.query<Record<string, unknown>>(sql))
const onNew = async (sql: string, name = database) =>
  withServer(pair.new.port, name, async (client) => client.query<Record<string, unknown>>(sql))

beforeAll(async () => {
  pair = await startManagedPair('managed')
  await makeApplication(pair)
  await onOld(ofMore)
}, 120_000)

afterEach(async () => {
  await writers?.stop()
  writers = undefined
})

afterAll(async () => {
  await pair.stop()
}, 60_000)

/** Roles and databases of the service, its own left out. */
async function madeThere(): Promise<readonly unknown[]> {
  const { rows } = await onNew(
    `select rolname::text as name from pg_roles where oid >= 16384 and rolname !~ '^cloud_'
      union all select datname::text from pg_database where oid >= 16384 order by 1`,
    'postgres',
  )
  return rows.map(({ name }) => name)
}

describe('a service that lets its administrator do too little', () => {
  const { attributes, memberOf } = rightsOfCloudAdmin
  const lacking: readonly (readonly [string, string, readonly string[]])[] = [
    ['CREATEROLE', attributes.replace('createrole', ''), memberOf],
    ['CREATEDB', attributes.replace('createdb', ''), memberOf],
    ['REPLICATION (rds_replication)', attributes.replace('replication', ''), memberOf],
    ['pg_create_subscription', attributes, memberOf.filter((role) => role !== 'pg_create_subscription')],
    ['pg_signal_backend', attributes, memberOf.filter((role) => role !== 'pg_signal_backend')],
    ['pg_monitor', attributes, memberOf.filter((role) => role !== 'pg_monitor')],
  ]

  it.each(lacking)(
    'is refused by the name of "%s" before anything is made',
    async (right, own, groups) => {
      const admin = `cloud_without_${right.toLowerCase().replace(/\W.*/, '')}`
      await makeManaged(pair.new.port, { attributes: own, memberOf: groups }, admin)
      const target = managedPort('target', pair.new.port, database, admin)
      const refused = replicate({ ...pair, target })
      await expect(refused).rejects.toThrow(CensusRefusedError)
      await expect(refused).rejects.toThrow(`Administrator "${admin}"`)
      await expect(refused).rejects.toThrow(`lacks the right "${right}"`)
      expect(await madeThere()).toEqual([])
    },
    60_000,
  )

  it('is refused where its version lets nobody but a superuser subscribe', async () => {
    const admin = {
      attributes: 'createdb createrole replication',
      memberOf: ['pg_monitor', 'pg_signal_backend'],
    }
    await makeManaged(pair.old.port, admin)
    const refused = replicate({ ...pair, target: managedPort('target', pair.old.port, 'elsewhere') })
    await expect(refused).rejects.toThrow(
      /is PostgreSQL 15\.\d+: before 16 nobody but a superuser subscribes/,
    )
    await expect(refused).rejects.toThrow('as a dataset of the family "commands"')
    await onOld(`drop role ${cloudAdmin}`)
  }, 60_000)

  it('is refused while it would keep the password of the old side in its log', async () => {
    await onNew(`alter role ${cloudAdmin} set log_statement = 'ddl'`, 'postgres')
    await expect(replicate(pair)).rejects.toThrow('writes statements into its log (log_statement = ddl)')
    expect(await madeThere()).toEqual([])
    await onNew(`alter role ${cloudAdmin} reset log_statement`, 'postgres')
  }, 60_000)

  it('is refused what only a superuser makes, each thing by its name', async () => {
    await onOld(`create function on_ddl() returns event_trigger language plpgsql as 'begin end';
      create event trigger seen on ddl_command_end execute function on_ddl();
      create function fast(text) returns text language sql immutable leakproof as 'select $1'`)
    const { findings } = await assessDatabase(pair.source, { target: pair.target, waivers: [] })
    expect(findings.filter(({ code }) => code === 'needs-superuser')).toMatchObject([
      { subject: 'event trigger seen', severity: 'critical' },
      { subject: 'function public.fast(text)', severity: 'critical' },
    ])
    await expect(replicate(pair)).rejects.toThrow('Nobody but a superuser makes event trigger seen')
    expect(await madeThere()).toEqual([])
    await onOld('drop event trigger seen; drop function on_ddl(); drop function fast(text)')
  }, 60_000)
})

describe('a managed service as the new side', () => {
  it('is told in the assessment what of it is not looked at, and what it may not do', async () => {
    const { facts, findings } = await assessDatabase(pair.source, { target: pair.target, waivers: [] })
    expect(facts.unknown).toEqual([])
    expect(findings.filter(({ severity }) => severity === 'critical')).toEqual([])
    expect(findings.filter(({ code }) => code === 'unseen-at-service').map(({ subject }) => subject)).toEqual(
      ['passwords', 'search files', 'shared memory'],
    )
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['schema-changes-unseen', 'disk-unseen']),
    )
  }, 60_000)

  it('is rehearsed, and nothing of the rehearsal stays', async () => {
    const { from, to, entry, waivers, ...bounds } = switchPlan(pair, pair.source, pair.target)
    const result = await rehearse({
      ...{ from, to, entry, waivers, bounds, signal, say },
      ...{ schemaOnly: false, writers: 3, writerPauseMs: 5, calmMs: 300, copyTimeoutMs: 30_000 },
    })
    expect(result).toMatchObject({ lostWrites: 0 })
    expect(await madeThere()).not.toContain(`${database}_rehearsal`)
  }, 120_000)

  it('goes forth and back under writers and loses nothing, schema changes and all', async () => {
    await replicate(pair)
    writers = await startWriters(pair)
    const there = await switchOver(switchPlan(pair, pair.source, pair.target))
    expect(there).toMatchObject({ openSide: 'target', armed: true, differing: [], probe: { ok: true } })
    const sql = 'alter table permit add column seen boolean; create table stamp (id integer primary key)'
    const sides = { serves: pair.target, follows: pair.source }
    await changeSchema({
      ...sides,
      id: 'permit-desk-1/1',
      sql,
      role: appRole,
      mayBeHalfMade: false,
      signal,
      say,
    })
    await onNew(`insert into stamp values (7); insert into desk.by_superuser values (2, 'y')`)
    const back = await switchOver(switchPlan(pair, pair.target, pair.source))
    expect(back).toMatchObject({ openSide: 'source', armed: true, differing: [], probe: { ok: true } })
    expect((await onOld('select id from stamp')).rows).toEqual([{ id: 7 }])
    expect((await onOld('select id from desk.by_superuser order by 1')).rows).toEqual([{ id: 1 }, { id: 2 }])
    await expectNothingLost(writers)
  }, 120_000)

  it('has its roles log in with the passwords they had', async () => {
    expect(await switchOver(switchPlan(pair, pair.source, pair.target))).toMatchObject({ armed: true })
    expect(await pair.target.tryAppLogin(appRole)).toBeUndefined()
    expect(await pair.source.tryAppLogin(appRole)).toMatch(/^(28000|42501)$/)
  }, 60_000)

  it('is not left while a table of somebody else there is not replicated', async () => {
    await onNew('create table stray (id integer primary key)')
    await onOld('create table stray (id integer primary key)')
    await expect(switchOver(switchPlan(pair, pair.target, pair.source))).rejects.toThrow(
      'are not replicated, because its administrator may not act for their owners (public.stray)',
    )
    await onNew('drop table stray')
    await onOld('drop table stray')
  }, 60_000)

  it('is not left with a change of its schema that came after the comparison, which nothing there counts', async () => {
    const sql = `set role ${appRole}; create table late (id integer primary key)`
    const leaving = switchOver(
      switchPlan(pair, pair.target, pair.source, {
        attempts: 1,
        onPart: (part) => {
          if (part === 'pause') atOnce(pair.new.port, sql)
        },
      }),
    )
    await expect(leaving).rejects.toThrow(/"target" .* was changed/)
    await onNew('drop table late')
  }, 60_000)

  it('has its old side seeded anew from it', async () => {
    const { rows } = await onOld(`select subname::text as name from pg_subscription`)
    await onOld(`alter subscription ${String(rows[0]?.['name'])} disable`)
    await onOld(
      `alter subscription ${String(rows[0]?.['name'])} set (slot_name = none); drop subscription ${String(rows[0]?.['name'])}`,
    )
    const seeded = await reseed({
      ...{ serves: pair.target, follows: pair.source, waivers: [] },
      ...{ copyTimeoutMs: 30_000, signal, say },
    })
    expect(seeded).toMatchObject({ already: false })
    expect(await switchOver(switchPlan(pair, pair.target, pair.source))).toMatchObject({
      openSide: 'source',
      armed: true,
    })
  }, 120_000)

  it('is removed for good, and nothing of the move stays on the service', async () => {
    await disarm({ sides: [pair.source, pair.target], closedSide: 'keep', waivers: [], say })
    const found = await removal.find(pair.target, ofRemoval)
    await removal.check(pair.target)
    await removal.remove(pair.target, found, ofRemoval)
    expect(await removal.left(pair.target, found)).toEqual([])
    await removal.forget(pair.target)
    const { rows } = await onNew(
      `select slot_name::text as name from pg_replication_slots union all select subname::text from pg_subscription
        union all select rolname::text from pg_roles where rolname like 'qianyun%'`,
      'postgres',
    )
    expect(rows).toEqual([])
  }, 60_000)

  it('is opened without the old side once that is gone', async () => {
    await replicate(pair)
    await pair.old.stop()
    const alone = await openAlone(alonePlan(switchPlan(pair, pair.source, pair.target)))
    expect(alone).toMatchObject({ openSide: 'target', probe: { ok: true } })
    await pair.old.restart({})
  }, 60_000)
})

/** Runs statements before anything else of this process goes on. */
function atOnce(serverPort: number, sql: string): void {
  const env = { ...process.env, PGPASSWORD: adminPassword }
  const at = ['--host=127.0.0.1', `--port=${String(serverPort)}`, `--username=${adminUser}`]
  execFileSync('psql', [...at, '--no-psqlrc', '--quiet', `--command=${sql}`, database], { env })
}

async function expectNothingLost(writing: LedgerWriters): Promise<void> {
  await writing.stop()
  expect(writing.acked).toBeGreaterThan(0)
  expect(writing.ambiguousWrites).toBe(0)
  for (const server of [pair.old, pair.new]) expect(await lostOn(server.port, writing)).toBe(0)
}
