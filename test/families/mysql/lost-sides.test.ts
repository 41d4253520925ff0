import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { MysqlSideServesError } from '../../../families/mysql/errors.ts'
import { implementation as mysql } from '../../../families/mysql/index.ts'
import { follow } from '../../../families/mysql/replicate/follow.ts'
import { implementation as mysqlReopen } from '../../../families/mysql/steps/reopen/index.ts'
import { switchOver } from '../../../families/mysql/switch/switch-over.ts'
import { verify } from '../../../families/mysql/verify/verify.ts'
import {
  appUser,
  makePermits,
  type MariadbPair,
  mariadbSwitchPlan,
  permit,
  startMariadbPair,
} from '../../support/mariadb-pair.ts'
import { askMariadb } from '../../support/mariadb-servers.ts'
import { appPassword } from '../../support/postgres-servers.ts'
import { runStep } from '../../support/run-step.ts'
import { stepContext } from '../../support/step-context.ts'

let pair: MariadbPair
const never = new AbortController().signal
const quiet = { waivers: [], signal: never, say: () => undefined }
const onOld = async (sql: string) => askMariadb(pair.old.port, sql)
const onNew = async (sql: string) => askMariadb(pair.new.port, sql)
const asApplication = { user: appUser, password: appPassword }
const testMs = 90_000

describe('a pair of MariaDB of which a side is lost', () => {
  beforeAll(async () => {
    pair = await startMariadbPair('mariadb-lost')
    await makePermits(pair)
    await follow({ from: pair.source, to: pair.target, as: 'pair', ...quiet })
    await switchOver(mariadbSwitchPlan(pair.source, pair.target))
  }, testMs)
  afterAll(async () => pair.stop(), testMs)

  it(
    'has its old side made anew from the new one, which goes on serving',
    async () => {
      await onOld(`DROP TABLE ${permit}.office`)
      await onOld(`UPDATE ${permit}.permit SET fee = 1 WHERE id = 3`)
      const reseeded = await mysql.bothSides?.reseed(pair.source, pair.target, {
        waivers: [],
        wasWaived: undefined,
        signal: never,
      })
      expect(reseeded?.rows).toBeGreaterThan(12_000)
      await askMariadb(pair.new.port, `INSERT INTO ${permit}.ledger VALUES (8, 1)`, asApplication)
      const verified = await verify({ from: pair.target, to: pair.source, ...quiet })
      expect(verified.differences).toEqual([])
      await expect(askMariadb(pair.old.port, 'SELECT 1', asApplication)).rejects.toThrow(/locked/)
      await switchOver(mariadbSwitchPlan(pair.target, pair.source))
      await switchOver(mariadbSwitchPlan(pair.source, pair.target))
    },
    testMs,
  )

  it(
    'opens its old side alone only where the new one gives no sign of life, with all that had arrived',
    async () => {
      const params = { gone: 'target', to: 'source', lookTimeoutMs: 1_000, applyWithinMs: 10_000 }
      const reopen = async () =>
        runStep(mysqlReopen, params, {
          ...stepContext(),
          dataset: (name: string) => (name === 'source' ? pair.source : pair.target) as never,
        })
      await expect(reopen()).rejects.toBeInstanceOf(MysqlSideServesError)
      await askMariadb(pair.new.port, `INSERT INTO ${permit}.ledger VALUES (8, 2)`, asApplication)
      for (let left = 100; left > 0; left--) {
        if ((await onOld(`SELECT 1 FROM ${permit}.ledger WHERE worker = 8 AND number = 2`)).length > 0) break
        await sleep(50)
      }
      await pair.new.kill()
      const opened = await reopen()
      expect(opened).toMatchObject({ generation: 4 })
      await askMariadb(pair.old.port, `INSERT INTO ${permit}.ledger VALUES (8, 3)`, asApplication)
      expect(await onOld(`SELECT number FROM ${permit}.ledger WHERE worker = 8 ORDER BY 1`)).toHaveLength(3)
    },
    testMs,
  )

  it(
    'takes a lost side that comes back for what it is, and opens nothing there',
    async () => {
      await pair.new.start()
      expect(await mysql.bothSides?.look(pair.source, pair.target)).toMatchObject({
        old: 'open',
        new: 'stale',
      })
      await expect(switchOver(mariadbSwitchPlan(pair.source, pair.target))).rejects.toMatchObject({
        code: 'mysql-side-stale',
      })
      expect(await onNew(`SELECT 1 FROM ${permit}.ledger WHERE worker = 8 AND number = 3`)).toHaveLength(0)
    },
    testMs,
  )
})
