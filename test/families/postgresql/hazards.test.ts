import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { obstaclesIn } from '../../../families/postgresql/census/judge.ts'
import { SidesDifferError } from '../../../families/postgresql/differences/errors.ts'
import { CensusRefusedError } from '../../../families/postgresql/errors.ts'
import { InitialCopyFailsError } from '../../../families/postgresql/replication/errors.ts'
import { emptyTables } from '../../../families/postgresql/copy/empty-tables.ts'
import type { PostgresDatabase } from '../../../families/postgresql/database.ts'
import { rehearse } from '../../../families/postgresql/rehearsal/rehearse.ts'
import { startReplication } from '../../../families/postgresql/replication/start.ts'
import { disarm } from '../../../families/postgresql/replication/stop.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { type HazardCase, hazardCases } from '../../support/hazard-cases.ts'
import { appRole, port, switchPlan, withServer } from '../../support/postgres-pair.ts'
import { type TestEntry, startEntry } from '../../support/postgres-entry.ts'
import {
  type TestServer,
  appPassword,
  makeFolder,
  removeFolder,
  startServer,
} from '../../support/postgres-servers.ts'

/* One pair of servers, 15 and 18, and a database for each case: a new report is a new file in hazards/. */

const cases = hazardCases()
const databaseOf = ({ name, database }: HazardCase): string =>
  database ?? `hazard_${name.replaceAll('-', '_')}`.slice(0, 50)

let folder: string
let old: TestServer
let neu: TestServer
let entry: TestEntry

beforeAll(async () => {
  folder = await makeFolder('hazards')
  // A vacuum that comes by itself would mend what a case has made.
  const settings = { allow_in_place_tablespaces: 'on', autovacuum: 'off' }
  ;[old, neu] = await Promise.all([
    startServer(folder, 'old', 15, settings),
    startServer(folder, 'new', 18, settings),
  ])
  const lines = cases
    .map(databaseOf)
    .map((name) => `${name} = host=127.0.0.1 port=${old.port} dbname=${name}`)
  entry = await startEntry(folder, lines, [appRole])
  await withServer(old.port, 'postgres', async (client) =>
    client.query(`create role ${appRole} login password '${appPassword}'`),
  )
}, 60_000)

afterAll(async () => {
  await Promise.all([old.stop(), neu.stop(), entry.stop()])
  await removeFolder(folder)
}, 30_000)

interface Sides {
  readonly from: PostgresDatabase
  readonly to: PostgresDatabase
}

async function asApplication(server: number, name: string, sql: string | undefined): Promise<void> {
  if (sql === undefined) return
  await withServer(server, name, async (client) => client.query(sql), appRole, appPassword)
}

async function asAdministrator(server: number, name: string, sql: string | undefined): Promise<void> {
  if (sql !== undefined) await withServer(server, name, async (client) => client.query(sql))
}

async function withDatabase(one: HazardCase, work: (sides: Sides) => Promise<void>): Promise<void> {
  const name = databaseOf(one)
  const sides = { from: port('source', old.port, name), to: port('target', neu.port, name) }
  const rolesBefore = await Promise.all([old.port, neu.port].map(rolesOf))
  await asAdministrator(old.port, 'postgres', `create database "${name}" owner ${appRole}`)
  try {
    for (const sql of one.administrator) await asAdministrator(old.port, name, sql)
    await asApplication(old.port, name, one.before)
    await work(sides)
  } finally {
    await disarm({
      sides: [sides.from, sides.to],
      closedSide: 'forget',
      waivers: [],
      say: () => undefined,
    })
    for (const [index, server] of [old.port, neu.port].entries()) {
      await asAdministrator(server, 'postgres', `drop database if exists "${name}" with (force)`)
      await asAdministrator(server, 'postgres', asBefore(rolesBefore[index] ?? [], await rolesOf(server)))
    }
  }
}

const roleRights = ['superuser', 'createrole', 'createdb', 'replication', 'bypassrls'] as const

