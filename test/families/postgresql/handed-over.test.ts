import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { dropDatabase } from '../../../families/postgresql/copy/make-database.ts'
import { lookAtBothSides } from '../../../families/postgresql/replication/old-side.ts'
import { openAlone } from '../../../families/postgresql/switchover/open-alone.ts'
import { settlePair } from '../../../families/postgresql/switchover/settle-pair.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import { alonePlan } from '../../support/open-alone.ts'
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
import type { Death } from '../../support/switch-and-die.ts'

let pair: Pair

const on = async (port: number, sql: string) =>
  withServer(port, database, async (client) => client.query(sql))

beforeAll(async () => {
  pair = await startPair('handed-over')
  await makeApplication(pair)
  await replicate(pair)
  await switchOver(switchPlan(pair, pair.source, pair.target))
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

it('a side that was fenced and given up keeps what is nowhere else, whatever its own record says when it comes back', async () => {
  const { source, target, entry } = pair
  const death: Death = {
    ...{ from: target.port, to: source.port, entryPort: entry.port, databasesFile: entry.databasesFile },
    ...{ guarded: false, atPart: 'marker' },
  }
  await dieInChild('switch-and-die.ts', death)
  await on(source.port, 'alter subscription qianyun_permit_g1 disable')
  await on(target.port, `insert into permit (applicant) values ('acknowledged, and not passed on')`)
  await pair.new.crash()
  expect(await openAlone(alonePlan(switchPlan(pair, target, source)))).toMatchObject({ generation: 2 })
  await pair.new.restart({})

  expect(await lookAtBothSides(source, target)).toEqual({ old: 'open', new: 'stale' })
  const stale = { code: 'side-stale', staleGeneration: 1, generation: 2 }
  const signal = new AbortController().signal
  for (const [from, to] of [
    [source, target],
    [target, source],
  ] as const) {
    await expect(settlePair({ from, to, signal, say: () => undefined })).rejects.toMatchObject(stale)
    await expect(switchOver(switchPlan(pair, from, to))).rejects.toMatchObject(stale)
  }
  await expect(replicate(pair, {}, { replace: true })).rejects.toMatchObject(stale)
  await expect(dropDatabase(target)).rejects.toMatchObject({ code: 'database-served' })
  const kept = await on(target.port, `select from permit where applicant like 'acknowledged%'`)
  expect(kept.rowCount).toBe(1)
}, 120_000)

it('can be moved to again once its database is dropped, with the logins that its fence had taken', async () => {
  for (const statement of ['disable', 'set (slot_name = none)'])
    await on(pair.new.port, `alter subscription qianyun_permit_g2 ${statement}`)
  await on(pair.new.port, 'drop subscription qianyun_permit_g2')
  await withServer(pair.new.port, 'postgres', async (client) =>
    client.query(`drop database ${database} with (force)`),
  )
  await replicate(pair)
  expect(await switchOver(switchPlan(pair, pair.source, pair.target))).toMatchObject({
    openSide: 'target',
    generation: 3,
    armed: true,
  })
  expect(await pair.target.tryAppLogin(appRole)).toBeUndefined()
}, 120_000)
