import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import type { Actor } from '../../organisation.ts'
import type { Task } from '../task.ts'

type TaskCommand = Extract<
  Command,
  { name: 'take-task' | 'complete-task' | 'sign-task' | 'accept-task' | 'reject-task' }
>

/** Why a person may not do this with a task now. */
export function taskRefusal(m: Migration, command: TaskCommand, actor: Actor): Refusal | undefined {
  const task = m.tasks.find((t) => t.id === command.task)
  if (!task)
    return refuse('unknown-task', `There is no task "${command.task}" in the move of "${m.plan.system}".`)
  const review = command.name === 'accept-task' || command.name === 'reject-task'
  const due = review && task.reviewer !== undefined ? task.reviewer : task.assignee
  if (due.role !== actor.role || due.organisation !== actor.organisation) {
    return refuse(
      'not-your-task',
      `"${task.id}" is ${review ? 'reviewed' : 'done'} by the ${due.role} "${due.organisation}", not by the ${actor.role} "${actor.organisation}".`,
    )
  }
  return taskStateRefusal(task, command, actor)
}

const done: Readonly<Record<TaskCommand['name'], string>> = {
  'take-task': 'taken',
  'complete-task': 'completed',
  'sign-task': 'signed',
  'accept-task': 'accepted',
  'reject-task': 'sent back',
}

function taskStateRefusal(task: Task, command: TaskCommand, actor: Actor): Refusal | undefined {
  const by = task.state === 'taken' && task.takenBy ? ` by "${task.takenBy.account}"` : ''
  const wrongState = (wanted: string): Refusal =>
    refuse(
      'wrong-task-state',
      `"${task.id}" is ${task.state}${by}; only a task that is ${wanted} can be ${done[command.name]}. Look where it stands.`,
    )
  switch (command.name) {
    case 'take-task':
      if (mayTakeOver(task, actor)) return command.reason === undefined ? takeOverWithReason(task) : undefined
      return task.state === 'open' ? undefined : wrongState('open')
    case 'complete-task':
      if (task.state !== 'open' && task.state !== 'taken') return wrongState('open or taken')
      if (task.takenBy && task.state === 'taken' && task.takenBy.account !== actor.account) {
        return refuse('taken-by-another', `"${task.id}" has been taken by "${task.takenBy.account}".`)
      }
      return task.wantsEvidence && command.evidence.length === 0
        ? refuse(
            'evidence-missing',
            `"${task.id}" wants at least one file of evidence. Attach it and complete the task.`,
          )
        : undefined
    case 'sign-task':
      if (!task.wantsSignature) return refuse('no-signature-wanted', `"${task.id}" wants no signature.`)
      if (task.state !== 'completed') return wrongState('completed')
      return task.completedBy?.account === actor.account
        ? undefined
        : refuse(
            'not-the-doer',
            `"${task.id}" is signed by "${task.completedBy?.account ?? ''}", who completed it.`,
          )
    case 'accept-task':
      if (!task.reviewer)
        return refuse('no-review-wanted', `"${task.id}" has no reviewer; completing it closes it.`)
      return isReadyForReview(task) ? undefined : wrongState(task.wantsSignature ? 'signed' : 'completed')
    case 'reject-task':
      if (!task.reviewer) return task.state === 'closed' ? wrongState('open') : undefined
      return isReadyForReview(task) ? undefined : wrongState(task.wantsSignature ? 'signed' : 'completed')
  }
}

/** A colleague has it and may never come back: it is theirs who take it over, to be completed and signed anew. */
const mayTakeOver = ({ state, takenBy, completedBy }: Task, { account }: Actor): boolean =>
  (state === 'taken' && takenBy?.account !== account) ||
  (state === 'completed' && completedBy?.account !== account)

const takeOverWithReason = ({ id, takenBy, completedBy, state }: Task): Refusal =>
  refuse(
    'taken-by-another',
    `"${id}" is with "${(state === 'taken' ? takenBy : completedBy)?.account ?? ''}". Leave it to them, or take it over with a reason.`,
  )

const isReadyForReview = (task: Task): boolean =>
  task.state === (task.wantsSignature ? 'signed' : 'completed')
