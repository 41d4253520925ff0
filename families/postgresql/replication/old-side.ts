import type { SideLook } from '../../../domain/move/workflow-end.ts'
import { sqlState, withClient } from '../server/connections.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { type SideState, findState, forgetSide, isStale } from '../server/control.ts'
import type { DatabasePort } from '../database.ts'
import { SideStaleError } from '../switchover/errors.ts'
import { sideName } from '../side-name.ts'
import { OldSideNotClosedError } from './errors.ts'

/** Makes sure that a database was closed by a switchover. @throws OldSideNotClosedError */
export async function assertClosed(port: DatabasePort): Promise<void> {
  const state = (await recorded(port))?.state ?? 'unknown'
  if (state !== 'closed') throw new OldSideNotClosedError(sideName(port), state)
}

/** The state of both sides by their servers. A server that refuses the login is a finding, not an error. */
export async function lookAtBothSides(
  old: DatabasePort,
  newSide: DatabasePort,
): Promise<{ readonly old: SideLook; readonly new: SideLook }> {
  const [left, right] = await Promise.all([lookAtSide(old), lookAtSide(newSide)])
  const lookOf = (own: Look, other: Look): SideLook =>
    own.state && other.state && isStale(own.state, other.state) ? 'stale' : own.look
  return { old: lookOf(left, right), new: lookOf(right, left) }
}

interface Look {
  readonly look: SideLook
  readonly state?: SideState | undefined
}

async function lookAtSide(port: DatabasePort): Promise<Look> {
  try {
    const state = await recorded(port)
    return { look: state?.state ?? 'never-switched', state }
  } catch {
    return { look: 'no-answer' }
  }
}

/** Makes sure that a side is not stale: that the other side was not opened without it. @throws SideStaleError */
export async function assertNotStale(other: DatabasePort, port: DatabasePort): Promise<void> {
  const unknown = (): undefined => undefined
  const [open, found] = await Promise.all([recorded(other).catch(unknown), recorded(port).catch(unknown)])
  if (open === undefined || found === undefined || !isStale(found, open)) return
  throw new SideStaleError(sideName(port), found.generation, sideName(other), open.generation)
}

/** The record of a side; undefined if its server has none. */
export async function recorded(port: DatabasePort): Promise<SideState | undefined> {
  try {
    return await withClient(
      port,
      'look',
      async (control) => findState(control, port.database),
      controlDatabase,
    )
  } catch (error) {
    // The control database is missing or incomplete, so the side was never recorded.
    if (['3D000', '42P01'].includes(sqlState(error) ?? '')) return undefined
    throw error
  }
}

/**
 * Removes the record of a side whose database will be created again, and returns to its roles what its fence took. Otherwise the record
 * would claim a fence that the new database does not have.
 */
export async function releaseClosed(port: DatabasePort): Promise<void> {
  await withClient(
    port,
    'release',
    async (control) => {
      const found = await findState(control, port.database)
      if (found?.state !== 'closed') return
      for (const role of found.fence?.login ?? []) {
        await control.query(`alter role ${control.escapeIdentifier(role)} login`)
      }
      await forgetSide(control, port.database)
    },
    controlDatabase,
  ).catch((error: unknown) => {
    if (!['3D000', '42P01'].includes(sqlState(error) ?? '')) throw error
  })
}

/** Removes the record of a side whose database is gone. */
export async function forgetOldSide(port: DatabasePort): Promise<void> {
  await withClient(port, 'forget', async (control) => forgetSide(control, port.database), controlDatabase)
}
