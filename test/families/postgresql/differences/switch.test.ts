import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import type { PostgresDatabase } from '../../../../families/postgresql/database.ts'
import type { SwitchPlan, SwitchResult } from '../../../../families/postgresql/switchover/plan.ts'
import { switchOver } from '../../../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../../support/postgres-pair.ts'
import { appPassword } from '../../../support/postgres-servers.ts'

let pair: Pair
let serving: PostgresDatabase
let waiting: PostgresDatabase

beforeAll(async () => {
  pair = await startPair('differing')
  await makeApplication(pair)
  // As two hosts are set up by two houses.
  await withServer(pair.old.port, 'postgres', async (client) => {
    await client.query(`alter system set timezone = 'Asia/Shanghai'`)
    await client.query(`alter system set datestyle = 'iso, ymd'`)
    await client.query('select pg_reload_conf()')
  })
  await withServer(pair.new.port, 'postgres', async (client) => {
    await client.query(`alter system set timezone = 'Etc/UTC'`)
    await client.query('select pg_reload_conf()')
  })
  await on(
    pair.source,
    `create type urgency as enum ('low', 'high');
     create table visit (id serial primary key, at timestamp default now(), due date, urgency urgency default 'low');
     create sequence code_seq; create table code (code smallint primary key default nextval('code_seq'), text text);
     select setval('code_seq', 31900); create role clerk login password 'first of the clerk'; create role clerks;
     grant select, insert on visit to clerk, ${appRole}; grant usage on sequence visit_id_seq to clerk, ${appRole};
     grant select, insert on code to ${appRole}; grant usage on sequence code_seq to ${appRole};
     create function fee(n integer) returns integer language sql as 'select n * 2';
     create view visits_due as select id, due from visit where due is not null;
     create schema desk; create table desk.form (id int primary key); grant select on desk.form to clerks`,
  )
  await replicate(pair)
  serving = pair.source
  waiting = pair.target
}, 90_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

async function on<R extends pg.QueryResultRow>(side: PostgresDatabase, sql: string): Promise<readonly R[]> {
  return withServer(side.port, database, async (client) => {
    const found: unknown = await client.query(sql)
    return ((Array.isArray(found) ? found.at(-1) : found) as pg.QueryResult<R>).rows
  })
}

async function one(side: PostgresDatabase, sql: string): Promise<unknown> {
  const [row] = await on<Record<string, unknown>>(side, sql)
  return Object.values(row ?? {})[0]
}

/** As a role of the application, through the entry where no place is given. */
async function asRole<R extends pg.QueryResultRow>(
  sql: string,
  { user = appRole, password = appPassword, port = pair.entry.port } = {},
): Promise<R | undefined> {
  return withServer(port, database, async (client) => (await client.query<R>(sql)).rows[0], user, password)
}

async function switched(changed: Partial<SwitchPlan> = {}): Promise<SwitchResult> {
  const result = await switchOver(switchPlan(pair, serving, waiting, changed))
  ;[serving, waiting] = [waiting, serving]
  return result
}

const refusal = async (changed: Partial<SwitchPlan> = {}): Promise<unknown> =>
  switchOver(switchPlan(pair, serving, waiting, changed)).catch((error: unknown) => error)

async function settingOf(side: PostgresDatabase, name: string): Promise<unknown> {
  return one(side, `select current_setting('${name}')`)
}

/** Changes that are carried over by the switch itself, and how each is seen on the side that is opened. */
const carried: readonly (readonly [string, string, unknown])[] = [
  [
    `create or replace function fee(n integer) returns integer language sql as 'select n * 3'`,
    'select fee(2)',
    6,
  ],
  [
    `create function late(n integer) returns integer language sql as 'select n'; alter function late owner to ${appRole}`,
    `select proowner::regrole::text from pg_proc where proname = 'late'`,
    appRole,
  ],
  [
    `alter table visit alter column due set default date '2030-01-02'`,
    `select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'visit'::regclass and adnum = 3`,
    `'2030-01-02'::date`,
  ],
  [
    'create or replace view visits_due as select id, due from visit where due > current_date',
    `select pg_get_viewdef('visits_due'::regclass) like '%CURRENT_DATE%'`,
    true,
  ],
  ['grant select on permit to clerk', `select has_table_privilege('clerk', 'permit', 'select')`, true],
  [
    'grant update (text) on code to clerk',
    `select has_column_privilege('clerk', 'code', 'text', 'update')`,
    true,
  ],
  [
    'alter default privileges for role postgres in schema public grant select on tables to clerk',
    `select count(*)::int from pg_default_acl`,
    1,
  ],
  [
    `alter database ${database} set statement_timeout = '77s'`,
    `select 'statement_timeout=77s' = any (setconfig) from pg_db_role_setting where setrole = 0 and setdatabase = (select oid from pg_database where datname = current_database())`,
    true,
  ],
  [
    `alter role clerk in database ${database} set work_mem = '9MB'`,
    `select count(*)::int from pg_db_role_setting where setrole = 'clerk'::regrole and setdatabase <> 0`,
    1,
  ],
  [
    'grant clerks to clerk with admin option',
    `select admin_option from pg_auth_members where member = 'clerk'::regrole and roleid = 'clerks'::regrole`,
    true,
  ],
  [
    'alter role clerk createdb connection limit 12',
    `select rolconnlimit from pg_roles where rolname = 'clerk'`,
    12,
  ],
  [
    `alter database ${database} connection limit 88`,
    `select datconnlimit from pg_database where datname = '${database}'`,
    88,
  ],
  [
    `alter database ${database} owner to clerks`,
    `select datdba::regrole::text from pg_database where datname = current_database()`,
    'clerks',
  ],
  [
    'alter table visit owner to clerks; alter schema desk owner to clerks; alter table desk.form owner to clerk',
    `select string_agg(relowner::regrole::text, ',' order by relname) from pg_class where relname in ('form', 'visit')`,
    'clerk,clerks',
  ],
  [
    `revoke connect on database ${database} from public; grant connect on database ${database} to clerk, ${appRole}`,
    `select string_agg(case grantee when 0 then 'PUBLIC' else grantee::regrole::text end, ',' order by grantee) filter (where privilege_type = 'CONNECT') =
            (select string_agg(r::regrole::text, ',' order by r::regrole::oid) from unnest(array['${appRole}', 'clerk', 'clerks']) r)
       from pg_database, aclexplode(datacl) where datname = current_database()`,
    true,
  ],
]

/** Changes that are refused, by the object that is named and a part of the statement that would make the sides alike. */
const refused: readonly (readonly [string, string, string, string])[] = [
  [
    "alter table visit add constraint not_old check (due > date '2000-01-01')",
    'constraint public.visit.not_old',
    'add constraint not_old CHECK',
    'alter table visit drop constraint not_old',
  ],
  [
    'create index visit_due on visit (due)',
    'index public.visit_due',
    'CREATE INDEX CONCURRENTLY visit_due',
    'drop index visit_due',
  ],
  [
    'create trigger second after insert on permit for each row execute function stamp()',
    'trigger public.permit.second',
    'CREATE TRIGGER second',
    'drop trigger second on permit',
  ],
  [
    'alter table permit disable trigger permit_stamp',
    'trigger public.permit.permit_stamp',
    'disable trigger permit_stamp',
    'alter table permit enable trigger permit_stamp',
  ],
  [
    'alter table visit add column note text',
    'column public.visit.note',
    '',
    'alter table visit drop column note',
  ],
  [
    'alter table visit set (fillfactor = 60)',
    'table public.visit',
    '',
    'alter table visit reset (fillfactor)',
  ],
  [
    `revoke insert on visit from clerk`,
    'privileges of table public.visit',
    'revoke INSERT on table public.visit from clerk',
    'grant insert on visit to clerk',
  ],
]

describe('what is set up otherwise on the new server', () => {
  it('is written into the new database as replication begins: the same insert gives the same values', async () => {
    expect(await settingOf(pair.target, 'TimeZone')).toBe('Asia/Shanghai')
    expect(await settingOf(pair.target, 'DateStyle')).toBe('ISO, YMD')
    const [old, neu] = await Promise.all(
      [pair.source, pair.target].map(async (side) => one(side, `select date '01-02-03'::text`)),
    )
    expect(neu).toBe(old)
  })
})

describe('what is not replicated and was changed since replication began', () => {
  it('is there when the new side opens, passwords and new roles among it, and on the way back likewise', async () => {
    const said: string[] = []
    for (const [statement] of carried) await on(serving, statement)
    await on(
      serving,
      `alter role clerk password 'second of the clerk'; create role clerk3 login password 'of clerk3' in role clerks`,
    )

    expect(await switched({ say: (line) => said.push(line) })).toMatchObject({ armed: true, differing: [] })

    for (const [, look, expected] of carried)
      expect([look, await one(serving, look)]).toEqual([look, expected])
    for (const [user, password] of [
      ['clerk', 'second of the clerk'],
      ['clerk3', 'of clerk3'],
    ] as const) {
      expect(await asRole('select 1 as in', { user, password, port: serving.port })).toEqual({ in: 1 })
    }
    expect(said.join('\n')).toContain('function public.fee(n integer)')
    expect(said.join('\n')).toMatch(/roles made .*clerk3/)

    await on(
      serving,
      `create or replace function fee(n integer) returns integer language sql as 'select n * 5';
      alter role clerk3 password 'of clerk3, later'; create role clerk4 login password 'of clerk4' in role clerks; grant select on office to clerk4`,
    )
    expect(await switched()).toMatchObject({ armed: true, differing: [] })
    expect(await one(serving, 'select fee(2)')).toBe(10)
    for (const [user, password] of [
      ['clerk3', 'of clerk3, later'],
      ['clerk4', 'of clerk4'],
    ] as const) {
      expect(await asRole('select 1 as in', { user, password, port: serving.port })).toEqual({ in: 1 })
    }
  }, 120_000)

  it.each([['there'], ['back']])(
    'is refused by name with both texts and the remedy where it cannot be carried over: %s',
    async () => {
      for (const [statement] of refused) await on(serving, statement)
      const error = (await refusal()) as {
        code: string
        message: string
        problems: readonly { object: string; text: { en: string } }[]
        recordedDdl: readonly string[]
      }

      expect(error.code).toBe('sides-differ')
      expect(error.problems.map(({ object }) => object).toSorted()).toEqual(
        refused.map(([, object]) => object).toSorted(),
      )
      for (const [, object, remedy] of refused) {
        const sentence = error.problems.find((problem) => problem.object === object)?.text.en ?? ''
        expect(sentence).toContain(remedy)
        expect(sentence).toContain(`"source" (127.0.0.1:${pair.old.port}/${database})`)
      }
      expect(error.recordedDdl.join('\n')).toContain('alter table visit add column note text')
      expect(error.message).toContain('create index visit_due')
      for (const [, , , undo] of refused) await on(serving, undo)

      await switched()
    },
    120_000,
  )

  it('is left as it is by a waiver of its name, and said so in the result', async () => {
    await on(serving, 'create index visit_due on visit (due)')
    const waivers = { 'index public.visit_due': 'made after the move' }

    const result = await switched({ waivers })

    expect(result).toMatchObject({ armed: true, differing: [], leftDifferent: ['index public.visit_due'] })
    await switched({ waivers })
    await on(serving, 'drop index visit_due')
  }, 120_000)

  it('is not carried over what the people of the new side changed there themselves', async () => {
    await on(
      waiting,
      `create or replace function fee(n integer) returns integer language sql as 'select n * 100'`,
    )
    await on(
      serving,
      `create or replace function fee(n integer) returns integer language sql as 'select n * 7'`,
    )

    expect(await refusal()).toMatchObject({
      code: 'sides-differ',
      problems: [{ object: 'function public.fee(n integer)' }],
    })

    expect(await one(waiting, 'select fee(1)')).toBe(100)
    await on(
      waiting,
      `create or replace function fee(n integer) returns integer language sql as 'select n * 7'`,
    )
  }, 120_000)
})

describe('a sequence wider than the column it numbers', () => {
  it('goes on within the column after the switch', async () => {
    await switched()
    const inserted = await asRole<{ code: number }>(`insert into code (text) values ('first') returning code`)
    expect(inserted?.code).toBeLessThanOrEqual(32_767)
    await switched()
    expect(
      (await asRole<{ code: number }>(`insert into code (text) values ('second') returning code`))?.code,
    ).toBeLessThanOrEqual(32_767)
  }, 120_000)
})

describe('a change between the comparison and the pause', () => {
  /** The side that serves, whose logins are tried once both sides were compared: then `changed` is changed. */
  const meanwhile = (changed: PostgresDatabase, ...statements: string[]): PostgresDatabase => {
    const asked = serving
    const from = Object.create(asked) as PostgresDatabase
    let done = false
    from.tryAppLogin = async (role) => {
      if (!done) for (const sql of statements) await on(changed, sql)
      done = true
      return asked.tryAppLogin(role)
    }
    return from
  }

  it('is carried over, before anybody waits: a function of the side that serves', async () => {
    const from = meanwhile(
      serving,
      `create or replace function fee(n integer) returns integer language sql as 'select n * 11'`,
    )
    const said: string[] = []
    await switched({ from, say: (line) => said.push(line) })
    expect(await one(serving, 'select fee(1)')).toBe(11)
    expect(said.join('\n')).toMatch(/was changed since both sides were compared \(.*pg_proc/)
  }, 120_000)

  it('is carried over, before anybody waits: a setting of the server that waits, which no record of changes holds', async () => {
    const from = meanwhile(waiting, 'alter system set transform_null_equals = on', 'select pg_reload_conf()')
    const said: string[] = []
    await switched({ from, say: (line) => said.push(line) })
    expect(said.join('\n')).toContain('was changed since both sides were compared')
    expect(await settingOf(serving, 'transform_null_equals')).toBe('off')
    await on(serving, 'alter system reset transform_null_equals')
  }, 120_000)

  it('is refused by name, before anybody waits: a trigger of the side that waits', async () => {
    const parts: string[] = []
    const from = meanwhile(waiting, 'drop trigger permit_stamp on permit')
    expect(await refusal({ from, onPart: (part) => parts.push(part) })).toMatchObject({
      code: 'sides-differ',
      problems: [{ object: 'trigger public.permit.permit_stamp' }],
    })
    expect(parts).toEqual([])
    await on(
      waiting,
      'create trigger permit_stamp after insert on permit for each row execute function stamp()',
    )
    await switched()
  }, 120_000)
})
