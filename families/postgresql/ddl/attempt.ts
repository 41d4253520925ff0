import { setTimeout as sleep } from 'node:timers/promises'
import { saidBy } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { type ConnectedSide, recoverSession, sessionAs, sqlState } from '../server/connections.ts'
import { sideName } from '../side-name.ts'
import { giveApplyRights } from '../replication/apply-role.ts'
import { actAsOwner, ownerOf } from './as-owner.ts'
import { breaksOf } from './breaks.ts'
import { SchemaChangeRefusedError } from './errors.ts'
import { whoHoldsLocks } from './lock-holders.ts'
import type { SchemaChangePlan } from './plan.ts'
import { lookAtSchema } from './schema-look.ts'

/** Others queue behind a lock that is waited for: it is given up soon, and tried again. */
const lockTimeoutMs = 1_500
const lockAttempts = 4
const lockPauseMs = 700
/** Which a service has on, and lets nobody change. */
const countingRows = `do $do$ begin set local track_counts = on; exception when insufficient_privilege then null; end $do$`

/**
 * Runs the statements in a transaction that stays open. What could not be followed, and what the server refuses, rolls it back.
 * @throws SchemaChangeRefusedError
 */
export async function attempted(
  plan: SchemaChangePlan,
  side: ConnectedSide,
  timeoutMs: number,
): Promise<void> {
  const { app } = side
  for (let attempt = 1; ; attempt += 1) {
    try {
      const limits = `set local lock_timeout = ${String(lockTimeoutMs)}; set local statement_timeout = ${String(timeoutMs)};
         ${countingRows}`
      await app.query(`begin; ${limits}`)
      const owner = await actAsOwner(app, await ownerOf(app, side.port, plan.role))
      const before = await lookAtSchema(app)
      // Triggers are the application's, and their functions run with the owner's rights here.
      await app.query(sessionAs('origin', 'local'))
      await owner.run(plan.sql)
      // Before anything else: what follows, and the commit, run with our rights.
      await recoverSession(app)
      await app.query(limits)
      const after = await lookAtSchema(app)
      await owner.drop()
      await giveApplyRights(app)
      const breaks = breaksOf(before, after)
      if (breaks.length > 0) throw new SchemaChangeRefusedError(breaks)
      return
    } catch (error) {
      await app.query('rollback').catch(() => undefined)
      if (error instanceof SchemaChangeRefusedError) throw error
      const isLocked = sqlState(error) === '55P03'
      const on = sideName(side.port)
      if (!isLocked)
        throw new SchemaChangeRefusedError([said('ddl-fails', { side: on, because: saidBy(error) })])
      if (attempt >= lockAttempts) {
        const holders = await whoHoldsLocks(side.control, side.port)
        throw new SchemaChangeRefusedError([said('ddl-locked', { side: on, attempts: attempt, holders })])
      }
      plan.say(`locks were not to be had on ${on}; trying again`)
      await sleep(lockPauseMs, undefined, { signal: plan.signal })
    }
  }
}