async function rolesOf(server: number): Promise<readonly string[]> {
  return withServer(server, 'postgres', async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(rolname) as name from pg_roles where rolname !~ '^pg_' order by oid desc`,
    )
    return rows.map(({ name }) => name)
  })
}

/** What a case made of the roles of a server would be found in the cases that follow it. */
function asBefore(before: readonly string[], now: readonly string[]): string {
  return [
    ...now.filter((role) => !before.includes(role)).map((role) => `drop owned by ${role}; drop role ${role}`),
    ...(before.includes(appRole)
      ? [`alter role ${appRole} login ${roleRights.map((right) => `no${right}`).join(' ')}`]
      : []),
  ].join(';')
}

const replicate = async ({ waivers }: HazardCase, sides: Sides) =>
  startReplication({
    ...sides,
    waivers,
    replace: false,
    freeze: 'record',
    copyTimeoutMs: 60_000,
    signal: new AbortController().signal,
    say: () => undefined,
  })

async function assertFound({ finds, waivers, outcome }: HazardCase, { from, to }: Sides): Promise<void> {
  const { findings } = await assessDatabase(from, { target: to, waivers })
  const named = findings.map(({ code, subject, waiverName = subject }) => `${code} ${waiverName}`)
  if (outcome !== 'switch refused') expect(named).toEqual(expect.arrayContaining(finds))
  const obstacles = obstaclesIn(findings).map(
    ({ code, subject, waiverName = subject }) => `${code} ${waiverName}`,
  )
  expect(obstacles.sort()).toEqual(outcome === 'refused' ? finds.toSorted() : [])
}

/** Every row of every table, and what a case wants to be alike. */
async function contents(server: number, name: string, alike: readonly string[]): Promise<string> {
  return withServer(server, name, async (client) => {
    await client.query(`set time zone 'UTC'; set search_path = public; set statement_timeout = 0`)
    const { rows: tables } = await client.query<{ name: string; words: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name, n.nspname || '.' || c.relname as words
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^(pg_|qianyun$|information_schema$)' order by 1`,
    )
    const found: string[] = []
    for (const table of tables) {
      const { rows } = await client.query<{ rows: string | null }>(
        `select string_agg(t::text, E'\\n' order by t::text collate "C") as rows from only ${table.name} t`,
      )
      found.push(`${table.words}\n${rows[0]?.rows ?? ''}`)
    }
    for (const sql of alike) found.push(JSON.stringify((await client.query(sql)).rows))
    return found.join('\n\n')
  })
}

async function assertAlike(name: string, alike: readonly string[] = []): Promise<void> {
  for (let left = 60; left > 0; left--) {
    const [one, other] = [await contents(old.port, name, alike), await contents(neu.port, name, alike)]
    if (one === other) return
    if (left === 1) expect(other).toBe(one)
    await sleep(100)
  }
}

function planOf(one: HazardCase, { from, to }: Sides) {
  return switchPlan({ entry }, from, to, {
    entry: { ...switchPlan({ entry }, from, to).entry, name: databaseOf(one) },
    waivers: one.waivers,
    deadlineMs: 20_000,
  })
}

/** It crosses, what is changed arrives, the switch is armed, and what is changed then arrives on the other side. */
async function assertCarried(one: HazardCase, sides: Sides): Promise<void> {
  const { between, after = between, alike } = one
  const name = databaseOf(one)
  await replicate(one, sides)
  await asApplication(old.port, name, between)
  await assertAlike(name)
  const switched = await switchOver(planOf(one, sides))
  expect(switched).toMatchObject({ armed: true, probe: { ok: true } })
  await asApplication(neu.port, name, after)
  await assertAlike(name, alike)
}

async function assertCopyEnds(one: HazardCase, sides: Sides): Promise<void> {
  const name = databaseOf(one)
  const {
    from,
    to,
    entry: pooled,
    signal,
    say,
    waivers: _,
    ...bounds
  } = switchPlan({ entry }, sides.from, sides.to)
  const rehearsed = rehearse({
    ...{ from, to, signal, say, bounds, waivers: one.waivers, entry: { ...pooled, name } },
    ...{ schemaOnly: false, writers: 1, writerPauseMs: 50, calmMs: 100, copyTimeoutMs: 60_000 },
  })
  await expect(rehearsed).rejects.toThrow(InitialCopyFailsError)
  const began = Date.now()
  const failure = await replicate(one, sides).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(InitialCopyFailsError)
  expect(String(failure)).toMatch(new RegExp(one.says ?? '', 'u'))
  expect(Date.now() - began).toBeLessThan(60_000)
  await withServer(old.port, name, async (client) => {
    const { rows } = await client.query('select slot_name from pg_replication_slots where database = $1', [
      name,
    ])
    expect(rows).toEqual([])
  })
  await asAdministrator(old.port, name, one.repair)
  await assertCarried(one, sides)
}

