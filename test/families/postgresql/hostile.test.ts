import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { tableSum } from '../../../families/postgresql/verify/table-sum.ts'
import { verify } from '../../../families/postgresql/verify/verify.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
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
  end if;
  return place; end $fn$;
create function public.calm(place text, value text) returns boolean immutable language plpgsql as
  $fn$ begin perform public.take(place); return value is not null; end $fn$;
create view planned as select public.calm('view', 'constant') as taken;
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
insert into bait (id) select generate_series(1, 10);`

let pair: Pair

const asOwner = async (server: number, sql: string) =>
  withServer(server, database, async (client) => client.query(sql), appRole, appPassword)

const taken = async (): Promise<readonly string[]> => {
  const log = await readFile(join(pair.folder, 'server.log'), 'utf8')
  const places = [...log.matchAll(/TAKEN by (.+) as \S+ at port (\d+)/g)]
  return [
    ...new Set(
      places.map(([, place, at]) => `${String(place)} on ${at === String(pair.old.port) ? 'old' : 'new'}`),
    ),
  ].sort()
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
  await assessDatabase(source, { target, waivers: {} })
  await replicate(pair)
  await asOwner(
    pair.old.port,
    `insert into bait (id) values (100); update bait set note = 'changed' where id = 5`,
  )
  expect(await look(source, target)).toMatchObject({ equal: true, differences: [] })
  await switchOver(switchPlan(pair, source, target))
  expect(await taken()).toEqual([])
}, 120_000)

it('neither does the way back, on the side that serves', async () => {
  const { source, target } = pair
  await asOwner(
    pair.new.port,
    `insert into bait (id) values (200); update bait set note = 'again' where id = 5`,
  )
  expect(await look(target, source)).toMatchObject({ equal: true, differences: [] })
  await switchOver(switchPlan(pair, target, source))
  expect((await taken()).filter((place) => place.endsWith('on new'))).toEqual([])
}, 120_000)

it('a table whose name a view has taken is not read', async () => {
  await asOwner(
    pair.old.port,
    `alter table bait rename to bait_before; create view bait as select id, public.take('view for a table') from bait_before`,
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
