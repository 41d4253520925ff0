import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { ensureMarker } from '../../../families/postgresql/replication/marker.ts'
import { ensurePublication } from '../../../families/postgresql/replication/publication.ts'
import { withClient } from '../../../families/postgresql/server/connections.ts'
import { ensureControl } from '../../../families/postgresql/server/control.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  port,
  replicate,
  startPair,
  withServer,
} from '../../support/postgres-pair.ts'
import { appPassword } from '../../support/postgres-servers.ts'

/** A function that takes what it can get, and a table of ours that calls it for each row. */
const trap = `
create or replace function public.take() returns timestamptz language plpgsql as $fn$ begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    execute 'alter role ${appRole} superuser';
  end if;
  return now(); end $fn$;
create schema if not exists qianyun;
create table qianyun.marker (
  name text primary key, token text not null, written_at timestamptz not null default public.take(),
  lsn pg_lsn not null default pg_current_wal_insert_lsn());`

let pair: Pair
const asOwner = async (sql: string, where = database) =>
  withServer(pair.old.port, where, async (client) => client.query(sql), appRole, appPassword)
const asAdministrator = async (sql: string) =>
  withServer(pair.old.port, database, async (client) => client.query(sql))

beforeAll(async () => {
  pair = await startPair('own-schema')
  await makeApplication(pair)
}, 240_000)

afterEach(async () => {
  const { rows } = await asAdministrator(
    `select rolsuper as taken from pg_roles where rolname = '${appRole}'`,
  )
  expect(rows).toEqual([{ taken: false }])
})

afterAll(async () => {
  await pair.stop()
}, 60_000)

it.each([
  ['a schema of the owner of the database', trap, 'schema qianyun'],
  [
    'a table of an application in a schema of the administrator',
    `${trap} drop table qianyun.marker`,
    'qianyun.marker',
  ],
])(
  '%s is no place for our tables, and nothing in it is run',
  async (_, planted, object) => {
    await asOwner(planted)
    if (object !== 'schema qianyun')
      await asAdministrator(
        `alter schema qianyun owner to postgres; grant create, usage on schema qianyun to ${appRole}`,
      )
    if (object !== 'schema qianyun') await asOwner(trap)

    const [old, target] = [port('source', pair.old.port), port('target', pair.new.port)]
    const { findings } = await assessDatabase(old, { target, waivers: [] })
    const found = findings.filter(({ code }) => code === 'own-schema-taken')
    expect(found.map(({ severity, subject }) => `${severity} ${subject}`)).toContain(`critical ${object}`)
    await expect(replicate(pair)).rejects.toMatchObject({ code: 'census-refused' })
    // Whoever makes it after the checks.
    const marking = withClient(old, 'test', async (app) => ensureMarker({ app, port: old }))
    await expect(marking).rejects.toMatchObject({ code: 'own-place-taken', object, role: appRole })
    await asAdministrator('drop schema qianyun cascade')
  },
  240_000,
)

it.each(['for table permit', `for table permit, office with (publish = 'insert')`])(
  'a publication of our name %s is not used: rows it leaves out would never arrive',
  async (what) => {
    await asOwner(`create publication qianyun ${what}`)
    await expect(replicate(pair)).rejects.toMatchObject({ code: 'census-refused' })
    const old = port('source', pair.old.port)
    const publishing = withClient(old, 'test', async (app) => ensurePublication({ app, port: old }))
    await expect(publishing).rejects.toMatchObject({ code: 'own-place-taken', object: 'publication qianyun' })
    await asOwner('drop publication qianyun')
  },
  120_000,
)

it('a database of our records that an application made is not written to, nor read', async () => {
  await asAdministrator(`alter role ${appRole} createdb`)
  await asOwner('create database qianyun_control', 'postgres')
  await asOwner(
    trap
      .replaceAll('qianyun.marker', 'public.cutover_state')
      .replace('create schema if not exists qianyun;', ''),
    'qianyun_control',
  )
  const old = port('source', pair.old.port)
  const taken = { code: 'own-place-taken', object: 'database qianyun_control', role: appRole }
  await expect(ensureControl(old)).rejects.toMatchObject(taken)
  await expect(replicate(pair)).rejects.toMatchObject({ code: 'own-place-taken' })
  await asOwner('drop database qianyun_control', 'postgres')
  await asAdministrator(`alter role ${appRole} nocreatedb`)
}, 120_000)
