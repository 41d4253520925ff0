import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { MysqlErrantError, MysqlSwitchAbortedError } from '../../../families/mysql/errors.ts'
import { implementation as mysql } from '../../../families/mysql/index.ts'
import { follow } from '../../../families/mysql/replicate/follow.ts'
import type { MysqlSide } from '../../../families/mysql/side.ts'
import { switchOver } from '../../../families/mysql/switch/switch-over.ts'
import { verify } from '../../../families/mysql/verify/verify.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import {
  appUser,
  makePermits,
  type MariadbPair,
  mariadbSwitchPlan,
  permit,
  startMariadbPair,
} from '../../support/mariadb-pair.ts'
import { askMariadb, connectTo, mariadbAdmin } from '../../support/mariadb-servers.ts'
import { appPassword } from '../../support/postgres-servers.ts'

let pair: MariadbPair
let serving: MysqlSide
let waiting: MysqlSide
const never = new AbortController().signal
const quiet = { waivers: [], signal: never, say: () => undefined }
const testMs = 90_000

const onServing = async (sql: string) => askMariadb(serving.port, sql)
const onWaiting = async (sql: string) => askMariadb(waiting.port, sql)

async function switched(): Promise<void> {
  await switchOver(mariadbSwitchPlan(serving, waiting))
  ;[serving, waiting] = [waiting, serving]
}

async function mayWrite(port: number, user: string, password = appPassword): Promise<boolean> {
  return askMariadb(port, `INSERT INTO ${permit}.ledger VALUES (1, ${String(Date.now())})`, {
    user,
    password,
  }).then(
    () => true,
    () => false,
  )
}

const outcomeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => error,
  )

describe('a switch of MariaDB', () => {
  beforeAll(async () => {
    pair = await startMariadbPair('mariadb-switch')
    await makePermits(pair)
    ;[serving, waiting] = [pair.source, pair.target]
    await follow({ from: serving, to: waiting, as: 'pair', ...quiet })
  }, testMs)
  afterAll(async () => pair.stop(), testMs)

  it(
    'lets nobody write at the side that waits, whatever rights an account has',
    async () => {
      await onServing(`CREATE USER 'boss'@'%' IDENTIFIED BY 'of the house'`)
      await onServing(`GRANT ALL PRIVILEGES ON *.* TO 'boss'@'%'`)
      await onServing(`CREATE USER '${mariadbAdmin}'@'10.9.9.9' IDENTIFIED BY 'another host'`)
      await switched()
      expect(await mayWrite(waiting.port, appUser)).toBe(false)
      expect(await mayWrite(waiting.port, 'boss', 'of the house')).toBe(false)
      expect(await mayWrite(serving.port, 'boss', 'of the house')).toBe(true)
      const locked = `SELECT host FROM mysql.global_priv WHERE user = '${mariadbAdmin}' AND JSON_VALUE(priv, '$.account_locked') = '1'`
      expect([await onWaiting(locked), await onServing(locked)]).toEqual([[{ host: '10.9.9.9' }], []])
      await switched()
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      expect(await mayWrite(waiting.port, 'boss', 'of the house')).toBe(false)
    },
    testMs,
  )

  it(
    'leaves an account locked that was locked before',
    async () => {
      await onServing(`CREATE USER 'gone'@'%' IDENTIFIED BY 'x' ACCOUNT LOCK`)
      await switched()
      await switched()
      for (const ask of [onServing, onWaiting])
        expect(
          await ask(
            `SELECT 1 FROM mysql.global_priv WHERE user = 'gone' AND JSON_VALUE(priv, '$.account_locked') = '1'`,
          ),
        ).toHaveLength(1)
    },
    testMs,
  )

  it(
    'runs events on the side that serves alone, as who they were made by',
    async () => {
      const status = `SELECT status, definer, sql_mode FROM information_schema.events WHERE event_schema = '${permit}'`
      const before = await onServing(status)
      expect(before).toMatchObject([{ status: 'ENABLED', definer: `${appUser}@%` }])
      await switched()
      expect(await onServing(status)).toEqual(before)
      expect(await onWaiting(status)).toMatchObject([
        { status: 'SLAVESIDE_DISABLED', definer: `${appUser}@%` },
      ])
      await switched()
      expect(await onServing(status)).toEqual(before)
    },
    testMs,
  )

  it(
    'is refused with nobody waiting while the other side has a transaction of its own',
    async () => {
      await onWaiting(`INSERT INTO ${permit}.ledger VALUES (77, 1)`)
      expect(await outcomeOf(switchOver(mariadbSwitchPlan(serving, waiting)))).toBeInstanceOf(
        MysqlErrantError,
      )
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      expect(await onServing(`SELECT 1 FROM ${permit}.ledger WHERE worker = 77`)).toHaveLength(0)
    },
    testMs,
  )
})

