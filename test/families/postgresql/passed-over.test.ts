import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { linkName } from '../../../families/postgresql/replication/slots.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { until } from '../../support/until.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair('passed')
  await makeApplication(pair)
  await replicate(pair)
}, 240_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

const name = linkName(database, 0)
const onOld = async (sql: string) => withServer(pair.old.port, database, async (client) => client.query(sql))
const onNew = async (sql: string) => withServer(pair.new.port, database, async (client) => client.query(sql))
const refusal = async (waivers: readonly string[] = []) =>
  switchOver(
    switchPlan(pair, pair.source, pair.target, {
      waivers: waivers.map((rule) => ({ rule, pattern: database, reason: 'All tables were compared.' })),
    }),
  ).catch((error: unknown) => error)

it('updates and deletes whose rows the side that follows had lost are no side to switch to', async () => {
  await onNew(`set default_transaction_read_only = off; delete from office where id = 2`)
  await onOld(`update office set name = 'elsewhere' where id = 2`)
  await until(async () => {
    const { rows } = await onNew('select confl_update_missing as n from pg_stat_subscription_stats')
    return Number((rows[0] as { n: string }).n) > 0
  })

  expect(await refusal()).toMatchObject({
    code: 'census-refused',
    problems: [{ code: 'rows-passed-over', object: database }],
    message: expect.stringContaining('1 updates and 0 deletes met no row there') as unknown,
  })
}, 120_000)

it('a transaction that somebody had replication skip is told as such, one that is set back is none', async () => {
  await onNew(`alter subscription ${name} skip (lsn = none)`)
  expect(await refusal()).toMatchObject({ problems: [{ code: 'rows-passed-over' }] })
  await onNew(`alter subscription ${name} skip (lsn = 'F0/1')`)

  expect(await refusal(['rows-passed-over'])).toMatchObject({
    code: 'census-refused',
    problems: [{ code: 'transaction-skipped', object: database }],
    message: expect.stringMatching(/"postgres" had the replication .* skip a transaction/) as unknown,
  })
  await onNew(`alter subscription ${name} skip (lsn = none)`)
  expect(await refusal(['rows-passed-over', 'transaction-skipped'])).toMatchObject({ armed: true })
}, 240_000)
