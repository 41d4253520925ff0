import { figuresRefusal } from '../attested.ts'
import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import type { Actor } from '../../organisation.ts'
import type { FindingReasons, Task } from '../task.ts'

type TaskCommand = Extract<
  Command,
  { name: 'take-task' | 'complete-task' | 'sign-task' | 'accept-task' | 'reject-task' }
>

/** Why a person may not do this with a task now. */
export function taskRefusal(
  m: Migration,
  command: TaskCommand,
  actor: Actor,
  nowMs: number,
): Refusal | undefined {
  const task = m.tasks.find((t) => t.id === command.task)
  if (!task) return refuse('unknown-task', { task: command.task, migration: m.migration })
  const review = command.name === 'accept-task' || command.name === 'reject-task'
  const due = review && task.reviewer !== undefined ? task.reviewer : task.assignee
  if (due.role !== actor.role || due.organisation !== actor.organisation) {
    return refuse('not-your-task', {
      task: task.id,
      role: due.role,
      organisation: due.organisation,
      yourRole: actor.role,
      yourOrganisation: actor.organisation,
    })
  }
  const refused = taskStateRefusal(task, command, actor)
  if (refused !== undefined || command.name !== 'complete-task') return refused
  return figuresRefusal(m, task, command.figures ?? {}, nowMs)
}

function taskStateRefusal(task: Task, command: TaskCommand, actor: Actor): Refusal | undefined {
  const { id, state } = task
  const wrongState = (...wanted: readonly Task['state'][]): Refusal =>
    refuse('wrong-task-state', {
      task: id,
      state,
      account: state === 'taken' ? task.takenBy?.account : undefined,
      action: command.name,
      wanted,
    })
  switch (command.name) {
    case 'take-task':
      if (mayTakeOver(task, actor)) return command.reason === undefined ? takeOverWithReason(task) : undefined
      return task.state === 'open' ? undefined : wrongState('open')
    case 'complete-task':
      if (task.state !== 'open' && task.state !== 'taken') return wrongState('open', 'taken')
      if (task.takenBy && task.state === 'taken' && task.takenBy.account !== actor.account) {
        return refuse('taken-by-another', { task: id, account: task.takenBy.account })
      }
      return task.wantsEvidence && command.evidence.length === 0
        ? refuse('evidence-missing', { task: id })
        : reasonsRefusal(task, command.reasons ?? {})
    case 'sign-task':
      if (!task.wantsSignature) return refuse('no-signature-wanted', { task: id })
      if (task.state !== 'completed') return wrongState('completed')
      return task.completedBy?.account === actor.account
        ? undefined
        : refuse('not-the-doer', { task: id, account: task.completedBy?.account ?? '' })
    case 'accept-task':
      if (!task.reviewer) return refuse('no-review-wanted', { task: id })
      return isReadyForReview(task) ? undefined : wrongState(task.wantsSignature ? 'signed' : 'completed')
    case 'reject-task':
      if (!task.reviewer) return task.state === 'closed' ? wrongState('open') : undefined
      return isReadyForReview(task) ? undefined : wrongState(task.wantsSignature ? 'signed' : 'completed')
  }
}

/** Why the reasons given do not fit the open findings of a task. */
function reasonsRefusal(
  { id, openFindings = [] }: Pick<Task, 'id' | 'openFindings'>,
  reasons: FindingReasons,
): Refusal | undefined {
  const codes = openFindings.map(({ code }) => code)
  const missing = codes.filter((code) => !Object.hasOwn(reasons, code))
  if (missing.length > 0) return refuse('finding-reasons-missing', { task: id, missing })
  const unknown = Object.keys(reasons).filter((code) => !codes.includes(code))
  return unknown.length > 0
    ? refuse('finding-reasons-unknown', { task: id, unknown, open: codes })
    : undefined
}

/** Its holder may never come back: whoever takes the task over completes and signs it again. */
const mayTakeOver = ({ state, takenBy, completedBy }: Task, { account }: Actor): boolean =>
  (state === 'taken' && takenBy?.account !== account) ||
  (state === 'completed' && completedBy?.account !== account)

const takeOverWithReason = ({ id, takenBy, completedBy, state }: Task): Refusal =>
  refuse('taken-by-another', {
    task: id,
    account: (state === 'taken' ? takenBy : completedBy)?.account ?? '',
  })

const isReadyForReview = (task: Task): boolean =>
  task.state === (task.wantsSignature ? 'signed' : 'completed')
