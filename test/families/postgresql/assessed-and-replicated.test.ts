import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { CensusRefusedError } from '../../../families/postgresql/errors.ts'
import { startReplication } from '../../../families/postgresql/replication/start.ts'
import { disarm } from '../../../families/postgresql/replication/stop.ts'
import { obstaclesIn } from '../../../families/postgresql/census/judge.ts'
import { type DatabaseCase, databaseCase, tablePart } from '../../support/database-cases.ts'
import { type Pair, appRole, port, startPair, withServer } from '../../support/postgres-pair.ts'
import { appPassword } from '../../support/postgres-servers.ts'

let pair: Pair
let made = 0

beforeAll(async () => {
  pair = await startPair('assessed')
  await withServer(pair.old.port, 'postgres', async (client) =>
    client.query(`create role ${appRole} login password '${appPassword}'`),
  )
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

/** Makes the database of a case on the old side, gives it to `work`, and takes everything of it away. */
async function withDatabase<T>(
  { parts }: DatabaseCase,
  work: (sides: {
    readonly from: ReturnType<typeof port>
    readonly to: ReturnType<typeof port>
  }) => Promise<T>,
): Promise<T> {
  made += 1
  const name = `case_${String(made)}`
  const sides = { from: port('source', pair.old.port, name), to: port('target', pair.new.port, name) }
  await withServer(pair.old.port, 'postgres', async (client) =>
    client.query(`create database ${name} owner ${appRole}`),
  )
  try {
    await withServer(pair.old.port, name, async (client) => {
      await client.query(
        `create schema archive; create function nothing() returns trigger language plpgsql as 'begin return new; end'`,
      )
      for (const { sql } of parts) await client.query(sql)
    })
    return await work(sides)
  } finally {
    await disarm({ sides: [sides.from, sides.to], closedSide: 'forget', waivers: [], say: () => undefined })
    for (const server of [pair.old.port, pair.new.port]) {
      await dropSubscriptions(server, name)
      await withServer(server, 'postgres', async (client) =>
        client.query(`drop database if exists ${name} with (force)`),
      )
    }
  }
}

async function dropSubscriptions(server: number, name: string): Promise<void> {
  await withServer(server, 'postgres', async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) return
    await withServer(server, name, async (own) => {
      const { rows } = await own.query<{ subname: string }>(
        `select subname from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())`,
      )
      for (const { subname } of rows) {
        await own.query(`alter subscription ${subname} disable`)
        await own.query(`alter subscription ${subname} set (slot_name = none)`)
        await own.query(`drop subscription ${subname}`)
      }
    })
  })
}

const named = (found: readonly { readonly code: string; readonly object: string }[]) =>
  found.map(({ code, object }) => `${code} ${object}`).sort()

const ordinaryTables = `select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname in ('public', 'archive') order by 1`

/** Every row can be changed on either side, and what is changed on the old one arrives. */
async function assertCarried(name: string): Promise<void> {
  const changed = async (server: number, end: string) =>
    withServer(server, name, async (client) => {
      const { rows } = await client.query<{ name: string }>(ordinaryTables)
      await client.query('begin')
      for (const table of rows) await client.query(`update only ${table.name} set note = 'changed'`)
      await client.query(end)
      return rows.map((table) => table.name)
    })
  const tables = await changed(pair.old.port, 'commit')
  await changed(pair.new.port, 'rollback')
  await withServer(pair.new.port, name, async (client) => {
    const left = tables.map((table) => `select from only ${table} where note is distinct from 'changed'`)
    for (let tries = 100; tries > 0 && left.length > 0; tries--) {
      const { rowCount } = await client.query(left.join(' union all '))
      if (rowCount === 0) return
      await sleep(50)
    }
    expect(left).toEqual([])
  })
}

/** Assesses and replicates a case; what each of them refuses. */
async function refusals(found: DatabaseCase) {
  return withDatabase(found, async ({ from, to }) => {
    const { waivers } = found
    const assessed = await assessDatabase(from, { target: to, waivers })
    const byAssessment = named(
      obstaclesIn(assessed.findings).map(({ code, subject, waiverName = subject }) => ({
        code,
        object: waiverName,
      })),
    )
    try {
      await startReplication({
        from,
        to,
        waivers,
        replace: false,
        freeze: 'record',
        copyTimeoutMs: 10_000,
        signal: new AbortController().signal,
        say: () => undefined,
      })
      await assertCarried(from.database)
      return { byAssessment, byReplication: [] }
    } catch (error) {
      if (!(error instanceof CensusRefusedError)) throw error
      return { byAssessment, byReplication: named(error.problems) }
    }
  })
}

const reason = 'agreed with the owner'
const tableParts = (...kinds: readonly string[]) =>
  kinds.map((kind, n) => tablePart({ kind, schema: 'public', trigger: null, odd: false }, n))

/** A key that is deferrable, and a trigger that fires where rows are applied. */
const namedByAll: DatabaseCase = {
  parts: [
    ...tableParts('deferrable'),
    tablePart({ kind: 'keyed', schema: 'public', trigger: 'enable always', odd: true }, 1),
  ],
  waivers: [],
}
const letPass: DatabaseCase = {
  parts: tableParts('keyless', 'deferrable', 'unlogged', 'without identity', 'full', 'partitioned, keyless'),
  waivers: [{ rule: '*', pattern: 'public.*', reason }],
}

describe('a database of any make', () => {
  it('is refused by replication for what the assessment names as critical, and else carries every change', async () => {
    const untilMs = Date.now() + 15_000
    await fc.assert(
      fc.asyncProperty(databaseCase, async (found) => {
        if (Date.now() > untilMs) return
        const { byAssessment, byReplication } = await refusals(found)
        expect(byReplication).toEqual(byAssessment)
      }),
      { numRuns: 40, examples: [[namedByAll], [letPass]] },
    )
  }, 60_000)

  it.each([
    ['deferrable', 'table-without-key'],
    ['key generated', 'key-of-generated-column'],
    ['generated, keyless', 'whole-row-of-generated-column'],
    ['partitioned, unlogged', 'unlogged-partitioned-table'],
  ])(
    'with a table that is %s is not begun to be replicated',
    async (kind, code) => {
      const waivers = code === 'table-without-key' ? [] : [{ rule: '*', pattern: '*', reason }]
      expect(await refusals({ parts: tableParts(kind), waivers })).toEqual({
        byAssessment: [`${code} public.t0`],
        byReplication: [`${code} public.t0`],
      })
    },
    30_000,
  )
})
