import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import pg from 'pg'
import { assessDatabase } from '../../families/postgresql/assess.ts'
import { applyRoleOf } from '../../families/postgresql/replication/apply-role-name.ts'
import { ensureApplyRole } from '../../families/postgresql/replication/apply-role.ts'
import { connectSide, disconnectSides, withClient } from '../../families/postgresql/server/connections.ts'
import {
  beginOpen,
  closeSide,
  ensureControl,
  fenceToken,
  freshToken,
  openClosedSide,
} from '../../families/postgresql/server/control.ts'
import { newestArrivedMs } from '../../families/postgresql/replication/marker.ts'
import { heardFrom } from '../../families/postgresql/switchover/other-side.ts'
import { lookAtFence } from '../../families/postgresql/server/sessions.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  port,
  replicate,
  startPair,
  withServer,
} from '../support/postgres-pair.ts'
import { appPassword } from '../support/postgres-servers.ts'

/** What an application may leave under names that are the product's: whatever goes by a name alone is passed. */
let pair: Pair
const old = () => port('source', pair.old.port)
const asOwner = async (sql: string, where = database) =>
  withServer(pair.old.port, where, async (client) => client.query(sql), appRole, appPassword)
const asAdministrator = async (sql: string, where = database) =>
  withServer(pair.old.port, where, async (client) => client.query(sql))
const writesAs = async (role: string) =>
  withServer(
    pair.old.port,
    database,
    async (client) => client.query(`insert into permit (applicant) values ('behind the fence')`),
    role,
    'known',
  ).then(
    () => 'written',
    (error: unknown) => (error as { code?: string }).code,
  )
const assessed = async () => {
  const { findings } = await assessDatabase(old(), { target: port('target', pair.new.port), waivers: [] })
  return findings.map(({ code, subject }) => `${code} ${subject}`)
}

beforeAll(async () => {
  pair = await startPair('names-of-ours')
  await makeApplication(pair)
  await asAdministrator(`alter role ${appRole} createrole`)
}, 240_000)

afterEach(async () => {
  const { rows } = await asAdministrator(`select rolname as role from pg_roles where rolsuper`)
  expect(rows).toEqual([{ role: 'postgres' }])
})

afterAll(async () => {
  await pair.stop()
}, 60_000)

it('a database of our records that was left half made, and that an application has put functions into, runs none of them', async () => {
  await asAdministrator('create database qianyun_control', 'postgres')
  // As every database has it before 15.
  await asAdministrator('grant create on schema public to public', 'qianyun_control')
  await asOwner(
    `create function public.note_served(text, integer) returns void language plpgsql as $fn$ begin
       execute 'alter role ${appRole} superuser'; end $fn$`,
    'qianyun_control',
  )
  const begun = ensureControl(old()).then(async () =>
    withClient(old(), 'test', async (control) => beginOpen(control, old()), 'qianyun_control'),
  )
  await expect(begun).rejects.toMatchObject({ code: 'own-place-taken', role: appRole })
  await asAdministrator('drop database qianyun_control', 'postgres')
  await ensureControl(old())
  await expect(asOwner('select', 'qianyun_control')).rejects.toMatchObject({ code: '42501' })
}, 60_000)

it('a table of our name whose columns have types of its owner is not asked', async () => {
  await asOwner(`
    create schema qianyun;
    create function public.take(text) returns text language plpgsql immutable as $fn$ begin
      raise log 'RAN as %', current_user; return $1; end $fn$;
    create type qianyun.word as enum ('x');
    create function public.as_text(qianyun.word) returns text language sql as $fn$ select public.take('x') $fn$;
    create cast (qianyun.word as text) with function public.as_text(qianyun.word) as implicit;
    create table qianyun.ddl (command qianyun.word, object text, by_role text, at timestamptz);
    insert into qianyun.ddl values ('x', 'x', 'x', now())`)
  expect(await assessed()).toContain('own-schema-taken schema qianyun')
  expect(await readFile(join(pair.folder, 'server.log'), 'utf8')).not.toContain('RAN as postgres')
  await asOwner('drop schema qianyun cascade; drop function public.take')
}, 60_000)

