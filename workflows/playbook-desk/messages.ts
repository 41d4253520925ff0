import type { Actor } from '../../domain/organisation.ts'
import type { PlannedStep } from '../../domain/playbook/planned-step.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'

/** A question about a playbook that only the hosts of a plan answer, asked from the API. */
export type PlaybookDeskInput = { readonly ask: 'plan' | 'steps' } & PlaybookOccasion

/** Which playbook, on which plan's hosts, with which names bound: what is asked of a run outside a move. */
export interface PlaybookOccasion extends Omit<RunRequest, 'migration' | 'system' | 'skip' | 'confirmed'> {
  readonly by: Actor
  /** A move that ended outside Qianyun, whose own switch this is: the run takes its place. */
  readonly insteadOf?: string
}

export type PlaybookDeskAnswer =
  | {
      readonly ask: 'plan'
      readonly steps: readonly PlannedStep[]
      /** SHA-256 of the stored steps where the files they would write are too large to travel: `steps` is empty then. */
      readonly stepsDigest?: string
    }
  | {
      readonly ask: 'steps'
      readonly steps: readonly {
        readonly step: string
        readonly host?: string
        readonly forPerson: boolean
      }[]
    }

/** The run that is asked for, as the runner takes it. */
export function requestOf(occasion: PlaybookOccasion): RunRequest {
  const { runId, plan, hosts, databases, hostKeys, inputs, playbook, insteadOf = '' } = occasion
  return {
    runId,
    migration: insteadOf,
    system: plan.system,
    playbook,
    plan,
    hosts,
    databases,
    hostKeys,
    inputs: { ...plan.inputs, ...inputs },
    skip: [],
    confirmed: [],
  }
}

/** The workflow's name, for clients that start it without importing it. */
export const playbookDeskWorkflow = 'playbookDesk'
