import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import { taskText } from '../../domain/move/signoff.ts'
import type { Task } from '../../domain/move/task.ts'
import { sha256Hex } from '../../storage/digest.ts'
import type { TaskView } from '../contract.ts'
import { mutable } from './move.ts'

/** A task where it belongs, for one caller. */
export function taskView(m: Migration, task: Task, actor: Actor): TaskView {
  const text = task.state === 'completed' && task.wantsSignature ? textToSign(m, task, actor) : undefined
  return {
    migration: m.migration,
    system: m.plan.system,
    profile: m.plan.policy.profile,
    ...(m.plan.tracked && { tracked: true as const }),
    phase: m.phase,
    round: m.round,
    mine: isMine(task, actor),
    task: mutable(task),
    ...(text === undefined ? {} : { toSign: { text, digest: sha256Hex(text) } }),
  }
}

/** The exact text this person signs under the task; undefined when somebody else completed it. */
export function textToSign(m: Migration, task: Task, actor: Actor): string | undefined {
  if (task.completedBy?.account !== actor.account) return undefined
  return taskText({
    migration: m.migration,
    task: task.id,
    round: m.round,
    account: actor.account,
    organisation: actor.organisation,
    note: task.note ?? '',
    evidence: task.evidence,
    figures: task.figures,
  })
}

/** Whether this person is the one to do the next thing. */
function isMine(task: Task, actor: Actor): boolean {
  const belongs = (to: Task['assignee'] | undefined) =>
    to?.role === actor.role && to.organisation === actor.organisation
  switch (task.state) {
    case 'open':
      return belongs(task.assignee)
    case 'taken':
      return task.takenBy?.account === actor.account
    case 'completed':
      return task.wantsSignature ? task.completedBy?.account === actor.account : belongs(task.reviewer)
    case 'signed':
      return belongs(task.reviewer)
    case 'closed':
      return false
  }
}
