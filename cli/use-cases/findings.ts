import { Findings } from '../../api/contract.ts'
import type { Session } from '../identity/session.ts'

/** Every finding of a move's assessment, from where it is stored; none where it was not assessed. */
export async function findingsOf(session: Session, system: string): Promise<Findings> {
  const api = await session.api()
  const { assessment } = await api.call('showMigration', { params: { system } })
  if (assessment === undefined) return []
  const { findingsDigest: digest } = assessment
  return Findings.parse(await api.call('showFact', { params: { system, digest } }))
}
