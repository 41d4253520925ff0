import { describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { obstaclesIn } from '../../../families/postgresql/census/judge.ts'
import { SidesDifferError } from '../../../families/postgresql/differences/errors.ts'
import { CensusRefusedError } from '../../../families/postgresql/errors.ts'
import { InitialCopyFailsError } from '../../../families/postgresql/replication/errors.ts'
import { rehearse } from '../../../families/postgresql/rehearsal/rehearse.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { type HazardCase, hazardCasesOf } from '../../support/hazard-cases.ts'
import { switchPlan, withServer, pooled } from '../../support/postgres-pair.ts'
import {
  type Sides,
  asAdministrator,
  asApplication,
  databaseOf,
  entry,
  neu,
  old,
  replicate,
  useHazardRoom,
  withDatabase,
} from './hazard-room.ts'

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
    entry: pooled(switchPlan({ entry }, from, to), { name: databaseOf(one) }),
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
    entry: usual,
    signal,
    say,
    waivers: _,
    ...bounds
  } = switchPlan({ entry }, sides.from, sides.to)
  const rehearsed = rehearse({
    ...{ from, to, signal, say, bounds, waivers: one.waivers, entry: pooled({ entry: usual }, { name }) },
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

/** Tries the cases that fall to this file, by its path. A new report is a new file in hazards/. */
export function describeHazards(file: string): void {
  const cases = hazardCasesOf(file)
  useHazardRoom(cases.map(databaseOf))
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
}
