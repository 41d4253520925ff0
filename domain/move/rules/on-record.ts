import { canonicalJson } from '../../canonical-json.ts'
import type { PlaybookPurpose } from '../../plan/plan-head.ts'
import { playbookPurposes } from '../../plan/plan-head.ts'
import type { MigrationPlan } from '../../plan/plan.ts'
import type { PlaybookRef } from '../../playbook/files.ts'
import type { RunRequest } from '../../plan/run-request.ts'
import type { Said } from '../../words/message.ts'
import { said } from '../../words/said.ts'
import { dumpName, type KeptDump } from '../giving-up.ts'
import type { Migration } from '../migration.ts'
import { lookAtSidesStep } from '../settlement.ts'
import { isSwitched } from '../switches.ts'
import { fromGone } from '../way-back.ts'

/**
 * What the record of a move does not say of a run that is asked for: a runner does what people have decided, whoever
 * brings it the request. Undefined when all of it stands there.
 */
export function runNotOnRecord(m: Migration, request: RunRequest): Said | undefined {
  const { playbook, plan, hostKeys, runId } = request
  const isAsked = (frozen: PlaybookRef | undefined) =>
    frozen !== undefined && canonicalJson(frozen) === canonicalJson(playbook)
  // One that a person's command has frozen for a way that the plan's own does not know.
  const isInstead = isAsked(m.rollbackRequested?.instead) && request.inputs[fromGone] === true
  const purposes = playbookPurposes.filter(
    (purpose) => isAsked(m.plan.playbooks[purpose]) || (isInstead && purpose === 'rollback'),
  )
  if (!isSamePlan(m.plan, plan) || !runId.startsWith(`${m.migration}/`)) return said('record-other-plan')
  if (purposes.length === 0) return said('record-other-playbook', { playbook: playbook.name })
  if (canonicalJson(m.hostKeys) !== canonicalJson(hostKeys)) return said('record-other-keys')
  const leftOut = m.step?.leftOut ?? []
  const unknown = request.skip.find(({ step }) => !leftOut.some((left) => left.step === step))
  if (unknown !== undefined) return said('record-not-left-out', { step: unknown.step })
  // A playbook that a plan has for several purposes may run when one of them is decided on.
  const missing = purposes.map((purpose) => notDecided(m, purpose, request))
  return missing.includes(undefined) ? undefined : missing[0]
}

/** What nobody has decided that a playbook for this purpose carries out. */
function notDecided(m: Migration, purpose: PlaybookPurpose, { inputs }: RunRequest): Said | undefined {
  switch (purpose) {
    case 'deploy':
    case 'copy':
    case 'rehearse':
    case 'replicate':
      return undefined
    case 'cutover':
    case 'afterCutover':
      return m.cutover?.decision === 'go' || isSwitched(m) ? undefined : said('record-no-go')
    case 'rollback':
      return rollbackNotDecided(m, inputs[fromGone] === true)
    case 'close':
      return m.retention?.release === undefined ? said('record-no-release') : undefined
  }
}

function rollbackNotDecided(m: Migration, newSideGone: boolean): Said | undefined {
  // What is left of a rollback's playbook once it has switched.
  if (m.switches.at(-1)?.kind === 'rollback') return undefined
  const asked = m.rollbackRequested
  // By itself the product goes back within a cutover alone.
  const isAsked = asked !== undefined && (!asked.automatic || m.phase === 'cutover')
  return isAsked && (!newSideGone || asked.newSideGone === true) ? undefined : said('record-no-rollback')
}

/** What the record does not say of an undo: of replication it takes the way back. */
export function undoNotOnRecord(m: Migration, request: RunRequest): Said | undefined {
  if (!isSamePlan(m.plan, request.plan) || !request.runId.startsWith(`${m.migration}/`))
    return said('record-other-plan')
  const isClosing = m.retention?.release !== undefined
  const { copy, deploy } = m.plan.playbooks
  const isStaging = [copy, deploy].some((one) => canonicalJson(one) === canonicalJson(request.playbook))
  if (m.abortRequested !== undefined || (isClosing && isStaging)) return undefined
  return said('record-no-abort')
}

/** What is done on both sides at once, and only when a person has asked for it. */
export type BothSidesAct = 'settleSides' | 'rearmWayBack' | 'changeSchema' | 'dropGivenUp'

/** What the record does not say of something that is done on both sides. `sqlDigest`: of a schema change. */
export function actNotOnRecord(
  m: Migration,
  act: BothSidesAct,
  given: { readonly plan: MigrationPlan; readonly sqlDigest?: string; readonly givenUp?: unknown },
): Said | undefined {
  if (!isSamePlan(m.plan, given.plan)) return said('record-other-plan')
  switch (act) {
    case 'settleSides':
      return m.settle !== undefined || m.abortRequested !== undefined || isTakenUp(m)
        ? undefined
        : said('record-no-settle')
    case 'rearmWayBack':
      if (m.rearm === undefined) return said('record-no-rearm')
      return given.givenUp === undefined || isAgreedTo(m, m.rearm.giveUp)
        ? undefined
        : said('record-no-giving-up')
    case 'dropGivenUp':
      return isAgreedTo(m, m.settle?.giveUp) ? undefined : said('record-no-giving-up')
    case 'changeSchema':
      return m.schemaChange?.sqlDigest === given.sqlDigest ? undefined : said('record-no-schema-change')
  }
}

/** Whether a person has had the move go on from its record, which settles its sides first. */
const isTakenUp = ({ recovered, step }: Migration): boolean =>
  recovered !== undefined && step?.id === lookAtSidesStep

export const isSamePlan = (one: MigrationPlan, other: MigrationPlan): boolean =>
  canonicalJson(one) === canonicalJson(other)

/** Whether all who were asked have agreed to give a database up for this dump of it. */
function isAgreedTo({ tasks }: Migration, giveUp: KeptDump | undefined): boolean {
  if (giveUp === undefined) return false
  const dump = dumpName(giveUp)
  const asked = tasks.filter(
    ({ kind, details }) =>
      kind === 'give-up-database' && (details as { readonly dump?: unknown }).dump === dump,
  )
  return asked.length > 1 && asked.every(({ state }) => state === 'closed')
}
