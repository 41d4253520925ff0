import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import type { PostgresDatabase } from '../../../families/postgresql/database.ts'
import type { SwitchPlan } from '../../../families/postgresql/switchover/plan.ts'
import { openAlone } from '../../../families/postgresql/switchover/open-alone.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { alonePlan } from '../../support/open-alone.ts'
import type { TestServer } from '../../support/postgres-servers.ts'

let pair: Pair
let isReal: boolean

/** pg_cron itself where its package is installed; its table elsewhere, which is all that is looked at. */
beforeAll(async () => {
  pair = await startPair('jobs')
  await makeApplication(pair)
  isReal = await withServer(pair.old.port, 'postgres', async (client) => {
    const found = await client.query(`select from pg_available_extensions where name = 'pg_cron'`)
    return found.rowCount === 1
  })
  if (isReal) await pair.old.restart({ shared_preload_libraries: 'pg_cron' })
  await inPlace(pair.old, isReal ? 'create extension pg_cron' : tableOfCron)
  await inPlace(pair.new, tableOfCron)
  await inPlace(pair.new, tablesOfAgent)
  await inPlace(pair.old, tablesOfAgent)
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

/** The new server of the tests cannot load it. */
const loads = { 'setting shared_preload_libraries': 'its package comes with the new host' }

const tableOfCron = `create schema cron; create table cron.job (jobid bigint generated always as identity primary key, schedule text not null,
  command text not null, nodename text not null default 'localhost', nodeport int not null default 5432, database text not null default 'postgres',
  username text not null default current_user, active boolean not null default true, jobname text)`
const tablesOfAgent = `create schema pgagent; create table pgagent.pga_job (jobid serial primary key, jobname text, jobenabled boolean default true);
  create table pgagent.pga_jobstep (jstid serial primary key, jstjobid int, jstname text, jstdbname name default '', jstconnstr varchar(255) default '')`

const inPlace = async (server: TestServer, sql: string) =>
  withServer(server.port, 'postgres', async (client) => client.query(sql))

const job = (name: string, active: boolean) =>
  `insert into cron.job (schedule, command, database, jobname, active) values ('0 3 * * *', 'delete from permit where state = ''old''', '${database}', '${name}', ${String(active)})`
const agentJob = (name: string, enabled: boolean) =>
  `with j as (insert into pgagent.pga_job (jobname, jobenabled) values ('${name}', ${String(enabled)}) returning jobid)
   insert into pgagent.pga_jobstep (jstjobid, jstname, jstconnstr) select jobid, 'sums', 'host=localhost dbname=${database}' from j`

/** Which jobs are on, on each server. */
async function running(): Promise<readonly string[]> {
  const found = await Promise.all(
    [pair.old, pair.new].map(async (server) => {
      const { rows } = await inPlace(
        server,
        `select jobname::text as name from cron.job where active and database = '${database}'
         union all select jobname from pgagent.pga_job where jobenabled order by 1`,
      )
      return rows.map(({ name }: { name: string }) => `${server.name} ${name}`)
    }),
  )
  return found.flat()
}

async function refusals(from: PostgresDatabase, to: PostgresDatabase, changed: Partial<SwitchPlan> = {}) {
  const parts: string[] = []
  const refused = switchOver(
    switchPlan(pair, from, to, { waivers: loads, ...changed, onPart: (part) => parts.push(part) }),
  )
  const error: unknown = await refused.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(parts).toEqual([])
  return error as { problems: readonly { code: string; object: string; text: { en: string } }[] }
}
const named = ({ problems }: Awaited<ReturnType<typeof refusals>>) =>
  problems.map(({ code, object }) => `${code} ${object}`)

it('jobs of schedulers inside the servers run on the side that serves alone, there and back', async () => {
  await inPlace(pair.old, job('nightly', true))
  await inPlace(pair.old, job('asleep', false))
  await inPlace(
    pair.old,
    `insert into cron.job (schedule, command, database, jobname) values ('0 4 * * *', 'vacuum', 'postgres', 'of others')`,
  )
  await inPlace(pair.old, agentJob('sums', true))

  const { findings } = await assessDatabase(pair.source, { target: pair.target, waivers: [] })
  const found = findings.map(({ code, subject }) => `${code} ${subject}`)
  expect(found).toEqual(
    expect.arrayContaining([
      'scheduled-job pg_cron nightly',
      'scheduled-job pgAgent sums',
      'job-without-namesake pg_cron nightly',
      'job-without-namesake pgAgent sums',
    ]),
  )
  expect(found.join()).not.toMatch(/asleep|of others/)

  await replicate(pair, loads)
  expect(named(await refusals(pair.source, pair.target))).toEqual([
    'job-without-namesake pg_cron nightly',
    'job-without-namesake pgAgent sums',
  ])

  await inPlace(pair.new, job('nightly', true))
  await inPlace(pair.new, agentJob('sums', false))
  const early = await refusals(pair.source, pair.target)
  expect(named(early)).toEqual(['job-on-waiting-side pg_cron nightly'])
  const [statement] =
    /update cron\.job set active = false where jobid = \d+/.exec(early.problems[0]!.text.en) ?? []
  await inPlace(pair.new, statement!)

  const there = await switchOver(switchPlan(pair, pair.source, pair.target, { waivers: loads }))
  expect(there).toMatchObject({ armed: true, jobs: { leftOn: [] } })
  expect(there.jobs?.on.toSorted()).toEqual(['pgAgent sums', 'pg_cron nightly'])
  expect(await running()).toEqual(['new nightly', 'new sums'])

  const back = await switchOver(switchPlan(pair, pair.target, pair.source, { waivers: loads }))
  expect(back.jobs?.off.toSorted()).toEqual(['pgAgent sums', 'pg_cron nightly'])
  expect(await running()).toEqual(['old nightly', 'old sums'])

  const waivers = { ...loads, 'pg_cron nightly': 'cleans the old server alone' }
  const waived = await switchOver(switchPlan(pair, pair.source, pair.target, { waivers }))
  expect(waived.jobs).toMatchObject({ on: ['pgAgent sums'], leftOn: ['pg_cron nightly: by waiver'] })
  expect(await running()).toEqual(['old nightly', 'new sums'])
}, 240_000)

it('a scheduler that keeps its jobs in the moved database, and a library that works on it by itself, are refused by name', async () => {
  const serving = pair.target
  await withServer(pair.new.port, database, async (client) => {
    await client.query(`create schema timetable; create table timetable.chain (chain_id bigint primary key, chain_name text, run_at text, live boolean);
      create table timetable.task (task_id bigint primary key, chain_id bigint, database_connection text);
      insert into timetable.chain values (1, 'monthly', '@monthly', true)`)
  })
  await inPlace(pair.new, `alter system set pg_partman_bgw.dbname = 'other, ${database}'`)
  await inPlace(pair.new, 'select pg_reload_conf()')
  const { findings } = await assessDatabase(serving, { waivers: [] })
  expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual(
    expect.arrayContaining([
      'scheduler-inside pg_timetable monthly',
      'library-works-by-itself pg_partman_bgw',
    ]),
  )
}, 60_000)

it('reads no view that stands where a table of a scheduler would be', async () => {
  await inPlace(pair.new, 'alter table pgagent.pga_jobstep rename to steps')
  await inPlace(
    pair.new,
    `create function pgagent.harm() returns int language plpgsql as $$ begin raise 'its code was run'; end $$;
     create view pgagent.pga_jobstep as select s.*, pgagent.harm() from pgagent.steps s`,
  )
  const { facts } = await assessDatabase(pair.target, { waivers: [] })
  expect(facts.jobs.map(({ scheduler }) => scheduler)).not.toContain('pgAgent')
  expect(facts.unknown.map(({ topic }) => topic)).not.toContain('jobs')
}, 60_000)

it('a side that is opened alone is told with its jobs that are off, each with the statement that puts it on', async () => {
  await pair.new.crash()
  const alone = async () => openAlone(alonePlan(switchPlan(pair, pair.target, pair.source)))
  const { jobsOff = [] } = await alone()
  expect(jobsOff.map((job) => job.slice(0, job.indexOf(':'))).toSorted()).toEqual([
    'pgAgent sums',
    'pg_cron asleep',
  ])
  const [, statement = ''] =
    /^pgAgent sums: (.+) \(database "postgres"\)$/.exec(
      jobsOff.find((job) => job.startsWith('pgAgent')) ?? '',
    ) ?? []
  await inPlace(pair.old, statement)
  expect((await alone()).jobsOff).toHaveLength(1)
  await pair.new.restart({})
  expect(await running()).toEqual(expect.arrayContaining(['old nightly', 'old sums']))
}, 120_000)
