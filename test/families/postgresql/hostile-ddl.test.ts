import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { changeSchema } from '../../../families/postgresql/ddl/change-schema.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
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

/** Code of an owner that leaves something behind for whoever works on in the session, or at its commit. */
const planted = `
create function public.take(place text) returns text language plpgsql as $fn$ begin
  if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    raise log 'TAKEN by % as %', place, current_user;
  end if;
  return place; end $fn$;
create schema evil;
create function evil.format(text, name, name) returns text language plpgsql as
  $fn$ begin perform public.take('search path'); return $2 || '.' || $3; end $fn$;
create table waiting (id integer primary key);
create function public.on_row() returns trigger language plpgsql as $fn$ begin perform public.take('deferred trigger'); return null; end $fn$;
create constraint trigger waits after insert on waiting deferrable initially deferred for each row execute function public.on_row();
create table bait (id integer primary key);
insert into bait values (1);
create function public.hold() returns text language plpgsql as $fn$ begin
  execute $$declare held cursor with hold for select public.take('cursor held over the commit')$$; return 'x'; end $fn$;
create function public.path() returns text language plpgsql as $fn$ begin
  perform set_config('search_path', 'evil, pg_catalog, public', false); return 'x'; end $fn$;
create function public.shadow() returns text language plpgsql as $fn$ begin
  execute $$create temp view pg_publication as select 'planted'::name as pubname, public.take('temporary view') as taken$$; return 'x'; end $fn$;
create function public.defer() returns text language plpgsql as $fn$ begin
  insert into public.waiting values (1); return 'x'; end $fn$;`

let pair: Pair

beforeAll(async () => {
  pair = await startPair('hostile-ddl')
  await makeApplication(pair)
  await withServer(pair.old.port, database, async (client) => client.query(planted), appRole, appPassword)
  await replicate(pair)
  await switchOver(switchPlan(pair, pair.source, pair.target))
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

const taken = async (): Promise<readonly string[]> => {
  const log = await readFile(join(pair.folder, 'server.log'), 'utf8')
  return [...new Set([...log.matchAll(/TAKEN by (.+) as/g)].map(([, place]) => String(place)))]
}

it.each([
  ['hold', 'made'],
  ['path', 'made'],
  ['shadow', 'made'],
  ['defer', 'schema-change-refused'],
])(
  'what the code "%s" of an owner leaves behind in a schema change runs with no more rights than the owner has',
  async (code, outcome) => {
    const done = await changeSchema({
      ...{ serves: pair.target, follows: pair.source, id: `hostile/${code}`, mayBeHalfMade: false },
      sql: `alter table bait add column ${code} text default public.${code}()`,
      signal: new AbortController().signal,
      say: () => undefined,
    }).then(
      () => 'made',
      (error: unknown) => (error as { code?: unknown }).code,
    )
    expect(await taken()).toEqual([])
    expect(done).toBe(outcome)
  },
  60_000,
)
