import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { lookAtWayBack } from '../../../../families/postgresql/health.ts'
import { assessDatabase } from '../../../../families/postgresql/assess.ts'
import { switchOver } from '../../../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../../support/postgres-pair.ts'

let pair: Pair
const waivers = { 'index public.permit_state': 'made for the old machine alone' }

beforeAll(async () => {
  pair = await startPair('retention')
  await makeApplication(pair)
  await withServer(pair.new.port, 'postgres', async (client) => {
    for (const statement of [
      `alter system set timezone = 'Europe/Paris'`,
      `alter system set datestyle = 'sql, dmy'`,
      `alter system set full_page_writes = off`,
    ])
      await client.query(statement)
    await client.query('select pg_reload_conf()')
  })
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

const on = async (port: number, sql: string) =>
  withServer(port, database, async (client) => client.query(sql))

describe('the assessment, while the new database is not there yet', () => {
  it('names the settings in which the servers differ: what will be written into the new database, and what stops the move', async () => {
    const { findings } = await assessDatabase(pair.source, { target: pair.target, waivers: {} })

    const found = findings.filter(({ code }) => code.startsWith('setting-'))
    expect(found.map(({ code, severity, subject }) => [code, severity, subject]).toSorted()).toEqual([
      ['setting-carried', 'information', 'setting DateStyle'],
      ['setting-carried', 'information', 'setting TimeZone'],
      ['setting-differs', 'critical', 'setting full_page_writes'],
    ])
    expect(found.find(({ subject }) => subject === 'setting DateStyle')?.message.en).toContain(
      'has "ISO,MDY", "target"',
    )
  }, 30_000)
})

describe('during retention', () => {
  beforeAll(async () => {
    await withServer(pair.new.port, 'postgres', async (client) => {
      await client.query('alter system reset full_page_writes')
      await client.query('select pg_reload_conf()')
    })
    await replicate(pair)
    await on(pair.old.port, 'create index permit_state on permit (state)')
    await switchOver(switchPlan(pair, pair.source, pair.target, { waivers }))
  }, 60_000)

  const kept = {}
  const look = async () => (await lookAtWayBack(pair.target, pair.source, kept)).health
  const unlike = (...objects: string[]) => ({
    channel: 'at-risk',
    reasons: [{ code: 'sides-unlike', values: { count: objects.length, objects } }],
  })

  it('what a waiver left different is no reason to be at risk', async () => {
    expect(await look()).toMatchObject({ channel: 'running', reasons: [] })
    expect(await look()).toMatchObject({ channel: 'running', reasons: [] })
  }, 30_000)

  it.each([
    ['new', 'create index late on permit (fee)', 'index public.late', 'drop index late'],
    [
      'old',
      'alter table permit disable trigger permit_stamp',
      'trigger public.permit.permit_stamp',
      'alter table permit enable trigger permit_stamp',
    ],
    [
      'new',
      `create or replace view open_permits as select * from permit where state = 'open'`,
      'view public.open_permits',
      `create or replace view open_permits as select * from permit where state = 'received'`,
    ],
    ['new', `create role late login password 'of late'`, 'role late', 'drop role late'],
    ['new', 'alter role permit_app superuser', 'role permit_app', 'alter role permit_app nosuperuser'],
    ['old', 'alter role permit_app superuser', 'role permit_app', 'alter role permit_app nosuperuser'],
    [
      'new',
      'grant postgres to permit_app',
      'memberships of role permit_app',
      'revoke postgres from permit_app',
    ],
    [
      'old',
      'grant pg_execute_server_program to permit_app',
      'memberships of role permit_app',
      'revoke pg_execute_server_program from permit_app',
    ],
  ] as const)(
    'a change of the %s side is named within two looks, and forgotten when it is undone: %s',
    async (side, statement, object, undo) => {
      await on(pair[side].port, statement)
      await look()
      expect(await look()).toMatchObject(unlike(object))
      await on(pair[side].port, undo)
      await look()
      expect(await look()).toMatchObject({ channel: 'running', reasons: [] })
    },
    30_000,
  )

  /** The records of both sides, without which they cannot be compared. */
  const letRecordsBeRead = async (allowed: boolean) =>
    withServer(pair.new.port, 'postgres', async (client) => {
      await client.query(`alter database qianyun_control allow_connections ${String(allowed)}`)
    })

  it('a look that meets no change compares nothing, and one that cannot compare says that it does not know', async () => {
    await look()
    await letRecordsBeRead(false)
    try {
      expect(await look()).toMatchObject({ channel: 'running', reasons: [] })
      await on(pair.new.port, 'create index late on permit (fee)')
      expect(await look()).toMatchObject({
        channel: 'at-risk',
        reasons: [
          {
            code: 'sides-not-compared',
            values: {
              because: {
                code: 'foreign-words',
                values: { text: expect.stringContaining('not currently accepting connections') },
              },
            },
          },
        ],
      })
    } finally {
      await letRecordsBeRead(true)
    }
    expect(await look()).toMatchObject(unlike('index public.late'))
    await on(pair.new.port, 'drop index late')
    await look()
    expect(await look()).toMatchObject({ channel: 'running', reasons: [] })
  }, 30_000)
})
