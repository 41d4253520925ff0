import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { lookForDatabase } from '../../../families/postgresql/copy/make-database.ts'
import type { DatabasePort } from '../../../families/postgresql/database.ts'
import { reseed } from '../../../families/postgresql/replication/reseed.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import type { GivingUpDeath } from '../../support/give-up-and-die.ts'
import {
  type Pair,
  database,
  makeApplication,
  port,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { type TestServer, startServer } from '../../support/postgres-servers.ts'

let pair: Pair
let newer: TestServer

const reseeded = async (serves: DatabasePort, follows: DatabasePort) =>
  reseed({
    ...{ serves, follows, waivers: {}, copyTimeoutMs: 20_000 },
    signal: new AbortController().signal,
    say: () => undefined,
  })

beforeAll(async () => {
  // Both of the version whose client programs are there.
  pair = await startPair('rearm-missing', {}, async (folder, name) => startServer(folder, name, 15))
  newer = await startServer(pair.folder, 'newer', 18)
  await makeApplication(pair)
  await replicate(pair)
  await switchOver(switchPlan(pair, pair.source, pair.target))
}, 120_000)

afterAll(async () => {
  await newer.stop()
  await pair.stop()
}, 60_000)

it('an old side whose database was dropped is made anew, also after a run that died with it made and empty', async () => {
  for (const { name } of (
    await withServer(pair.old.port, database, async (client) =>
      client.query<{ name: string }>('select subname as name from pg_subscription'),
    )
  ).rows)
    await withServer(pair.old.port, database, async (client) => {
      await client.query(`alter subscription ${name} disable`)
      await client.query(`alter subscription ${name} set (slot_name = none)`)
      await client.query(`drop subscription ${name}`)
    })
  await withServer(pair.old.port, 'postgres', async (client) =>
    client.query(`drop database ${database} with (force)`),
  )
  await withServer(pair.new.port, database, async (client) =>
    client.query(`select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active`),
  )
  const death: GivingUpDeath = {
    ...{ source: pair.old.port, target: pair.new.port, stale: 'source' },
    beforeStatement: 'create schema if not exists qianyun',
  }
  await dieInChild('give-up-and-die.ts', death)
  expect((await lookForDatabase(pair.source)).exists).toBe(true)
  await reseeded(pair.target, pair.source)
  expect(await switchOver(switchPlan(pair, pair.target, pair.source))).toMatchObject({
    ...{ openSide: 'source', armed: true },
  })
}, 120_000)

it('says which client programs are missing before anything is made, as often as it is asked', async () => {
  await withServer(newer.port, 'postgres', async (client) => client.query(`create database ${database}`))
  const serves = port('target', newer.port)
  const anew = port('source', newer.port, 'permit_anew')
  for (let time = 1; time <= 2; time++) {
    // The newer server cannot be dumped by the programs of the older one.
    await expect(reseeded(serves, anew)).rejects.toMatchObject({
      code: 'client-tool-missing',
      message: expect.stringMatching(/version 18 or newer.*Install the package "postgresql-client-18"/),
    })
    expect((await lookForDatabase(anew)).exists).toBe(false)
  }
}, 60_000)
