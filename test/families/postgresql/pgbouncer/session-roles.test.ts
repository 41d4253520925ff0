import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { Console } from '../../../../families/postgresql/pgbouncer/admin.ts'
import { entryFloats } from '../../../../families/postgresql/rules/entry-floats.ts'
import { rolePoolsSessions } from '../../../../families/postgresql/rules/role-pools-sessions.ts'
import { databaseFacts } from '../../../support/facts.ts'
import { type TestEntry, startEntry } from '../../../support/postgres-entry.ts'
import { withServer } from '../../../support/postgres-pair.ts'
import {
  appPassword,
  makeFolder,
  removeFolder,
  startServer,
  type TestServer,
} from '../../../support/postgres-servers.ts'

describe('a role that the pooler pools by session, at an entry that pools by transaction', () => {
  let folder: string
  let server: TestServer
  let entry: TestEntry
  let console: Console

  beforeAll(async () => {
    folder = await makeFolder('session-roles')
    server = await startServer(folder, 'old', 15, {})
    for (const role of ['desk', 'report', 'clerk'])
      await withServer(server.port, 'postgres', async (client) =>
        client.query(`create role ${role} login password '${appPassword}'`),
      )
    entry = await startEntry(
      folder,
      [`permit = host=127.0.0.1 port=${server.port} dbname=postgres`],
      ['desk', 'report', 'clerk'],
      { settings: ['[users]', 'report = pool_mode=session', 'clerk = pool_mode=session'] },
    )
    const { port, adminUser: user, adminPassword: password } = entry
    console = await Console.open({ address: '127.0.0.1', port, user, password })
  }, 60_000)

  afterAll(async () => {
    await console.close()
    await Promise.all([server.stop(), entry.stop()])
    await removeFolder(folder)
  }, 30_000)

  it('is found before it has a client, and by its pool once it has one', async () => {
    expect(await console.sessionRoles('permit', ['desk', 'report'])).toEqual(['report'])
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: entry.port, database: 'permit', user: 'clerk', password: appPassword },
    })
    await client.connect()
    await client.query('select 1')
    expect((await console.sessionRoles('permit', ['desk', 'report'])).toSorted()).toEqual(['clerk', 'report'])
    expect((await console.look('permit')).poolMode).not.toBe('session')
    await client.end()
  }, 60_000)

  it('is a finding by its name, but where the entry itself pools by session', () => {
    const own = { ...entryOf(), poolMode: 'transaction', sessionRoles: ['report'] }
    const found = (one: typeof own) => rolePoolsSessions.find({ ...databaseFacts(), entries: [one] })
    expect(found(own)).toEqual([{ object: 'report', values: { entry: 'permit', place: '127.0.0.1:6432' } }])
    expect(found({ ...own, poolMode: 'session' })).toEqual([])
  })

  it('is one thing, and a host whose addresses move is another', () => {
    const own = entryOf()
    const found = (one: object) => entryFloats.find({ ...databaseFacts(), entries: [{ ...own, ...one }] })
    expect(found({ movers: ['keepalived'] })).toEqual([
      { object: 'permit', values: { place: '127.0.0.1:6432', programs: 'keepalived' } },
    ])
    expect(found({ movers: [] })).toEqual([])
  })
})

const entryOf = () => ({
  ...{
    name: 'permit',
    place: '127.0.0.1:6432',
    file: '/etc/pgbouncer/pgbouncer.ini',
    processes: 1,
    listeners: 1,
  },
  ...{ pointsTo: '', pointsHere: true, poolMode: 'transaction', poolConnections: 20 },
  ...{ fullness: [], others: [], refused: [], bypassing: [], strangers: [], notAdmitted: [] },
})
