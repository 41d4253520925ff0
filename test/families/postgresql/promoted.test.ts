import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { CensusRefusedError } from '../../../families/postgresql/errors.ts'
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
import { serverAccount } from '../../support/postgres-servers.ts'
import { until } from '../../support/until.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair('promoted')
  await makeApplication(pair)
  await replicate(pair)
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

const name = linkName(database, 0)
const onOld = async (sql: string) => withServer(pair.old.port, database, async (client) => client.query(sql))
const onNew = async (sql: string) => withServer(pair.new.port, database, async (client) => client.query(sql))

/** What a standby's promotion does to a server: it goes on, on another timeline. */
async function promote(): Promise<void> {
  const { uid, gid } = serverAccount()
  await pair.old.stop()
  const signal = join(pair.folder, 'old', 'recovery.signal')
  writeFileSync(signal, '')
  if (uid !== undefined && gid !== undefined) chownSync(signal, uid, gid)
  await pair.old.restart({ restore_command: 'false' })
  await until(async () => {
    const { rows } = await onOld('select pg_is_in_recovery() as still')
    return !(rows[0] as { still: boolean }).still
  })
}

it('a slot that was made anew on a promoted server, under the same name, is no slot to switch by', async () => {
  await onNew(`alter subscription ${name} disable`)
  await onOld(`insert into office (name) values ('written between')`)
  await promote()
  await onOld(`select pg_drop_replication_slot('${name}')`)
  await onOld(`select pg_create_logical_replication_slot('${name}', 'pgoutput')`)
  await onNew(`alter subscription ${name} enable`)

  const refusal = await switchOver(switchPlan(pair, pair.source, pair.target)).catch(
    (error: unknown) => error,
  )
  expect(refusal).toBeInstanceOf(CensusRefusedError)
  const { problems } = refusal as CensusRefusedError
  expect(problems.map(({ code, object }) => `${code} ${object}`)).toEqual([`server-promoted ${database}`])

  await replicate(pair, {}, { replace: true, copyTimeoutMs: 60_000 })
  const { rowCount } = await onNew(`select from office where name = 'written between'`)
  expect(rowCount).toBe(1)
  expect(await switchOver(switchPlan(pair, pair.source, pair.target))).toMatchObject({ armed: true })
}, 240_000)
