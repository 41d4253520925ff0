import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import { isSwitched } from '../switches.ts'
import { switchBack } from '../way-back.ts'

/** Why a schema change is not made on both sides. */
export function schemaChangeRefusal(
  m: Migration,
  { sqlDigest }: Extract<Command, { name: 'change-schema' }>,
): Refusal | undefined {
  if (!isSwitched(m) || (m.phase !== 'cutover' && m.phase !== 'retention') || m.retention?.release) {
    return refuse('no-side-follows', { phase: m.phase })
  }
  if (m.rearm) return refuse('rearm-under-way')
  if (m.schemaChange?.state === 'running') return refuse('schema-change-under-way')
  if (m.schemaChange?.isHalfMade) {
    if (m.schemaChange.sqlDigest !== sqlDigest) {
      return refuse('schema-change-unfinished', { statements: m.schemaChange.statements })
    }
    // A rollback compares the sides first: one that stopped at that waits for this.
    return m.rollbackRequested && !isStopped(m) ? refuse('already-rolling-back') : undefined
  }
  if (m.rollbackRequested) return refuse('already-rolling-back')
  return m.retention?.wayBack.state === 'lost'
    ? refuse('old-side-does-not-follow', { reasons: m.retention.wayBack.reasons })
    : undefined
}

const isStopped = ({ step }: Migration): boolean => step?.id === switchBack && step.failure !== undefined
