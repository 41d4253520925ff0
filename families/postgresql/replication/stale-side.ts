import type { DatabasePort } from '../database.ts'
import type { KeptDump } from '../../../domain/move/giving-up.ts'
import { type GaveUp, type GivingUp, assertGivenUp } from '../copy/given-up.ts'
import { type Expendable, dropDatabase, lookForDatabase } from '../copy/make-database.ts'
import { withClient } from '../server/connections.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { closeSide, ensureControl, fenceToken, findServed, findState, isStale } from '../server/control.ts'
import { sideName } from '../side-name.ts'
import { SideStaleError } from '../switchover/errors.ts'
import { SideServesElsewhereError } from './errors.ts'
import { forgetOldSide, recorded, releaseClosed } from './old-side.ts'
import { ownLinks } from './slots.ts'
import { detachSubscription, listSubscriptions } from './subscriptions.ts'

/** What a side took that may be nowhere else. */
export interface HeldAlone {
  readonly database: string
  readonly generation: number
  /** ISO 8601. */
  readonly openedAt: string
  /** Whether the other side was opened without it since. */
  readonly isStale: boolean
}

/**
 * What a side beside the one that serves may hold alone; undefined where its server's record shows that it handed everything over, or that it
 * never served. @throws when either server does not answer
 */
export async function heldAlone(serving: DatabasePort, port: DatabasePort): Promise<HeldAlone | undefined> {
  const [open, own] = await Promise.all([recorded(serving), recorded(port)])
  if (!(await lookForDatabase(port)).exists) return undefined
  const stale = open !== undefined && own !== undefined && isStale(own, open)
  await ensureControl(port)
  const served = await withClient(
    port,
    'look',
    async (control) => findServed(control, port.database),
    controlDatabase,
  )
  const database = sideName(port)
  if (served !== undefined) return { database, ...served, isStale: stale }
  // A copy of a server from before it had such a record is open, and tells nothing of what it took.
  if (!stale || own.state !== 'open') return undefined
  const openedAt = new Date(own.changedAtMs).toISOString()
  return { database, generation: own.generation, openedAt, isStale: true }
}

/** Makes sure that a side may be given up, if it holds anything alone. @throws NotGivenUpError */
export async function givenUp(
  sides: { readonly serving: DatabasePort; readonly port: DatabasePort },
  dump: KeptDump,
  by: GivingUp,
): Promise<GaveUp | undefined> {
  const held = await heldAlone(sides.serving, sides.port)
  return held && assertGivenUp(dump, held, by)
}

/**
 * Whether a side is stale and its database is still there, to be replaced. One that holds what is nowhere else may be only if it was given
 * up. @throws SideStaleError
 */
export async function mayReplaceStale(
  serving: DatabasePort,
  port: DatabasePort,
  expendable?: Expendable,
): Promise<boolean> {
  const unknown = (): undefined => undefined
  const [open, own] = await Promise.all([recorded(serving).catch(unknown), recorded(port).catch(unknown)])
  if (open === undefined || own === undefined || !isStale(own, open)) return false
  if (!(await lookForDatabase(port)).exists) {
    // A side that was fenced as it was given up gets back what its fence took of the server's roles.
    await releaseClosed(port)
    await forgetOldSide(port)
    return false
  }
  if (expendable === undefined && (await heldAlone(serving, port)) !== undefined)
    throw new SideStaleError(sideName(port), own.generation, sideName(serving), open.generation)
  return true
}

/** Fences a side that another one serves for, if it is open by its own record, and detaches it. Idempotent. */
export async function fenceStale(serving: DatabasePort, port: DatabasePort): Promise<void> {
  await ensureControl(port)
  await withClient(
    port,
    'give-up',
    async (control) => {
      const own = await findState(control, port.database)
      if (own?.state === 'open') await closeSide(control, port, own.token, fenceToken())
    },
    controlDatabase,
  )
  await withClient(port, 'give-up', async (client) => {
    const names = (await listSubscriptions(client)).map(({ name }) => name)
    for (const name of ownLinks(serving.database, names)) await detachSubscription(client, name)
  })
}

/**
 * Drops the database of a side that was given up, and its record, so that it can be made anew. The record of the side
 * `serving` has to say that it serves, or nothing. Idempotent: a database that is gone already was dropped by an earlier run.
 * @throws SideServesElsewhereError, DatabaseServedError
 */
export async function dropGivenUp(
  serving: DatabasePort,
  port: DatabasePort,
  expendable: Expendable | undefined,
): Promise<void> {
  const [open, own] = await Promise.all([recorded(serving), recorded(port)])
  const serves = open === undefined ? own?.state !== 'open' : open.state === 'open'
  if (!serves || (open !== undefined && own?.state === 'open' && !isStale(own, open)))
    throw new SideServesElsewhereError(sideName(serving), sideName(port))
  if ((await lookForDatabase(port)).exists) {
    await fenceStale(serving, port)
    await dropDatabase(port, expendable)
  }
  await releaseClosed(port)
  await forgetOldSide(port)
}
