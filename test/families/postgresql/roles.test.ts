import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { lookForDatabase } from '../../../families/postgresql/copy/make-database.ts'
import { withClient } from '../../../families/postgresql/server/connections.ts'
import { ForeignRoleError } from '../../../families/postgresql/copy/errors.ts'
import { copyRoles, withRolesOf } from '../../../families/postgresql/copy/roles.ts'
import {
  beginOpen,
  closeSide,
  ensureControl,
  openClosedSide,
  readState,
} from '../../../families/postgresql/server/control.ts'
import { controlDatabase } from '../../../families/postgresql/server/control-schema.ts'
import { roleUnfit } from '../../../families/postgresql/switchover/role-unfit.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  port,
  startPair,
  withServer,
} from '../../support/postgres-pair.ts'
import { appPassword } from '../../support/postgres-servers.ts'

type Port = Pair['source']

let pair: Pair

beforeAll(async () => {
  pair = await startPair('roles')
  await makeApplication(pair)
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

const asApplication = async (...statements: string[]) =>
  withServer(
    pair.old.port,
    database,
    async (client) => {
      for (const statement of statements) await client.query(statement)
    },
    appRole,
    appPassword,
  )

interface Found {
  readonly setconfig: string[]
  readonly rolsuper: boolean
}

const onNew = async (sql: string) =>
  withServer(pair.new.port, 'postgres', async (client) => client.query<Found>(sql))

const copy = async () =>
  withClient(pair.source, 'test', async (from) =>
    withClient(pair.target, 'test', async (to) => (await copyRoles(from, to, pair.source)).made, 'postgres'),
  )

async function isSuperuser(port: number): Promise<boolean> {
  return withServer(port, 'postgres', async (client) => {
    const { rows } = await client.query<Found>('select rolsuper from pg_roles where rolname = $1', [appRole])
    return rows[0]?.rolsuper === true
  })
}

describe('roles of a moved database', () => {
  it('take their settings along, and nothing that hides in one', async () => {
    await asApplication(
      `select set_config('search_path', '"$user", desk, "Old ""desk""", x;alter/**/role/**/${appRole}/**/superuser', false)`,
      `alter role ${appRole} set search_path from current`,
      `alter role ${appRole} set application_name to 'it''s, one'`,
    )

    expect(await copy()).toEqual([appRole])

    const { rows } = await onNew(
      `select setconfig from pg_db_role_setting where setrole = '${appRole}'::regrole`,
    )
    expect(rows[0]?.setconfig).toEqual([
      `search_path="$user", desk, "Old ""desk""", "x;alter/**/role/**/${appRole}/**/superuser"`,
      `application_name=it's, one`,
    ])
    expect(await isSuperuser(pair.new.port)).toBe(false)
  })

  it('are brought up to date when they were carried over before', async () => {
    await asApplication(`alter role ${appRole} set statement_timeout to '7s'`)

    expect(await copy()).toEqual([])

    const { rows } = await onNew(
      `select setconfig from pg_db_role_setting where setrole = '${appRole}'::regrole`,
    )
    expect(rows[0]?.setconfig).toContain('statement_timeout=7s')
  })

  it('are taken over where the provider has made the role of the plan beforehand', async () => {
    await onNew(`comment on role ${appRole} is null; alter role ${appRole} password 'of the provider'`)

    expect(await copy()).toEqual([])

    const login = async () => withServer(pair.new.port, 'postgres', async () => 'in', appRole, appPassword)
    expect(await login()).toBe('in')
  })

  it('leave a role of the same name to whom it belongs', async () => {
    const setUp = `create role clerk login password 'of the old one'; create table counter (n int); grant select on counter to clerk`
    await withServer(pair.old.port, database, async (client) => client.query(setUp))
    await onNew(`create role clerk login password 'of another system'`)
    const before = await onNew(`select * from pg_authid where rolname = 'clerk'`)

    await expect(copy()).rejects.toThrow(new ForeignRoleError(['clerk']))

    expect((await onNew(`select * from pg_authid where rolname = 'clerk'`)).rows).toEqual(before.rows)
  })
})

describe('roles that come and go while they are carried over', () => {
  const setUp = `create role visitor; create role caller login; grant visitor to caller; create table call (n int);
    grant select on call to visitor, caller`
  /** Carries over while somebody drops a role on the new server, each time it has been made. */
  const copyWhile = async (drops: number) =>
    withClient(pair.source, 'test', async (from) =>
      withClient(
        pair.target,
        'test',
        async (to) => {
          let left = drops
          const query = to.query.bind(to)
          const meddled = async (...asked: [string, unknown[]?]) => {
            if (left > 0 && asked[0].startsWith('comment on role "visitor"')) {
              left -= 1
              await onNew('drop role visitor')
            }
            return query(...asked)
          }
          return copyRoles(from, Object.assign(to, { query: meddled }), pair.source)
        },
        'postgres',
      ),
    )

  it('are read anew and carried over, and named where that does not end', async () => {
    await onNew('drop role if exists clerk')
    await withServer(pair.old.port, database, async (client) => client.query(setUp))
    await expect(copyWhile(9)).rejects.toThrow(
      /Roles were made or dropped .* at each of 3 attempts \(.*"visitor" does not exist/,
    )
    expect((await copyWhile(1)).made).toContain('visitor')
    const { rows } = await onNew(
      `select from pg_auth_members where roleid = 'visitor'::regrole and member = 'caller'::regrole`,
    )
    expect(rows).toHaveLength(1)
  })

  it('are carried over where they have come since, before the schema that names them is tried again', async () => {
    const sides = { from: pair.source, to: pair.target }
    const said: string[] = []
    const named = async () => onNew(`select 'latecomer'::regrole`)
    const work = async () => {
      const make = 'create role latecomer; grant select on call to latecomer'
      if (said.length === 0) await withServer(pair.old.port, database, async (client) => client.query(make))
      return named()
    }
    await withRolesOf(sides, work, (line) => said.push(line))
    expect(said).toEqual(['roles made since, and carried over: latecomer; once more'])
    await expect(
      withRolesOf(
        sides,
        async () => onNew(`select 'nobody'::regrole`),
        () => undefined,
      ),
    ).rejects.toThrow('role "nobody" does not exist')
  })
})

describe('a role of two databases of one server', () => {
  const both = () => [database, 'second'].map((name) => port('source', pair.old.port, name)) as [Port, Port]

  it('works in the one that is opened again, whichever was closed first', async () => {
    await withServer(pair.old.port, 'postgres', async (client) =>
      client.query(`create database second owner ${appRole}`),
    )
    const [first, second] = both()
    await ensureControl(first)
    await withServer(pair.old.port, controlDatabase, async (control) => {
      const tokens = new Map<string, string>()
      for (const one of [first, second]) tokens.set(one.database, (await beginOpen(control, one)).token)
      const close = async (one: Port) => {
        await closeSide(control, one, tokens.get(one.database) ?? '', `closed ${one.database}`)
      }
      await close(second)
      expect(await first.tryAppLogin(appRole)).toBeUndefined()
      await close(first)
      expect([await first.tryAppLogin(appRole), await second.tryAppLogin(appRole)]).toEqual([
        '28000',
        '28000',
      ])

      const state = await readState(control, second)
      expect(await roleUnfit(control, state, appRole)).toBeUndefined()
      await openClosedSide(control, second, state.token, 'opened again', 1)
      expect([await first.tryAppLogin(appRole), await second.tryAppLogin(appRole)]).toEqual([
        '42501',
        undefined,
      ])
      await openClosedSide(control, first, `closed ${database}`, 'opened again', 2)
      expect(await first.tryAppLogin(appRole)).toBeUndefined()
    })
  }, 30_000)
})

it('a look at a database calls no function that its users put in the way', async () => {
  await asApplication(`create function public.format(text, name, name) returns text language plpgsql as $$ begin
    if (select rolsuper from pg_roles where rolname = current_user) then
      execute 'alter role ${appRole} superuser';
    end if;
    return 'public.t'; end $$`)

  await lookForDatabase(pair.source)

  expect(await isSuperuser(pair.old.port)).toBe(false)
})
