import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'

import { embeddedDatabaseUrl } from '../../config/config.ts'
import { homeLayout, makeFolders } from '../../standalone/layout.ts'
import { ManagedProcess } from '../../standalone/managed-process.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import {
  assertDatabaseReachable,
  ensureDatabase,
  PostgresPasswordLostError,
  preparePostgres,
  type PostgresPlace,
} from '../../standalone/postgres.ts'
import { findBinaries } from '../../standalone/programs.ts'
import { answers, prepareTemporal, registerSearchAttributes } from '../../standalone/temporal.ts'
import { askServers } from '../support/ask-servers.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const home = useHomeFolder()
const layout = homeLayout(home)
makeFolders(layout)
const started: ManagedProcess[] = []

afterAll(() => Promise.all(started.map((server) => server.stop())))

describe("the stack's PostgreSQL", () => {
  it('comes up with a role and a database of its own, and keeps its data over a restart', async () => {
    const place = await postgresPlace()
    const first = await run(new ManagedProcess(await preparePostgres(place)))
    await ensureDatabase(place)
    await query(place, 'CREATE TABLE kept (note text)')
    await query(place, "INSERT INTO kept VALUES ('still here')")
    await first.stop()

    const second = await run(new ManagedProcess(await preparePostgres(place)))
    await ensureDatabase(place)
    const rows = await query(place, 'SELECT note, current_user AS role FROM kept')
    await second.stop()

    expect(rows).toEqual([{ note: 'still here', role: 'qianyun' }])
  })

  it('keeps its passwords in files only their owner can read', () => {
    const modes = readdirSync(layout.ownSecrets).map(
      (name) => statSync(join(layout.ownSecrets, name)).mode & 0o777,
    )

    expect(modes).toEqual([0o600, 0o600, 0o600, 0o600, 0o600])
    expect(statSync(layout.ownSecrets).mode & 0o777).toBe(0o700)
  })

  it('says what to do when the data is there without its password', async () => {
    const place = { ...(await postgresPlace()), home: join(home, 'elsewhere') }

    await expect(preparePostgres(place)).rejects.toThrow(PostgresPasswordLostError)
    await expect(preparePostgres(place)).rejects.toThrow(/"stack-postgres".*--fresh/)
  })
})

describe('servers the environment names', () => {
  it('are named when they do not answer', async () => {
    const [port] = await findFreePorts(1)
    const temporal = { address: `127.0.0.1:${port}`, namespace: 'default' }

    await expect(assertDatabaseReachable(`postgres://q:p@127.0.0.1:${port}/q`)).rejects.toThrow(
      new RegExp(`"127\\.0\\.0\\.1:${port}", does not let us in \\(.*ECONNREFUSED.*correct DATABASE_URL`),
    )
    await expect(registerSearchAttributes(temporal)).rejects.toThrow(
      new RegExp(`No Temporal server answers at "127\\.0\\.0\\.1:${port}".*correct TEMPORAL_ADDRESS`),
    )
  })

  it('are told how to make the namespace that is not there', async () => {
    const temporal = { ...(await askServers('temporal')), namespace: 'no-such-namespace' }

    await expect(registerSearchAttributes(temporal)).rejects.toThrow(
      /has no namespace "no-such-namespace"\. Correct TEMPORAL_NAMESPACE.*temporal operator namespace create --address \S+ --namespace no-such-namespace/,
    )
  })

  it('learn what migrations are found by', async () => {
    const temporal = await askServers('temporal')

    await registerSearchAttributes(temporal)

    await expect(registerSearchAttributes(temporal)).resolves.toBeUndefined()
  })
})

describe("the stack's Temporal server", () => {
  it('is ready when it answers for the namespace', async () => {
    const place = await temporalPlace()

    await run(new ManagedProcess(await prepareTemporal(place, () => undefined)))

    await expect(answers(`127.0.0.1:${place.port}`, 'default')).resolves.toBe(true)
    await expect(answers(`127.0.0.1:${place.port}`, 'no-such-namespace')).resolves.toBe(false)
  })

  it('moves the state of another version aside, says with what it goes on, and takes it up again then', async () => {
    const place = { ...(await temporalPlace()), dataFolder: join(home, 'temporal-old') }
    await prepareTemporal(place, () => undefined)
    writeFileSync(join(place.dataFolder, 'temporal.db'), 'state of an older server')
    writeFileSync(join(place.dataFolder, 'version'), '1.29.1\n')
    const said: string[] = []

    await prepareTemporal(place, (line) => said.push(line))

    expect(said[0]).toContain(`is kept in "${join(place.dataFolder, 'temporal-1.29.1.db')}"`)
    expect(existsSync(join(place.dataFolder, 'temporal-1.29.1.db'))).toBe(true)
    expect(existsSync(join(place.dataFolder, 'temporal.db'))).toBe(false)
    expect(said[0]).toContain(
      'with a Temporal CLI of server 1.29.1: TEMPORAL_CLI=/path/to/temporal npm start',
    )

    writeFileSync(join(place.dataFolder, 'temporal.db'), 'state of this server')
    const older = join(home, 'older-temporal')
    writeFileSync(older, '#!/bin/sh\necho "temporal version 1.4.0 (Server 1.29.3, UI 2.40.1)"\n', {
      mode: 0o755,
    })
    await prepareTemporal({ ...place, program: older }, (line) => said.push(line))

    expect(said[1]).toMatch(/^Temporal is server 1\.29\.3 again: .*temporal-\d[\d.]*\.db"\.$/)
    expect(readFileSync(join(place.dataFolder, 'temporal.db'), 'utf8')).toBe('state of an older server')
  })
})

async function run(server: ManagedProcess): Promise<ManagedProcess> {
  started.push(server)
  await server.whenReady()
  return server
}

async function postgresPlace(): Promise<PostgresPlace> {
  const [port] = await findFreePorts(1)
  return {
    home,
    programs: findBinaries(home).postgres,
    dataFolder: layout.postgresData,
    logPath: join(layout.logs, 'postgres.log'),
    port: port!,
  }
}

async function temporalPlace() {
  const [port] = await findFreePorts(1)
  return {
    program: findBinaries(home).temporal,
    dataFolder: layout.temporalData,
    logPath: join(layout.logs, 'temporal.log'),
    port: port!,
    namespace: 'default',
  }
}

async function query(place: PostgresPlace, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: embeddedDatabaseUrl(place.home, place.port) })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
