import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MysqlSide } from '../../../families/mysql/side.ts'
import { implementation as mysqlCopy } from '../../../families/mysql/steps/copy/index.ts'
import { implementation as mysqlOpenCopy } from '../../../families/mysql/steps/open-copy/index.ts'
import { implementation as mysqlRehearse } from '../../../families/mysql/steps/rehearse/index.ts'
import { implementation as mysqlVerify } from '../../../families/mysql/steps/verify/index.ts'
import type { AnyStepImplementation, StepResult } from '../../../runner/steps/kind.ts'
import {
  appUser,
  makePermits,
  type MariadbPair,
  permit,
  sideAt,
  startMariadbPair,
} from '../../support/mariadb-pair.ts'
import { askMariadb, type MariadbServer, startMariadb } from '../../support/mariadb-servers.ts'
import { appPassword, makeFolder, removeFolder } from '../../support/postgres-servers.ts'
import { runStep } from '../../support/run-step.ts'
import { stepContext } from '../../support/step-context.ts'

let pair: MariadbPair
let folder: string
let server: MariadbServer
let staging: MysqlSide
const asApplication = { user: appUser, password: appPassword }
const testMs = 120_000

async function run(kind: AnyStepImplementation, from: string, to: string): Promise<StepResult> {
  const sides: Readonly<Record<string, MysqlSide>> = { source: pair.source, target: pair.target, staging }
  return runStep(kind, { from, to }, { ...stepContext(), dataset: (name: string) => sides[name] as never })
}

const namesOn = async (port: number): Promise<readonly unknown[]> => {
  const names = await askMariadb(
    port,
    `SELECT schema_name AS one FROM information_schema.schemata WHERE schema_name IN ('${permit}', 'qianyun_control')
     UNION ALL SELECT user FROM mysql.global_priv WHERE user LIKE 'permit%' OR user LIKE 'qianyun_f%'`,
  )
  return names.map(({ one }) => one)
}

describe('a copy of MariaDB on staging', () => {
  beforeAll(async () => {
    pair = await startMariadbPair('mariadb-rehearsal')
    folder = await makeFolder('mariadb-staging')
    server = await startMariadb(folder, 'staging', 3)
    staging = sideAt('staging', server.port)
    await makePermits(pair)
  }, testMs)
  afterAll(async () => {
    await Promise.all([pair.stop(), server.stop()])
    await removeFolder(folder)
  }, testMs)

  it(
    'is closed until it is opened, and follows its source no more then',
    async () => {
      await run(mysqlCopy, 'source', 'staging')
      await run(mysqlVerify, 'source', 'staging')
      await expect(askMariadb(server.port, 'SELECT 1', asApplication)).rejects.toThrow(/locked/)
      await run(mysqlOpenCopy, 'source', 'staging')
      await askMariadb(server.port, `INSERT INTO ${permit}.ledger VALUES (3, 1)`, asApplication)
      expect(await askMariadb(server.port, 'SHOW ALL SLAVES STATUS')).toEqual([])
      // The server of the source was told who asks it, and knows of no follower any more.
      expect(await namesOn(pair.old.port)).toEqual(['qianyun_control', permit, appUser])
      expect(await askMariadb(pair.old.port, 'SELECT 1 FROM qianyun_control.side')).toEqual([])
    },
    testMs,
  )

  it(
    'rehearses both switches without a loss, and leaves the other server empty',
    async () => {
      const result = await run(mysqlRehearse, 'staging', 'target')
      expect(result).toMatchObject({ lostWrites: 0 })
      expect(result['ackedWrites']).toBeGreaterThan(100)
      expect(result['cutoverGapMs']).toBeLessThanOrEqual(Number(result['cutoverMs']) + 1_000)
      expect(await namesOn(pair.new.port)).toEqual([])
      await askMariadb(server.port, `INSERT INTO ${permit}.ledger VALUES (3, 2)`, asApplication)
      expect(await askMariadb(server.port, `SHOW TABLES FROM ${permit} LIKE 'qianyun%'`)).toEqual([])
      expect(await askMariadb(pair.old.port, `SELECT 1 FROM ${permit}.ledger`)).toEqual([])
    },
    testMs,
  )

  it(
    'is made anew when it is copied again, whatever was written on it',
    async () => {
      await run(mysqlCopy, 'source', 'staging')
      await run(mysqlVerify, 'source', 'staging')
      expect(await askMariadb(server.port, `SELECT 1 FROM ${permit}.ledger`)).toEqual([])
      await expect(askMariadb(server.port, 'SELECT 1', asApplication)).rejects.toThrow(/locked/)
    },
    testMs,
  )
})