describe('a switch of MariaDB that is cut off', () => {
  beforeAll(async () => {
    pair = await startMariadbPair('mariadb-cut')
    await makePermits(pair)
    ;[serving, waiting] = [pair.source, pair.target]
    await follow({ from: serving, to: waiting, as: 'pair', ...quiet })
  }, testMs)
  afterAll(async () => pair.stop(), testMs)

  it(
    'is undone by the server itself where no run comes back',
    async () => {
      await dieInChild('mariadb-and-die.ts', {
        ...{ from: serving.port, to: waiting.port, switchesUntil: 'marker', deadlineMs: 1_000 },
      })
      expect(await mayWrite(serving.port, appUser)).toBe(false)
      expect(await mysql.bothSides?.look(serving, waiting)).toMatchObject({ old: 'closed', unsettled: true })
      for (let left = 150; left > 0 && !(await mayWrite(serving.port, appUser)); left--) await sleep(100)
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      expect(await mayWrite(waiting.port, appUser)).toBe(false)
      expect(
        await onServing(
          `SELECT 1 FROM information_schema.events WHERE event_schema = '${permit}' AND status = 'ENABLED'`,
        ),
      ).toHaveLength(1)
      const options = { inFront: [], signal: never }
      expect(await mysql.bothSides?.settle(serving, waiting, options)).toEqual({
        serves: 'old',
        undone: false,
      })
      expect(await mysql.bothSides?.look(serving, waiting)).not.toHaveProperty('unsettled')
    },
    testMs,
  )

  it(
    'is undone where the new server is lost before the decision, and made once it is back',
    async () => {
      const target = pair.new
      const died = { done: Promise.resolve() }
      const outcome = await outcomeOf(
        switchOver(
          mariadbSwitchPlan(serving, waiting, {
            deadlineMs: 3_000,
            onPart: (part) => {
              if (part === 'marker') died.done = target.kill()
            },
          }),
        ),
      )
      await died.done
      expect(outcome).toBeInstanceOf(MysqlSwitchAbortedError)
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      await target.start()
      await switched()
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      expect(await mayWrite(waiting.port, appUser)).toBe(false)
      await switched()
    },
    testMs,
  )

  it(
    'waits for the old server where that is lost before the decision, and opens nothing meanwhile',
    async () => {
      const { old } = pair
      const died = { done: Promise.resolve() }
      const outcome = await outcomeOf(
        switchOver(
          mariadbSwitchPlan(serving, waiting, {
            recoverForMs: 500,
            onPart: (part) => {
              if (part === 'marker') died.done = old.kill()
            },
          }),
        ),
      )
      await died.done
      expect(outcome).toMatchObject({ code: 'mysql-unsettled' })
      expect(await mayWrite(waiting.port, appUser)).toBe(false)
      await old.start()
      const options = { inFront: [], signal: never }
      expect(await mysql.bothSides?.settle(serving, waiting, options)).toEqual({
        serves: 'old',
        undone: true,
      })
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      await switched()
      expect((await verify({ from: serving, to: waiting, ...quiet })).differences).toEqual([])
      await switched()
    },
    testMs,
  )

  it.each(['wait', 'open'] as const)(
    'has one side serve where the new server stands still from "%s" on, and answers later',
    async (from) => {
      const target = waiting === pair.target ? pair.new : pair.old
      const done = outcomeOf(
        switchOver(
          mariadbSwitchPlan(serving, waiting, {
            deadlineMs: 1_500,
            onPart: (part) => {
              if (part === from) target.freeze()
            },
          }),
        ),
      )
      await sleep(4_000)
      target.thaw()
      const ended = await done
      expect(ended instanceof MysqlSwitchAbortedError).toBe(from === 'wait')
      if (from === 'open') [serving, waiting] = [waiting, serving]
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      expect(await mayWrite(waiting.port, appUser)).toBe(false)
      if (from === 'open') await switched()
    },
    testMs,
  )

  it.each(['marker', 'decide'] as const)(
    'has one side serve where the old server stands still from "%s" on, and answers later',
    async (from) => {
      const source = serving === pair.source ? pair.old : pair.new
      const done = outcomeOf(
        switchOver(
          mariadbSwitchPlan(serving, waiting, {
            deadlineMs: 1_500,
            onPart: (part) => {
              if (part === from) source.freeze()
            },
          }),
        ),
      )
      await sleep(4_000)
      source.thaw()
      const ended = await done
      const open = await Promise.all([serving, waiting].map(async ({ port }) => mayWrite(port, appUser)))
      expect(open).toEqual(ended instanceof Error ? [true, false] : [false, true])
      if (ended instanceof Error) return
      ;[serving, waiting] = [waiting, serving]
      await switched()
    },
    testMs,
  )

  it(
    'makes one switch where two runs want it at once',
    async () => {
      const [one, other] = await Promise.all([
        switchOver(mariadbSwitchPlan(serving, waiting)),
        switchOver(mariadbSwitchPlan(serving, waiting)),
      ])
      expect(one.generation).toBe(other.generation)
      ;[serving, waiting] = [waiting, serving]
      expect(await mayWrite(serving.port, appUser)).toBe(true)
      expect(await mayWrite(waiting.port, appUser)).toBe(false)
      await switched()
    },
    testMs,
  )

  it(
    'waits for a transaction that is open, or ends it where it may, and keeps what was committed before',
    async () => {
      const connection = await connectTo(serving.port, {
        user: appUser,
        password: appPassword,
        database: permit,
      })
      await connection.query('INSERT INTO ledger VALUES (5, 1)')
      await connection.query('BEGIN')
      await connection.query('INSERT INTO ledger VALUES (5, 2)')
      await sleep(300)
      const impatient = { maxTransactionAgeMs: 100, quietWithinMs: 300 }
      expect(await outcomeOf(switchOver(mariadbSwitchPlan(serving, waiting, impatient)))).toMatchObject({
        code: 'mysql-switch-aborted',
        gapMs: 0,
      })
      await switchOver(mariadbSwitchPlan(serving, waiting, { maxTransactionAgeMs: 3_600_000 }))
      ;[serving, waiting] = [waiting, serving]
      await expect(connection.query('COMMIT')).rejects.toThrow()
      connection.destroy()
      for (const ask of [onServing, onWaiting])
        expect(await ask(`SELECT number FROM ${permit}.ledger WHERE worker = 5`)).toEqual([{ number: 1 }])
    },
    testMs,
  )
})
