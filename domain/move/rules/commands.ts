import type { Command, CommandName, Refusal } from '../command.ts'
import { commandRoles, refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import type { Actor } from '../../organisation.ts'
import { isOver } from '../phase.ts'
import { decisionRefusal, scheduleRefusal } from './cutover.ts'
import { forwardRefusal } from './forward.ts'
import { amendRefusal, signRefusal } from './recognition.ts'
import { contradictedRefusal, ledgerRefusal } from './ledger.ts'
import { rearmRefusal, releaseRefusal, rollBackRefusal, wayBackRefusal } from './retention.ts'
import { schemaChangeRefusal } from './schema-change.ts'
import { settleRefusal } from './settle.ts'
import { abortRefusal, stepRefusal, stopRefusal } from './standing.ts'
import { taskRefusal } from './tasks.ts'

/**
 * Why this command by this person is refused now; undefined when it is taken. Pure and complete: the workflow's
 * validators, and every door that wants to say so early, ask here.
 */
export function refusal(m: Migration, command: Command, actor: Actor, nowMs: number): Refusal | undefined {
  return (
    refusalByRole(command, actor) ??
    refusalByStanding(m, command) ??
    trackedRefusal(m, command) ??
    contradictedRefusal(m, command) ??
    refusalByMatter(m, command, actor, nowMs)
  )
}

function refusalByRole(command: Command, actor: Actor): Refusal | undefined {
  const allowed = commandRoles[command.name]
  if (allowed.includes(actor.role)) return undefined
  return refuse('role-not-allowed', { account: actor.account, role: actor.role, allowed })
}

/** What goes on, or is told, while a move is aborted. */
const duringAbort: ReadonlySet<CommandName> = new Set([
  'report-way-back',
  'retry-step',
  'skip-step',
  'settle-cutover',
])

/** By which people say, in a tracked move, that they have undone what there was. */
const taskCommands: ReadonlySet<CommandName> = new Set([
  'take-task',
  'complete-task',
  'sign-task',
  'accept-task',
  'reject-task',
])

/** What asks the engine for something on hosts, or is told by its own looks. */
const ofTheEngine: ReadonlySet<CommandName> = new Set([
  'rearm-way-back',
  'change-schema',
  'settle-cutover',
  'report-way-back',
  'report-forward',
])

/** Nobody but people reaches the sides of a tracked move. */
function trackedRefusal({ plan }: Migration, command: Command): Refusal | undefined {
  if (plan.tracked === undefined) return undefined
  const isAlone = command.name === 'roll-back' && command.newSideGone !== undefined
  return isAlone || ofTheEngine.has(command.name)
    ? refuse('tracked-not-by-engine', { system: plan.system })
    : undefined
}

function refusalByStanding(m: Migration, command: Command): Refusal | undefined {
  if (isOver(m)) {
    return refuse('migration-over', { system: m.plan.system, standing: m.standing })
  }
  // An abort is carried out by steps too, which may want to be tried again, or left out where they may be.
  const isAttesting = m.plan.tracked !== undefined && taskCommands.has(command.name)
  if (m.abortRequested !== undefined && !duringAbort.has(command.name) && !isAttesting) {
    return refuse('abort-under-way', { system: m.plan.system })
  }
  return undefined
}

function refusalByMatter(m: Migration, command: Command, actor: Actor, nowMs: number): Refusal | undefined {
  switch (command.name) {
    case 'pause':
    case 'hold':
    case 'resume':
      return stopRefusal(m, command)
    case 'abort':
      return abortRefusal(m)
    case 'retry-step':
    case 'skip-step':
      return stepRefusal(m, command)
    case 'take-task':
    case 'complete-task':
    case 'sign-task':
    case 'accept-task':
    case 'reject-task':
      return taskRefusal(m, command, actor, nowMs)
    case 'amend-report':
      return amendRefusal(m)
    case 'sign-report':
      return signRefusal(m, command)
    case 'schedule-cutover':
      return scheduleRefusal(m, command, nowMs)
    case 'decide-cutover':
      return decisionRefusal(m, command, nowMs)
    case 'roll-back':
      return rollBackRefusal(m, command)
    case 'rearm-way-back':
      return rearmRefusal(m, command)
    case 'settle-cutover':
      return settleRefusal(m, command)
    case 'change-schema':
      return schemaChangeRefusal(m, command)
    case 'release-retention':
      return releaseRefusal(m, nowMs)
    case 'ledger-changed':
      return ledgerRefusal(m, command)
    case 'report-way-back':
      return wayBackRefusal(m, command)
    case 'report-forward':
      return forwardRefusal(m, command)
  }
}
