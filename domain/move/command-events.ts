import type { CommandName } from './command.ts'
import type { EventType } from './event.ts'

/** The events a command may bring about in the name of whoever gave it; the first has in it all that was asked. */
export const eventsOf: Readonly<Record<CommandName, readonly EventType[]>> = {
  pause: ['paused'],
  resume: ['resumed'],
  hold: ['held'],
  abort: ['abort-requested'],
  'retry-step': ['step-retried'],
  'skip-step': ['step-skipped'],
  'take-task': ['task-taken'],
  'complete-task': ['task-completed'],
  'sign-task': ['task-signed'],
  'accept-task': ['task-closed'],
  'reject-task': ['task-rejected'],
  'amend-report': ['report-amended', 'signoffs-voided'],
  'sign-report': ['signed-off'],
  'schedule-cutover': ['cutover-scheduled'],
  'decide-cutover': ['cutover-decided'],
  'roll-back': ['rollback-requested'],
  'settle-cutover': ['settle-requested'],
  'rearm-way-back': ['rearm-requested'],
  'change-schema': ['schema-change-requested'],
  'release-retention': ['retention-released'],
  'ledger-changed': ['ledger-changed'],
  'report-way-back': ['way-back-changed'],
  'report-forward': ['forward-changed'],
}
