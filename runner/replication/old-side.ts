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

/** Forgets a side whose database is gone. */
export async function forgetOldSide(port: DatabasePort): Promise<void> {
  await withClient(port, 'forget', async (control) => forgetSide(control, port.database), controlDatabase)
}
