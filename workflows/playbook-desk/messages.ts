import type { HostRole } from '../../domain/host.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { MigrationPlan } from '../../domain/plan.ts'
import type { PlaybookRef } from '../../domain/playbook-files.ts'
import type { PlannedStep } from '../../domain/planned-step.ts'

/** A question to the runner about playbooks, or one run outside a move, asked from the API. */
export type PlaybookDeskInput =
  | { readonly ask: 'lint'; readonly text: string; readonly files: readonly string[] }
  | { readonly ask: 'schema' }
  | ({ readonly ask: 'plan' | 'run' } & PlaybookOccasion)

/** Which playbook, on which plan's hosts, with which names bound. */
export interface PlaybookOccasion {
  readonly runId: string
  readonly playbook: PlaybookRef
  readonly plan: MigrationPlan
  /** The playbook's own host names → the plan's roles; the roles' own names need no binding. */
  readonly hosts: Readonly<Record<string, HostRole>>
  readonly databases: Readonly<Record<string, 'source' | 'staging' | 'target'>>
  readonly hostKeys: Readonly<Partial<Record<HostRole, string>>>
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  readonly by: Actor
}

export type PlaybookDeskAnswer =
  | {
      readonly ask: 'lint'
      readonly problems: readonly { path: string; message: string }[]
    }
  | { readonly ask: 'schema'; readonly schema: unknown }
  | { readonly ask: 'plan'; readonly steps: readonly PlannedStep[] }
  | { readonly ask: 'run'; readonly results: Readonly<Record<string, unknown>> }

/** The workflow's name, for clients that start it without importing it. */
export const playbookDeskWorkflow = 'playbookDesk'
