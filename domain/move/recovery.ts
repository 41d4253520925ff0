import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import { refuse, type Refusal } from './command.ts'
import type { Migration } from './migration.ts'
import { isOver } from './phase.ts'
import { settlementOf } from './settlement.ts'
import { isSwitched } from './switches.ts'
import { type SidesLook, servingSide } from './workflow-end.ts'

/** Whether sides were being switched back as the workflow ended: the switch is noted, the rest of its playbook is still to be done. */
export const wasSwitchingBack = (m: Migration): boolean => m.recovered !== undefined && hasSwitchedBackHere(m)

/** A rollback ends its phase, but for the rest of its playbook. */
function hasSwitchedBackHere({ switches, phaseLog }: Migration): boolean {
  const last = switches.at(-1)
  return last?.kind === 'rollback' && last.atMs >= (phaseLog.at(-1)?.startedAtMs ?? 0)
}

/** Why a move whose workflow has ended is not carried on from its record. */
export function recoverRefusal(m: Migration): Refusal | undefined {
  if (isOver(m) && m.standing !== 'ended-outside')
    return refuse('migration-over', { system: m.plan.system, standing: m.standing })
  if (m.endedOutside?.acknowledged?.serves === 'old')
    return refuse('ended-on-old-side', { plan: m.plan.plan })
  return undefined
}

/** Why the record of a move cannot be carried on from, by what its servers say. In a cutover both may be: its sides are settled first. */
export function contraryRefusal(m: Migration, found: SidesLook): Refusal | undefined {
  // A pair that was never prepared says nothing of what else has moved.
  if (found.old === 'never-switched' && found.new === 'never-switched') return undefined
  const serves = servingSide(found)
  const recorded = isSwitched(m) ? 'new' : 'old'
  if (serves === undefined || serves === 'mixed' || serves === recorded) return undefined
  // The playbook of a rollback goes on wherever it has come to.
  if (m.rollbackRequested !== undefined || (m.phase === 'cutover' && recorded === 'old')) return undefined
  return refuse('record-not-as-found', { system: m.plan.system, recorded, serves })
}

/** What carrying a move on from its record does, for people, with what was found of its sides. */
export function recoveryOf(m: Migration, found: SidesLook): readonly Said[] {
  const isGone = m.endedOutside?.end.how === 'gone'
  return [...(isGone ? [said('recover-where-gone')] : []), ...goesOn(m, found)]
}

function goesOn(m: Migration, found: SidesLook): readonly Said[] {
  if (m.abortRequested !== undefined) return [said('recover-abort'), ...settled(m, found)]
  if (m.rollbackRequested !== undefined || hasSwitchedBackHere(m)) return [said('recover-rollback')]
  switch (m.phase) {
    case 'cutover':
      return isSwitched(m)
        ? [said('recover-switched')]
        : [...settled(m, found), said('recover-before-switch')]
    case 'retention':
      return [said('recover-retention')]
    case 'closing':
      return [said('recover-closing')]
    case 'trial-run':
      return [said('recover-trial-run')]
    default:
      return [said('recover-preparing', { phase: m.phase })]
  }
}

const settled = (m: Migration, found: SidesLook): readonly Said[] =>
  m.phase === 'cutover' ? [settlementOf(found, false)] : []
