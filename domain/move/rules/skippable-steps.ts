import type { Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import { clearStagingStep } from '../settlement.ts'
import { rearmStep } from '../way-back.ts'
import type { Policy } from '../../plan/policy.ts'

/** The step that waits for the way back to be armed after a cutover. */
export const armWayBack = 'arm-way-back'

/** Steps that may be skipped: their purpose is checked again later, or is recorded as not fulfilled. */
const skippable: ReadonlySet<string> = new Set([
  // The preflight and the switch refuse what it would have found.
  'discover-adapted',
  'preflight',
  'deploy-target',
  'deploy-staging',
  'copy-to-staging',
  armWayBack,
  // The way back is as it was, and stands on record as that.
  rearmStep,
  // What is left stands on record.
  clearStagingStep,
])

/** Where a side has several hosts, the step of each host but the first carries the host's name. */
const deployments = ['deploy-target-', 'deploy-staging-']

/** In production these are what a report says and what ends a cutover. */
const skippableInLab: ReadonlySet<string> = new Set(['observe-trial-run', 'public-write-probe'])

/** Whether a step may be skipped. Only the steps listed here may be. */
export function maySkip(step: string, profile: Policy['profile']): boolean {
  if (deployments.some((deployment) => step.startsWith(deployment))) return true
  return skippable.has(step) || (skippableInLab.has(step) && profile === 'lab')
}

/** Why a step may not be skipped. */
export function skipRefusal({ plan }: Pick<Migration, 'plan'>, step: string): Refusal | undefined {
  if (maySkip(step, plan.policy.profile)) return undefined
  return refuse('step-cannot-be-skipped', { step })
}
