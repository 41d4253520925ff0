import type { HostKeys } from './host-key.ts'
import type { SideRole } from './places.ts'
import type { MigrationPlan } from './plan.ts'
import type { PlaybookRef } from '../playbook/files.ts'
import type { PersonStep } from '../playbook/outcome.ts'

/** One run of one playbook. The same `runId` is the same run: its journal says how far it has come. */
export interface RunRequest {
  readonly runId: string
  readonly migration: string
  readonly system: string
  readonly playbook: PlaybookRef
  readonly plan: MigrationPlan
  /** The playbook's own names → a role, which is all of its hosts, or the name of a host. These stand for themselves, too. */
  readonly hosts: Readonly<Record<string, string>>
  readonly databases: Readonly<Record<string, SideRole>>
  /** Host keys pinned by a recorded approval; a key in the plan itself counts as pinned. */
  readonly hostKeys: HostKeys
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  readonly skip: readonly LeftOutStep[]
  /** Interrupted steps nobody knows the outcome of, which a person has said may run again. */
  readonly confirmed: readonly string[]
}

/** A step of a playbook that a person has left out of its run. */
export interface LeftOutStep {
  readonly step: string
  readonly reason: string
}

/** Consecutive steps that run in one activity, or one step a person does. */
export interface StepGroup {
  readonly host?: string
  /** The network zone whose runner carries the group out. */
  readonly zone: string
  readonly steps: readonly string[]
  readonly person?: PersonStep
}

/** How far a running group is: what a heartbeat carries. */
export interface StepProgress {
  readonly step: string
  readonly status: 'started' | 'done' | 'failed' | 'skipped'
  readonly at: number
  readonly of: number
  readonly line?: string
}