async function assertSwitchRefused(one: HazardCase, sides: Sides): Promise<void> {
  await replicate(one, sides)
  await asAdministrator(old.port, databaseOf(one), one.meanwhile)
  const refusal = await switchOver(planOf(one, sides)).catch((error: unknown) => error)
  if (!(refusal instanceof CensusRefusedError || refusal instanceof SidesDifferError)) throw refusal
  const problems = refusal.problems.map(({ code, object }) => `${code} ${object}`)
  expect(problems).toEqual(one.finds)
  expect(String(refusal)).toMatch(new RegExp(one.says ?? '', 'u'))
  await asAdministrator(old.port, databaseOf(one), one.repair)
  await asAdministrator(neu.port, databaseOf(one), one.repairThere)
  await assertCarried(one, sides)
}

async function assertSchemaRefused(one: HazardCase, sides: Sides): Promise<void> {
  await expect(replicate(one, sides)).rejects.toThrow(new RegExp(one.says ?? '', 'u'))
}

async function assertRefused(one: HazardCase, sides: Sides): Promise<void> {
  const refusal = await replicate(one, sides).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(CensusRefusedError)
  expect(String(refusal)).toMatch(new RegExp(one.says ?? '', 'u'))
  if (one.repair === undefined) return
  await asAdministrator(old.port, databaseOf(one), one.repair)
  await assertCarried(one, sides)
}

describe('the lab of hazards', () => {
  it.each(cases.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, one) => {
      await withDatabase(one, async (sides) => {
        await assertFound(one, sides)
        switch (one.outcome) {
          case 'carried':
            await assertCarried(one, sides)
            return
          case 'copy ends':
            await assertCopyEnds(one, sides)
            return
          case 'switch refused':
            await assertSwitchRefused(one, sides)
            return
          case 'schema refused':
            await assertSchemaRefused(one, sides)
            return
          case 'refused':
            await assertRefused(one, sides)
        }
      })
    },
    240_000,
  )
})

describe('changes that the side that follows refuses', () => {
  it('end the step within a minute, with how often and what conflicts', async () => {
    const one: HazardCase = { ...cases[0]!, name: 'conflict', waivers: [], administrator: [] }
    const conflict = { ...one, before: 'create table office (id int primary key)' }
    await withDatabase(conflict, async (sides) => {
      await replicate(conflict, sides)
      await asAdministrator(neu.port, databaseOf(conflict), 'insert into office values (2)')
      await asAdministrator(old.port, databaseOf(conflict), 'insert into office values (2)')
      const began = Date.now()
      await expect(replicate(conflict, sides)).rejects.toMatchObject({
        code: 'apply-fails',
        conflicts: ['insert exists'],
      })
      expect(Date.now() - began).toBeLessThan(60_000)
    })
  }, 240_000)
})

describe('a row that the side that serves cannot give out', () => {
  it('ends the first copy with its table and the words of the server', async () => {
    const one: HazardCase = {
      ...{ ...cases[0]!, name: 'unreadable', waivers: [], before: undefined },
      administrator: [
        `create type state as enum ('new', 'void'); create table bill (id int primary key, state state);
         insert into bill values (1, 'new'), (2, 'void'); delete from pg_enum where enumlabel = 'void'`,
      ],
    }
    await withDatabase(one, async (sides) => {
      await expect(replicate(one, sides)).rejects.toMatchObject({
        code: 'initial-copy-fails',
        message: expect.stringMatching(
          /public\.bill" from "source" \(.* into "target" \(.*invalid internal value for enum.* the table on "source" \(/su,
        ) as unknown,
      })
    })
  }, 240_000)
})

describe('a database whose schema alone was copied', () => {
  it('is emptied of what filled itself as it was made, what refers to it too', async () => {
    await asAdministrator(neu.port, 'postgres', 'create database filled')
    const emptied = await withServer(neu.port, 'filled', async (client) => {
      await client.query(`create schema ext; create table ext.unit (id int primary key); create table ext.part (unit int references ext.unit);
        create table untouched (id int); create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
        insert into ext.unit values (1); insert into ext.part values (1);
        create trigger no before truncate on ext.unit execute function no()`)
      return emptyTables(client)
    })
    expect(emptied).toEqual(['ext.part', 'ext.unit'])
    await withServer(neu.port, 'filled', async (client) => {
      expect((await client.query('select from ext.unit')).rowCount).toBe(0)
    })
  })
})
