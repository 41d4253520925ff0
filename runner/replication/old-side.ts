import type { SideLook } from '../../domain/workflow-end.ts'
import { sqlState, withClient } from '../postgres/connections.ts'
import { controlDatabase } from '../postgres/control-schema.ts'
import { findState, forgetSide } from '../postgres/control.ts'
import type { DatabasePort } from '../steps/kind.ts'
import { OldSideNotClosedError } from './errors.ts'

/** Makes sure that a database was closed by a switchover. @throws OldSideNotClosedError */
export async function assertClosed(port: DatabasePort): Promise<void> {
  const state = await recordedState(port)
  if (state !== 'closed') throw new OldSideNotClosedError(port.database, state)
}

/** What a side's own server says of it. One that does not let us in is a finding, not an error. */
export async function lookAtSide(port: DatabasePort): Promise<SideLook> {
  try {
    const state = await recordedState(port)
    return state === 'unknown' ? 'never-switched' : state
  } catch {
    return 'no-answer'
  }
}

async function recordedState(port: DatabasePort): Promise<'open' | 'closed' | 'unknown'> {
  try {
    return await withClient(
      port,
      'look',
      async (control) => (await findState(control, port.database))?.state ?? 'unknown',
      controlDatabase,
    )
  } catch (error) {
    // No control database, or none that is complete: the side was never recorded.
    if (['3D000', '42P01'].includes(sqlState(error) ?? '')) return 'unknown'
    throw error
  }
}

/**
 * Takes a side off the record whose database is about to be made anew, and gives its roles back what its fence took: a
 * record without the fence it speaks of would leave the new database open.
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

/** Forgets a side whose database is gone. */
export async function forgetOldSide(port: DatabasePort): Promise<void> {
  await withClient(port, 'forget', async (control) => forgetSide(control, port.database), controlDatabase)
}
