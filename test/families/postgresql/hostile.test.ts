import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { pour } from '../../../families/postgresql/copy/pour.ts'
import { withPouringRole } from '../../../families/postgresql/copy/pouring-role.ts'
import { noteHalfMade } from '../../../families/postgresql/copy/half-made.ts'
import { clearTarget, makeDatabase } from '../../../families/postgresql/copy/make-database.ts'
import { copyRoles } from '../../../families/postgresql/copy/roles.ts'
import { withClient } from '../../../families/postgresql/server/connections.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { tableSum } from '../../../families/postgresql/verify/table-sum.ts'
import { verify } from '../../../families/postgresql/verify/verify.ts'
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
} from '../../support/postgres-pair.ts'
import { appPassword } from '../../support/postgres-servers.ts'

/** Wherever an owner can leave code, it leaves a call that says so when it runs with a superuser's rights. */
const planted = `
create function public.take(place text) returns text language plpgsql as $fn$ begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    raise log 'TAKEN by % as % at port %', place, current_user, current_setting('port');
  else raise log 'RAN % at port %', place, current_setting('port');
  end if;
  return place; end $fn$;
create function public.calm(place text, value text) returns boolean immutable language plpgsql as
  $fn$ begin perform public.take(place); return value is not null; end $fn$;
create view public.planned as select public.calm('view', 'constant') as taken;
create view computed as select public.take('view of rows') as taken from permit;
create materialized view computed_once as select public.take('materialized view') as taken;
create domain guarded as text check (public.calm('domain', value));
create type mood as enum ('fine');
create function public.mood_text(mood) returns text language sql as $fn$ select public.take('cast') $fn$;
create cast (mood as text) with function public.mood_text(mood);
create table bait (
  id integer primary key, mood mood default 'fine', note text default public.take('default') check (public.calm('check', note)),
  guarded guarded default 'x', computed boolean generated always as (public.calm('generated column', note)) stored);
create index on bait (public.calm('index', note));
create index on bait (id) where public.calm('partial index', note);
create statistics bait_sense on (public.calm('statistics', note)), id from bait;
create function public.on_row() returns trigger language plpgsql as $fn$ begin perform public.take(tg_argv[0]); return new; end $fn$;
create trigger bait_row after insert on bait for each row execute function public.on_row('trigger');
alter table bait enable row level security;
create policy bait_policy on bait using (public.calm('policy', note));
create function public.same(text, text) returns boolean immutable language plpgsql as $fn$ begin perform public.take('operator'); return true; end $fn$;
create operator public.=== (leftarg = text, rightarg = text, function = public.same);
create function public.apart(integer, integer) returns float8 immutable language plpgsql as $fn$ begin perform public.take('distance of a range'); return $1 - $2; end $fn$;
create type span as range (subtype = integer, subtype_diff = public.apart);
create table folded (
  id integer primary key, note text default 'x', span span default '[1,5)',
  check (public.calm('constant in a check', 'x')), check (note operator(public.===) 'x'),
  check (query_to_xml('select public.take(''query in a check'')', true, false, '') is not null));
create index on folded ((public.calm('constant in an index', 'x') and id > 0));
create index on folded (id) where public.calm('constant in a partial index', 'x');
create index on folded using gist (span);
create function public.number(place text) returns integer immutable language plpgsql as $fn$ begin perform public.take(place); return 0; end $fn$;
create table parted (id integer, note text) partition by range ((id + public.number('constant in a key of partitions')));
create table parted_one partition of parted for values from (0) to (1000);
alter table parted replica identity full; alter table parted_one replica identity full;
create trigger folded_always before insert or update on folded for each row execute function public.on_row('trigger always');
create trigger folded_replica before insert or update on folded for each row execute function public.on_row('trigger replica');
alter table folded enable always trigger folded_always; alter table folded enable replica trigger folded_replica;
create function public.on_statement() returns trigger language plpgsql as $fn$ begin perform public.take(tg_argv[0]); return null; end $fn$;
create trigger folded_truncate before truncate on folded for each statement execute function public.on_statement('trigger of a truncate');
alter table folded enable always trigger folded_truncate;
create rule folded_rule as on insert to folded do also select public.take('rule');
create type colour as enum ('fine');
create function public.colour_number(colour) returns integer immutable language plpgsql as $fn$ begin perform public.take('cast of a reference'); return 1; end $fn$;
create cast (colour as integer) with function public.colour_number(colour) as implicit;
create table coloured (colour integer primary key);
create table painted (id integer primary key, colour colour references coloured (colour));
insert into coloured values (1);
insert into painted values (1, 'fine');
create schema evil;
create function evil.md5(text) returns text language sql as $fn$ select public.take('search path of the database') $fn$;
create function evil.count(text) returns text language sql as $fn$ select public.take('search path of the role') $fn$;
alter database permit set search_path = evil, pg_catalog, public;
insert into bait (id) select generate_series(1, 10);
insert into folded (id) select generate_series(1, 10);
insert into parted (id) select generate_series(1, 10);`

/** Triggers that fire on the side that follows are refused otherwise. */
const waivers = {
  'public.folded.folded_always': 'it writes nothing',
  'public.folded.folded_replica': 'it writes nothing',
  'public.folded.folded_truncate': 'it writes nothing',
}

/** Rows that come and change, also in tables that are emptied before. */
const changes = (id: number): string => `
  insert into bait (id) values (${id}); update bait set note = 'changed ${id}' where id = 5;
  truncate folded; insert into folded (id) values (${id}), (${id + 1}); update folded set note = 'changed' where id = ${id}`