it('a session that calls itself ours hides nothing it does from the assessment', async () => {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: pair.old.port, database, user: appRole, password: appPassword },
    application_name: 'qianyun-exporter',
  })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7)')
    expect(await assessed()).toContain(`session-lock-held ${appRole}`)
  } finally {
    await client.end()
  }
}, 60_000)

it.each([['qianyun_apply_backdoor'], [applyRoleOf(database)]])(
  'role %s of an application, which bears the name of one of ours, does not pass the fence',
  async (role) => {
    await asOwner(
      `create role ${role} login password 'known'; grant ${appRole} to ${role}; grant connect on database ${database} to ${role}`,
    )
    expect(await writesAs(role)).toBe('written')
    if (role === applyRoleOf(database))
      await withClient(old(), 'test', async (client) => ensureApplyRole(client))
    await ensureControl(old())
    const side = await connectSide(old(), 'test')
    const closed = fenceToken()
    const { token, generation } = await beginOpen(side.control, old())
    try {
      await asAdministrator(`alter role ${role} login connection limit -1 password 'known'`)
      await closeSide(side.control, old(), token, closed)
      expect(await writesAs(role)).not.toBe('written')
      expect(await lookAtFence(side.control, old())).toMatchObject({ mayConnect: [] })
      await asAdministrator(`alter role ${role} connection limit -1`)
      expect(await lookAtFence(side.control, old())).toMatchObject({ mayConnect: [role] })
    } finally {
      await openClosedSide(side.control, old(), closed, freshToken('open'), generation + 1)
      await disconnectSides(side)
    }
    await asAdministrator(`drop owned by ${role}; drop role ${role}`)
  },
  60_000,
)

it('a role of an application stays no member of the one that applies changes, nor has that one a password', async () => {
  const role = applyRoleOf(database)
  await asOwner(
    `create role ${role} login createrole password 'known'; create role ally; grant ${role} to ally, ${appRole}`,
  )
  await withClient(old(), 'test', async (client) => ensureApplyRole(client))
  const { rows } = await asAdministrator(
    `select rolconnlimit as limit, rolcreaterole as makes, rolpassword is null as bare,
            array(select member::regrole::text from pg_auth_members where roleid = r.oid) as members
       from pg_authid r where rolname = '${role}'`,
  )
  expect(rows).toEqual([{ limit: 0, makes: false, bare: true, members: [] }])
  await asAdministrator(`drop owned by ${role}; drop role ${role}; drop role ally`)
}, 60_000)

it('a frozen schema is not changed by a session of the application that calls itself ours', async () => {
  await replicate(pair, {}, { freeze: 'reject' })
  await expect(
    asOwner(`set application_name = 'qianyun-replicate'; create table smuggled (id integer primary key)`),
  ).rejects.toThrow('frozen')
}, 120_000)

it('the time until which a side is current cannot be made up by the application that writes the marker', async () => {
  const forge = async (time: string) =>
    asOwner(`insert into qianyun.marker (name, token, written_at) values ('probe', 'x', '${time}')
      on conflict (name) do update set written_at = excluded.written_at`)
  for (const time of ['infinity', '2999-01-01', '-infinity']) {
    await forge(time)
    const arrivedMs = await withClient(old(), 'test', async (client) => newestArrivedMs(client))
    expect(new Date(arrivedMs ?? 0).getTime()).toBeLessThanOrEqual(Date.now() + 60_000)
  }
}, 60_000)

it('a side whose records somebody has got into is not taken for gone', async () => {
  await asAdministrator(
    `create role intruder; grant create on schema public to intruder; set role intruder; create table public.planted ()`,
    'qianyun_control',
  )
  expect(await heardFrom(old(), 10_000)).toMatchObject({ values: { state: 'own-place-taken' } })
  await asAdministrator('drop owned by intruder; drop role intruder', 'qianyun_control')
}, 60_000)
