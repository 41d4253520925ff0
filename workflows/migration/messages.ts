import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type { UpdateDefinition } from '@temporalio/common'
import type { CommandData, CommandName } from '../../domain/move/command.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { GivenPlan } from '../../domain/plan/plan.ts'

/** The task queue of the workflows and of the activities that write to storage. */
export const orchestratorQueue = 'orchestrator'

/** The task queue of the runner in one network zone: it alone reaches the zone's hosts. */
export const runnerQueue = (zone: string): string => `runner-${zone}`

/** One system has at most one move at a time, so the system names the workflow. */
export const migrationWorkflowId = (system: string): string => `migration/${system}`

/** What starts a move. A continued run carries `resumed` instead of beginning anew. */
export interface MigrationInput {
  /** Unique for each launch of a system: `<system>-<n>`. Names the events in storage. */
  readonly migration: string
  /** As it was handed in, in its own version. */
  readonly plan: GivenPlan
  readonly planDigest: string
  readonly launchedBy: Actor
  readonly resumed?: ResumedMigration
}

/** What one run hands to the next at continue-as-new. */
export interface ResumedMigration {
  /** 1: the move's plan may be one of version 1. */
  readonly schemaVersion: 1 | 2
  readonly migration: Omit<Migration, 'plan'> & { readonly plan: GivenPlan }
  /** Events that came too late for the last run to record. */
  readonly unrecorded: readonly MigrationEvent[]
  /** Requests already answered: an Update may reach both runs, and is answered once. */
  readonly answered: readonly ({ readonly requestId: string } & AnsweredRequest)[]
}

/** What a request came to, and what it had asked for. */
export interface AnsweredRequest {
  readonly sequence: number
  readonly contentDigest?: string
}

export interface CommandRequest<N extends CommandName = CommandName> {
  /** Chosen by the caller; the same id is answered with the same receipt, in any run. */
  readonly requestId: string
  /** SHA-256 of what is asked: the same id with another content is another request, and refused. */
  readonly contentDigest?: string
  readonly actor: Actor
  readonly data: Readonly<CommandData[N]>
}

/** The move's sequence once the command has taken effect: projections at or past it show it. */
export interface CommandReceipt {
  readonly sequence: number
}

type CommandUpdates = {
  readonly [N in CommandName]: UpdateDefinition<CommandReceipt, [CommandRequest<N>], N>
}

const commandUpdate = <N extends CommandName>(
  name: N,
): UpdateDefinition<CommandReceipt, [CommandRequest<N>], N> =>
  defineUpdate<CommandReceipt, [CommandRequest<N>], N>(name)

/** The type of the failure of a command that could not be held against the record: it has not been taken. */
export const recordAway = 'record-away'

/** One Update for each command, under the command's own name. A refused one leaves no trace in the history. */
export const commandUpdates: CommandUpdates = {
  pause: commandUpdate('pause'),
  resume: commandUpdate('resume'),
  hold: commandUpdate('hold'),
  abort: commandUpdate('abort'),
  'retry-step': commandUpdate('retry-step'),
  'skip-step': commandUpdate('skip-step'),
  'take-task': commandUpdate('take-task'),
  'complete-task': commandUpdate('complete-task'),
  'sign-task': commandUpdate('sign-task'),
  'accept-task': commandUpdate('accept-task'),
  'reject-task': commandUpdate('reject-task'),
  'amend-report': commandUpdate('amend-report'),
  'sign-report': commandUpdate('sign-report'),
  'schedule-cutover': commandUpdate('schedule-cutover'),
  'decide-cutover': commandUpdate('decide-cutover'),
  'roll-back': commandUpdate('roll-back'),
  'settle-cutover': commandUpdate('settle-cutover'),
  'rearm-way-back': commandUpdate('rearm-way-back'),
  'change-schema': commandUpdate('change-schema'),
  'release-retention': commandUpdate('release-retention'),
  'ledger-changed': commandUpdate('ledger-changed'),
  'report-way-back': commandUpdate('report-way-back'),
  'report-forward': commandUpdate('report-forward'),
}

/** The move as the workflow itself holds it: ahead of storage by the events not yet recorded. */
export const migrationQuery = defineQuery<Migration>('migration')
