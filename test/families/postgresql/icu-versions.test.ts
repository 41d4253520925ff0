import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
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
import { until } from '../../support/until.ts'

/* The two servers are built with ICU of two versions: 72 on the old side, 60 on the new one. */

let pair: Pair

const own = 'collation public.pinyin'
const builtIn = 'collation pg_catalog."zh-x-icu"'
const waivers = { [own]: 'compared on staging', [builtIn]: 'compared on staging' }
const indexes = ['citizen_name_key', 'citizen_title', 'citizen_lower']

const on = async <R extends object>(port: number, sql: string): Promise<readonly R[]> =>
  withServer(port, database, async (client) => (await client.query<R>(sql)).rows)
const asApplication = async (port: number, sql: string) =>
  withServer(port, database, async (client) => client.query(sql), appRole, appPassword)

/** Names of two characters each, and each with some sign of its own beside it. */
const citizens = (from: number, to: number) => `
  insert into citizen select n, chr(19968 + n * 37 % 20000) || chr(19968 + n * 101 % 20000) || case n % 3 when 0 then chr(12593 + n % 50) else '' end || n,
    chr(40960 + n % 1000) || chr(19968 + n * 53 % 20000), 'Z' || chr(192 + n % 60) from generate_series(${String(from)}, ${String(to)}) n`

beforeAll(async () => {
  pair = await startPair('icu-versions')
  await makeApplication(pair)
  await asApplication(
    pair.old.port,
    `create collation pinyin (provider = icu, locale = 'zh-u-co-pinyin');
     create table citizen (id int primary key, name text collate pinyin unique, title text collate "zh-x-icu", word text);
     create index citizen_title on citizen (title); create index citizen_lower on citizen (lower(word) collate "zh-x-icu");
     ${citizens(1, 2000)}`,
  )
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

it('the assessment names what another ICU sorts before anything is copied, and indexes built by one of before', async () => {
  const found = async () =>
    (await assessDatabase(pair.source, { target: pair.target, waivers: {} })).findings.filter(({ code }) =>
      ['sides-differ', 'database-differs'].includes(code),
    )
  const early = await found()
  expect(early.map(({ waiverName }) => waiverName).toSorted()).toEqual([builtIn, own])
  expect(early[0]?.message.en).toMatch(/zh-?\S* of ICU version [\d.]+.*of ICU version [\d.]+/)
  expect(early[0]?.action.en).not.toContain('reindex')
  const record = (version: string) =>
    on(pair.old.port, `update pg_collation set collversion = ${version} where collname = 'pinyin'`)
  await record(`'58.0.6.50'`)
  const [, older] = (await found()).toSorted((a, b) =>
    String(a.waiverName).localeCompare(String(b.waiverName)),
  )
  expect(older?.message.en).toContain('of ICU version 58.0.6.50')
  expect(older?.action.en).toContain(
    `reindex database "${database}"; alter collation public.pinyin refresh version`,
  )
  await record('pg_collation_actual_version(oid)')
}, 60_000)

it('replication of text that each side sorts by another ICU is refused by name, built-in collations too', async () => {
  const refusal = await replicate(pair).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'sides-differ' })
  const { problems } = refusal as { problems: readonly { object: string; message: { en: string } }[] }
  expect(problems.map(({ object }) => object).toSorted()).toEqual([builtIn, own])
  const versions = `select collversion as version from pg_collation where collname = 'zh-x-icu'`
  const [one, other] = await Promise.all(
    [pair.old.port, pair.new.port].map(async (port) => (await on<{ version: string }>(port, versions))[0]),
  )
  expect(one).not.toEqual(other)
  expect(String(refusal)).toContain(`"i version ${one?.version ?? ''}"`)
  expect(String(refusal)).toContain(`"i version ${other?.version ?? ''}"`)
  expect(String(refusal)).toMatch(/needs none built anew/)
}, 120_000)

it('waived, it crosses and goes back, and each side has sound indexes by its own ICU', async () => {
  await replicate(pair, waivers, { replace: true })
  const change = (from: number) => `${citizens(from, from + 500)};
    update citizen set name = name || 'x', title = name, word = title where id % 7 = 0; delete from citizen where id % 11 = 0`
  await asApplication(pair.old.port, change(3_001))
  const there = await switchOver(switchPlan(pair, pair.source, pair.target, { waivers }))
  await asApplication(pair.new.port, change(4_001))
  const back = await switchOver(switchPlan(pair, pair.target, pair.source, { waivers }))
  expect([there.armed, back.armed]).toEqual([true, true])
  await asApplication(pair.old.port, `update citizen set word = 'last' where id = 1`)

  const rows = 'select md5(string_agg(c::text, chr(10) order by id)) as rows from citizen c'
  const sums = []
  for (const { port } of [pair.old, pair.new]) {
    await until(async () => (await on(port, `select from citizen where word = 'last'`)).length === 1)
    sums.push((await on(port, rows))[0])
    await on(port, 'set default_transaction_read_only = off; create extension amcheck')
    for (const index of indexes) await on(port, `select bt_index_check('${index}', true)`)
  }
  expect(sums[0]).toEqual(sums[1])
}, 180_000)
