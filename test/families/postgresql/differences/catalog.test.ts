import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { pour } from '../../../../families/postgresql/copy/pour.ts'
import { makeDatabase } from '../../../../families/postgresql/copy/make-database.ts'
import { copyDatabaseAttributes, copyRoles } from '../../../../families/postgresql/copy/roles.ts'
import { compareSides } from '../../../../families/postgresql/differences/compare.ts'
import { type Difference, objectOf } from '../../../../families/postgresql/differences/difference.ts'
import { notFenced } from '../../../../families/postgresql/differences/fenced.ts'
import { findingsOfDifferences } from '../../../../families/postgresql/differences/findings.ts'
import { changedParts, fingerprintOf } from '../../../../families/postgresql/differences/fingerprint.ts'
import { withClient } from '../../../../families/postgresql/server/connections.ts'
import {
  type Pair,
  database,
  makeApplication,
  startPair,
  withServer,
} from '../../../support/postgres-pair.ts'
import { changes } from './changes.ts'
import { richSchema } from './rich-schema.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair('catalog')
  await makeApplication(pair)
  await withServer(pair.old.port, database, async (client) => client.query(richSchema))
  await copy()
}, 90_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

/** As replication makes the side that follows. */
async function copy(): Promise<void> {
  const { source, target } = pair
  await withClient(source, 'test', async (from) =>
    withClient(target, 'test', async (to) => copyRoles(from, to, source), 'postgres'),
  )
  await makeDatabase(source, target)
  const { signal } = new AbortController()
  await pour({ from: source, fromMajor: 15, to: target, schemaOnly: true, signal })
  await withClient(source, 'test', async (from) =>
    withClient(target, 'test', async (to) =>
      copyDatabaseAttributes(from, to, { from: database, to: database }),
    ),
  )
}

const side = (port: Pair['source']) => ({ port, fenced: notFenced })
const there = async () => compareSides(side(pair.source), side(pair.target))
const back = async () => compareSides(side(pair.target), side(pair.source))
const names = (found: readonly Difference[]) => found.map(objectOf).toSorted()

const onNew = async (statement: string) =>
  withServer(pair.new.port, database, async (client) => client.query(statement))

describe('PostgreSQL 15 and its copy on 18', () => {
  it('differ in nothing, in either direction', async () => {
    expect(await there()).toEqual([])
    expect(await back()).toEqual([])
  }, 60_000)

  it('differ in nothing where one of the servers marks columns for itself', async () => {
    await onNew(`
      set allow_system_table_mods = on;
      update pg_attribute set attoptions = attoptions || array['pg_attver=22116832']
       where attrelid = 'desk.file'::regclass and attnum > 0`)

    expect(await there()).toEqual([])
  })

  it('differ in each thing that one statement changes on one of them, and in no other', async () => {
    for (const [statement] of changes) await onNew(statement)

    const found = await there()

    expect(names(found)).toEqual(changes.map(([, object]) => object).toSorted())
    for (const { from, to } of found) expect(from).not.toBe(to)
    expect(names(await back())).toEqual(names(found))
  }, 120_000)

  it('are alike again once the remedies have been run where a difference names one', async () => {
    const byHand: string[] = []
    // What is made anew shows its owner and its rights in the next round.
    for (let round = 1; round <= 3; round++) {
      for (const one of await there()) {
        for (const statement of one.statements) await onNew(statement)
        if (one.statements.length === 0) byHand.push(objectOf(one))
      }
    }
    expect(names(await there())).toEqual([...new Set(byHand)].toSorted())
    expect(byHand).not.toContain('function desk.addup(state numeric, v numeric)')
  }, 120_000)
})

describe('a fingerprint', () => {
  const fingerprint = async () => withClient(pair.source, 'test', fingerprintOf)

  it('changes with each of these changes, and the part of the catalogs is named', async () => {
    const unseen: string[] = []
    for (const [statement, object] of changes) {
      const before = await fingerprint()
      await withServer(pair.old.port, database, async (client) => client.query(statement))
      if (changedParts(before, await fingerprint()).length === 0) unseen.push(object)
    }
    expect(unseen).toEqual([])
  }, 120_000)

  it('does not change with what an application does all day', async () => {
    const before = await fingerprint()
    await withServer(pair.old.port, database, async (client) => {
      await client.query(`create temporary table t (id serial primary key, n int default 5 check (n > 0)); insert into t (n) values (7);
        create function pg_temp.f() returns int language sql as 'select 1'; create temporary view v as select * from t`)
      await client.query(`insert into public.office (name) values ('east'); update public.office set name = 'west' where name = 'east';
        delete from public.office where name = 'west'; truncate desk.inv; refresh materialized view desk.mat; analyze; set timezone = 'UTC'`)
      await client.query('vacuum')
    })
    expect(changedParts(before, await fingerprint())).toEqual([])
  }, 60_000)
})

describe('text that each side sorts by another version of its library', () => {
  const onOld = async (statement: string) =>
    withServer(pair.old.port, database, async (client) => client.query(statement))
  const told = async () => {
    const found = (await there()).filter(({ identity }) => /collation version|public\.pinyin/.test(identity))
    const sides = { from: pair.source, to: pair.target }
    return findingsOfDifferences(found, sides, { waivers: [] }, 'precheck')
  }

  it('is said to need no index built anew, and where the record is old, what makes it true', async () => {
    for (const run of [onOld, onNew])
      await run(`create collation public.pinyin (provider = icu, locale = 'zh-u-co-pinyin')`)
    // As after a restore of the operating system's packages under a running database.
    await onOld(`update pg_collation set collversion = '1.0' where collname = 'pinyin'`)
    await onOld(`update pg_database set datcollversion = '1.0' where datname = '${database}'`)
    const [first, ...rest] = await told()
    expect([first, ...rest].map((one) => one?.waiverName).toSorted()).toEqual([
      'collation public.pinyin',
      'database collation version',
    ])
    for (const one of [first, ...rest]) {
      expect(one?.action.en).toMatch(/needs none built anew.*waive it under the name/)
      expect(one?.action.zh).toContain('无需重建索引')
    }
    const collation = [first, ...rest].find((one) => one?.waiverName === 'collation public.pinyin')
    const statements = /source" \([^)]*\): (reindex database .*? refresh version)/.exec(
      collation?.action.en ?? '',
    )?.[1]
    for (const statement of statements?.split('; ') ?? []) await onOld(statement)
    const after = (await told()).find((one) => one.waiverName === 'collation public.pinyin')
    expect(after?.action.en ?? '').not.toContain('reindex')
    expect(statements).toBe(`reindex database "${database}"; alter collation public.pinyin refresh version`)
  }, 60_000)
})
