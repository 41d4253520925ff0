import { afterAll, beforeAll } from '@jest/globals'
import type { PostgresDatabase } from '../../../families/postgresql/database.ts'
import { startReplication } from '../../../families/postgresql/replication/start.ts'
import { disarm } from '../../../families/postgresql/replication/stop.ts'
import type { HazardCase } from '../../support/hazard-cases.ts'
import { appRole, port, withServer } from '../../support/postgres-pair.ts'
import { type TestEntry, startEntry } from '../../support/postgres-entry.ts'
import {
  type TestServer,
  appPassword,
  makeFolder,
  removeFolder,
  startServer,
} from '../../support/postgres-servers.ts'

/* One pair of servers, 15 and 18, for each file of tests, and a database for each case. */

export const databaseOf = ({ name, database }: Pick<HazardCase, 'name' | 'database'>): string =>
  database ?? `hazard_${name.replaceAll('-', '_')}`.slice(0, 50)

export let old: TestServer
export let neu: TestServer
export let entry: TestEntry

/** Starts the pair and an entry to its databases before the tests of a file, and stops them after them. */
export function useHazardRoom(databases: readonly string[]): void {
  let folder: string

  beforeAll(async () => {
    folder = await makeFolder('hazards')
    // A vacuum that comes by itself would mend what a case has made.
    const settings = { allow_in_place_tablespaces: 'on', autovacuum: 'off' }
    ;[old, neu] = await Promise.all([
      startServer(folder, 'old', 15, settings),
      startServer(folder, 'new', 18, settings),
    ])
    const lines = databases.map((name) => `${name} = host=127.0.0.1 port=${old.port} dbname=${name}`)
    entry = await startEntry(folder, lines, [appRole])
    await withServer(old.port, 'postgres', async (client) =>
      client.query(`create role ${appRole} login password '${appPassword}'`),
    )
  }, 60_000)

  afterAll(async () => {
    await Promise.all([old.stop(), neu.stop(), entry.stop()])
    await removeFolder(folder)
  }, 30_000)
}

export interface Sides {
  readonly from: PostgresDatabase
  readonly to: PostgresDatabase
}

export async function asApplication(server: number, name: string, sql: string | undefined): Promise<void> {
  if (sql === undefined) return
  await withServer(server, name, async (client) => client.query(sql), appRole, appPassword)
}

export async function asAdministrator(server: number, name: string, sql: string | undefined): Promise<void> {
  if (sql !== undefined) await withServer(server, name, async (client) => client.query(sql))
}

/** Makes the database of a case and what it has, works on it, and leaves both servers as they were. */
export async function withDatabase(one: HazardCase, work: (sides: Sides) => Promise<void>): Promise<void> {
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

export const replicate = async ({ waivers }: HazardCase, sides: Sides) =>
  startReplication({
    ...sides,
    waivers,
    replace: false,
    freeze: 'record',
    copyTimeoutMs: 60_000,
    signal: new AbortController().signal,
    say: () => undefined,
  })
