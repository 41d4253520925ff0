import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { type TestEntry, startEntry } from '../../support/postgres-entry.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { adminUser, appPassword } from '../../support/postgres-servers.ts'

let pair: Pair
let writers: LedgerWriters

beforeAll(async () => {
  pair = await startPair('logins')
  await makeApplication(pair)
  await replicate(pair)
  writers = await startWriters(pair)
}, 120_000)

afterAll(async () => {
  await writers.stop()
  await pair.stop()
}, 30_000)

const onNew = async (sql: string) =>
  withServer(pair.new.port, 'postgres', async (client) => client.query(sql))

/** The writers come by an entry of their own; one that has an old hash lets nobody in even now. */
const waivers = { [`${appRole}@127.0.0.1`]: 'goes by another entry', [appRole]: 'will be renewed' }

/** What a switch is refused with; nobody is stopped for it. */
async function refusalOf(
  entry: TestEntry = pair.entry,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const before = writers.acked
  const given = { waivers: { ...waivers, ...more } }
  const refused = switchOver(switchPlan({ entry }, pair.source, pair.target, given))
  await expect(refused).rejects.toMatchObject({
    code: 'target-role-unfit',
    roles: [{ role: appRole, reason: expect.any(Object) }],
  })
  expect(writers.acked).toBeGreaterThan(before)
  return refused.then(
    () => '',
    (error: unknown) => String(error),
  )
}

async function withEntry(
  users: readonly string[],
  settings: string,
  work: (entry: TestEntry) => Promise<void>,
): Promise<void> {
  const line = `${database} = host=127.0.0.1 port=${pair.old.port} dbname=${database} ${settings}`
  const entry = await startEntry(pair.folder, [line], [], { name: 'second', users })
  try {
    await work(entry)
  } finally {
    await entry.stop()
  }
}

describe('a switch is refused before anybody waits when', () => {
  it('the pg_hba.conf of the new side admits the administrator alone', async () => {
    const file = join(pair.folder, 'new', 'pg_hba.conf')
    const before = readFileSync(file, 'utf8')
    writeFileSync(
      file,
      before.replace('host all all', `host ${database} ${appRole} 127.0.0.0/8 reject\nhost all ${adminUser}`),
    )
    await onNew('select pg_reload_conf()')
    try {
      expect(await refusalOf()).toMatch(
        /is refused by pg_hba\.conf there, for connections from the host that clients come from/,
      )
    } finally {
      writeFileSync(file, before)
      await onNew('select pg_reload_conf()')
    }
  }, 120_000)

  it('the application uses another password there, which a waiver keeps from being carried over', async () => {
    await onNew(`alter role ${appRole} password 'another'`)
    const kept = { [`password of role ${appRole}`]: 'the new side has its own' }
    expect(await refusalOf(pair.entry, kept)).toMatch(/has another password there/)
    await onNew(`alter role ${appRole} password '${appPassword}'`)
  }, 120_000)

  it('the pooler knows a hash that the new side does not take', async () => {
    const md5 = createHash('md5').update(`${appPassword}${appRole}`).digest('hex')
    const users = [`"${appRole}" "md5${md5}"`]
    const line = `${database} = host=127.0.0.1 port=${pair.old.port} dbname=${database}`
    const entry = await startEntry(pair.folder, [line], [], {
      name: 'hashed',
      users,
      settings: ['auth_type = md5'],
    })
    try {
      // Nobody logs in to such a pooler unless the plan says why.
      await expect(switchOver(switchPlan({ entry }, pair.source, pair.target))).rejects.toMatchObject({
        code: 'weak-login',
      })
      const weakLogin = { method: 'md5', reason: 'The pooler of the old room has hashes alone.' } as const
      const allowed = { ...entry, weakLogin }
      expect(await refusalOf(allowed)).toMatch(/known to pgbouncer by an md5 hash/)
    } finally {
      await entry.stop()
    }
  }, 120_000)

  it('the role that looks passwords up is a superuser of the old side only', async () => {
    await withServer(pair.old.port, 'postgres', async (client) =>
      client.query(`create role pooler login superuser password '${appPassword}'`),
    )
    await withEntry([`"pooler" "${appPassword}"`], 'auth_user=pooler', async (entry) => {
      expect(await refusalOf(entry)).toMatch(
        /looked up by auth_user "pooler", which on that side does not exist/,
      )
      await onNew(`create role pooler login password '${appPassword}'`)
      expect(await refusalOf(entry)).toMatch(/auth_user "pooler", which on that side cannot run auth_query/)
      await onNew('alter role pooler superuser')

      await writers.stop()
      // It keeps its connections for a while, with nobody behind them.
      pair.entry.kill()
      const { armed, probe } = await switchOver(switchPlan({ entry }, pair.source, pair.target))
      expect({ armed, ok: probe.ok }).toEqual({ armed: true, ok: true })
    })
  }, 120_000)
})