let pair: Pair

const asOwner = async (server: number, sql: string) =>
  withServer(server, database, async (client) => client.query(sql), appRole, appPassword)

const taken = async () => placesIn(/TAKEN by (.+) as \S+ at port (\d+)/g)
const ran = async () => placesIn(/RAN (.+) at port (\d+)/g)

async function placesIn(pattern: RegExp): Promise<readonly string[]> {
  const log = await readFile(join(pair.folder, 'server.log'), 'utf8')
  const places = [...log.matchAll(pattern)]
  return [
    ...new Set(
      places.map(([, place, at]) => `${String(place)} on ${at === String(pair.old.port) ? 'old' : 'new'}`),
    ),
  ].sort()
}

const superusers = async () => {
  const on = async (server: number) =>
    withServer(server, 'postgres', async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'select rolname as name from pg_roles where rolsuper',
      )
      return rows.map(({ name }) => name)
    })
  return { old: await on(pair.old.port), new: await on(pair.new.port) }
}

const look = async (from: Pair['source'], to: Pair['target']) =>
  verify({
    ...{ from, to, except: [], largeObjectsAtSwitch: false, rounds: 3 },
    signal: new AbortController().signal,
    say: () => undefined,
  })

beforeAll(async () => {
  pair = await startPair('hostile')
  await makeApplication(pair)
  await asOwner(pair.old.port, planted)
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

it('a move runs no code of the owner with more rights than the owner has', async () => {
  const { source, target } = pair
  await assessDatabase(source, { target, waivers })
  // What would run as a superuser whatever is done is refused before anything is copied.
  await expect(replicate(pair, waivers)).rejects.toThrow(/colour_number[^]*number\(text\)/)
  const pouring = {
    from: source,
    fromMajor: 15,
    to: port('target', pair.new.port, 'postgres'),
    schemaOnly: false,
  }
  const signal = new AbortController().signal
  await expect(pour({ ...pouring, signal })).rejects.toMatchObject({ code: 'owner-code' })
  await asOwner(pair.old.port, 'drop table painted, parted')
  await replicate(pair, waivers)
  await asOwner(pair.old.port, changes(100))
  expect(await look(source, target)).toMatchObject({ equal: true, differences: [] })
  await switchOver(switchPlan(pair, source, target, { waivers, verifyTables: ['public.folded'] }))
  expect(await taken()).toEqual([])
  expect(await superusers()).toEqual({ old: ['postgres'], new: ['postgres'] })
}, 120_000)

it('neither does the way back, on either side', async () => {
  const { source, target } = pair
  await asOwner(pair.new.port, changes(200))
  expect(await look(target, source)).toMatchObject({ equal: true, differences: [] })
  await switchOver(switchPlan(pair, target, source, { waivers }))
  expect(await taken()).toEqual([])
  // Nothing was held off: all of it ran, on the server before 16 too.
  const everywhere = [
    'check',
    'domain',
    'generated column',
    'index',
    'partial index',
    'operator',
    'query in a check',
  ]
  const places = [
    ...everywhere,
    'constant in a check',
    'constant in an index',
    'trigger always',
    'trigger of a truncate',
  ]
  expect(await ran()).toEqual(
    expect.arrayContaining(places.flatMap((place) => [`${place} on new`, `${place} on old`])),
  )
  expect(await superusers()).toEqual({ old: ['postgres'], new: ['postgres'] })
}, 120_000)

it('neither does a copy that is poured, on a server of either version, nor one that goes on after an interrupted one', async () => {
  const { source } = pair
  for (const server of [pair.old, pair.new]) {
    const copy = port('target', server.port, 'poured')
    await withClient(source, 'test', async (from) =>
      withClient(copy, 'test', async (to) => copyRoles(from, to, source), 'postgres'),
    )
    await makeDatabase(source, copy)
    await noteHalfMade(copy, true)
    const role = await withPouringRole(copy, async ({ name }) => name)
    await withServer(server.port, 'poured', async (client) =>
      client.query(
        `create role ${role} login; create table left_over (); grant insert on left_over to ${role}`,
      ),
    )
    await clearTarget(copy, false)
    await makeDatabase(source, copy)
    const fromMajor = 15
    const signal = new AbortController().signal
    await pour({ from: source, fromMajor, to: copy, schemaOnly: false, signal })
    expect(await look(source, copy)).toMatchObject({ equal: true, differences: [] })
    const { rowCount } = await withServer(server.port, 'poured', async (client) =>
      client.query(`select from pg_roles where rolname ~ '^qianyun_(pour|reader)'`),
    )
    expect(rowCount).toBe(0)
  }
  expect(await taken()).toEqual([])
  expect(await superusers()).toEqual({ old: ['postgres'], new: ['postgres'] })
}, 120_000)

it('a table whose name a view has taken is not read', async () => {
  await asOwner(
    pair.old.port,
    `alter table bait rename to bait_before; create view public.bait as select id, public.take('view for a table') from bait_before`,
  )
  await withServer(pair.old.port, database, async (client) => {
    await expect(tableSum(client, 'public.bait')).rejects.toThrow(
      'access to non-system view "bait" is restricted',
    )
    // Views are read again afterwards.
    await client.query('select from open_permits')
  })
  expect((await taken()).filter((place) => place.includes('view'))).toEqual([])
}, 60_000)
