import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { type RehearsalPlan, clearRehearsal, rehearse } from '../../families/postgresql/rehearsal/rehearse.ts'
import { disarm } from '../../families/postgresql/replication/stop.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  startPair,
  switchPlan,
  withServer,
} from '../support/postgres-pair.ts'
import { appPassword } from '../support/postgres-servers.ts'

/** Databases, roles, schemas and tables of others that bear a name of ours: none is taken away, and none is read as the administrator. */
let pair: Pair
const asOwner = async (sql: string) =>
  withServer(pair.old.port, database, async (client) => client.query(sql), appRole, appPassword)
const asAdministrator = async (sql: string, where = database) =>
  withServer(pair.old.port, where, async (client) => client.query<Record<string, unknown>>(sql))

function rehearsal(): RehearsalPlan {
  const plan = switchPlan(pair, pair.source, pair.target)
  const { from, to, entry, signal, say, waivers, ...bounds } = plan
  return {
    ...{ from, to, entry, signal, say, waivers, bounds },
    ...{ schemaOnly: false, writers: 2, writerPauseMs: 5, calmMs: 100, copyTimeoutMs: 60_000 },
  }
}

beforeAll(async () => {
  pair = await startPair('places-of-others')
  await makeApplication(pair)
}, 240_000)

afterEach(async () => {
  const { rows } = await asAdministrator(`select rolname as role from pg_roles where rolsuper`)
  expect(rows).toEqual([{ role: 'postgres' }])
})

afterAll(async () => {
  await pair.stop()
}, 60_000)

it('a rehearsal drops no database of somebody else that has the name of its copy', async () => {
  await asAdministrator('create role neighbour login', 'postgres')
  await asAdministrator('create database permit_rehearsal owner neighbour', 'postgres')
  await asAdministrator('create table kept (id integer); insert into kept values (7)', 'permit_rehearsal')
  const taken = { code: 'own-place-taken', object: 'database permit_rehearsal', role: 'neighbour' }
  await expect(rehearse(rehearsal())).rejects.toMatchObject(taken)
  await expect(clearRehearsal(rehearsal())).rejects.toMatchObject(taken)
  expect((await asAdministrator('select id from kept', 'permit_rehearsal')).rows).toEqual([{ id: 7 }])
  await asAdministrator('drop database permit_rehearsal', 'postgres')
}, 60_000)

it('nor a role of that name, whose password it would change', async () => {
  await asAdministrator('create role permit_rehearsal login', 'postgres')
  await expect(rehearse(rehearsal())).rejects.toMatchObject({
    code: 'own-place-taken',
    object: 'role permit_rehearsal',
  })
  await asAdministrator('drop role permit_rehearsal', 'postgres')
}, 60_000)

it('nor an entry of that name, which leads to another server', async () => {
  const { databasesFile } = pair.entry
  const before = readFileSync(databasesFile, 'utf8')
  const line = 'permit_rehearsal = host=10.0.0.9 port=5432 dbname=training'
  writeFileSync(databasesFile, `${before}\n${line}\n`)
  await expect(rehearse(rehearsal())).rejects.toMatchObject({
    code: 'entry-of-others',
    entry: 'permit_rehearsal',
  })
  expect(readFileSync(databasesFile, 'utf8')).toContain(line)
  writeFileSync(databasesFile, before)
}, 60_000)

const trap = `create function public.take() returns integer language plpgsql as $fn$ begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    execute 'alter role ${appRole} superuser';
  end if;
  return 1; end $fn$;`

it('a view of the application where the writers of a rehearsal have their table is not read', async () => {
  await asOwner(
    `${trap} alter table public.qianyun_rehearsal_ledger rename to behind;
     create view public.qianyun_rehearsal_ledger as select worker, number from public.behind where public.take() = 1`,
  )
  const { lostWrites, ackedWrites } = await rehearse(rehearsal())
  expect(lostWrites).toBe(0)
  expect(ackedWrites).toBeGreaterThan(0)
  await asOwner('create schema qianyun_rehearsal')
  await expect(rehearse(rehearsal())).rejects.toMatchObject({
    code: 'own-place-taken',
    object: 'schema qianyun_rehearsal',
    role: appRole,
  })
  await asOwner('drop schema qianyun_rehearsal')
}, 240_000)

it('what takes replication down takes away no schema and no publication of the application, and reads nothing there', async () => {
  await asOwner(`create schema qianyun; create table qianyun.kept (id integer primary key); create publication qianyun for table permit;
    create view qianyun.whole_row as select 'public.permit'::text as name, public.take()::text as had`)
  const said: string[] = []
  await disarm({
    sides: [pair.source, pair.target],
    closedSide: 'forget',
    waivers: {},
    say: (line) => said.push(line),
  })
  const { rows } = await asAdministrator(
    `select to_regclass('qianyun.kept')::text as kept, (select count(*)::int from pg_publication) as publications`,
  )
  expect(rows).toEqual([{ kept: 'qianyun.kept', publications: 1 }])
  expect(said.join('\n')).toMatch(/schema "qianyun" .* stays/)
}, 60_000)
