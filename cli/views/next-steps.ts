import {
  givesUpAt,
  maySkip,
  type MigrationView,
  type Role,
  type Task,
  type WaitingFor,
} from '../../api/contract.ts'
import { names } from '../../domain/words/catalogue.ts'
import { type Code, nameOf, say } from '../../domain/words/said.ts'
import type { Session } from '../identity/session.ts'
import { contextOfRole } from './context-of-role.ts'
import type { Moments } from './moment.ts'
import { rolesText } from './who.ts'

/** One thing a move waits for: who has to do what, and the lines they type. */
export interface NextStep {
  readonly code: WaitingFor['code']
  readonly roles: readonly Role[]
  readonly text: string
  readonly commands: readonly string[]
}

/** A move as far as it says what it waits for. */
export interface WaitingMove extends Pick<MigrationView, 'system' | 'profile' | 'standing' | 'waitingFor'> {
  readonly step?: MigrationView['step']
  readonly tasks: readonly Task[]
  readonly organisations: Partial<Record<Role, string>>
}

export function nextSteps(session: Session, view: WaitingMove, moments: Moments): NextStep[] {
  return view.waitingFor.flatMap((waiting): NextStep[] => {
    // Each party signs for itself, with its own account: one line for each.
    if (waiting.code === 'signoff')
      return waiting.roles.map((role) => nextStep(session, view, moments, { ...waiting, roles: [role] }))
    return [nextStep(session, view, moments, waiting)]
  })
}

function nextStep(session: Session, view: WaitingMove, moments: Moments, waiting: WaitingFor): NextStep {
  const { code, roles } = waiting
  const task = code === 'task' ? view.tasks.find(({ id }) => id === waiting.subject) : undefined
  const subject =
    code === 'blocked-step'
      ? nameOf(session.language, 'step', waiting.subject)
      : code === 'resume' && waiting.subject === ''
        ? session.say(names.standing[view.standing])
        : waiting.subject
  const values = {
    who: rolesText(session, roles, view.organisations),
    subject,
    title: task?.title[session.language] ?? '',
    until: waiting.untilMs === undefined ? '' : moments.until(waiting.untilMs),
  }
  const text = say(session.language, { code: task ? taskCode(task) : `waits-${code}`, values })
  const [role] = roles
  const as = role === undefined ? '' : contextOfRole(session, role, view.organisations[role])
  const words = task ? taskCommands(task, view.system) : commands(waiting, view)
  return { code, roles, text, commands: words.map((line) => `${session.program} ${line}${as}`) }
}

/** Steps whose sides may have to be settled, which shows what was found first. */
const settledSteps: readonly string[] = ['switch-over', 'look-at-sides']

function settling(step: string, { system, step: at }: WaitingMove): string[] {
  switch (givesUpAt(step, at?.failure?.code ?? '')) {
    case 'old':
      return [`retention rearm ${system} --give-up HOST:PATH --reason "…"`]
    case 'new':
      return [`cutover settle ${system} --give-up HOST:PATH --reason "…"`]
    case undefined:
      return settledSteps.includes(step) ? [`cutover settle ${system} --reason "…"`] : []
  }
}

function commands({ code, subject }: WaitingFor, view: WaitingMove): string[] {
  const { system, profile } = view
  switch (code) {
    case 'resume':
      return [`migration resume ${system}`]
    case 'blocked-step':
      return [
        `migration retry ${system}`,
        ...settling(subject, view),
        ...(maySkip(subject, profile) ? [`migration skip ${system} --reason "…"`] : []),
      ]
    case 'signoff':
      return [`signoff sign ${system}`]
    case 'cutover-schedule':
      return [`cutover schedule ${system} --start +1m --end +2h`]
    case 'cutover-decision':
      return [`cutover go ${system}`, `cutover no-go ${system} --reason "…"`]
    case 'retention-release':
      return [`retention release ${system} --statement "…"`]
    case 'way-back-lost':
      return [`retention rearm ${system} --reason "…"`]
    case 'schema-change':
      return [`retention ddl ${system} FILE --reason "…"`]
    case 'end-acknowledgement':
      return [`migration acknowledge-end ${system} --reason "…"`]
    case 'task':
      return [`task show ${system} ${subject}`]
    case 'ledger-contradiction':
      return [`system show ${system}`]
    case 'cutover-window':
    case 'trial-run':
    case 'retention-time':
      return []
  }
}

function taskCode(task: Task): Code {
  switch (task.state) {
    case 'open':
      return 'waits-task-open'
    case 'taken':
      return 'waits-task-taken'
    case 'completed':
      return task.wantsSignature ? 'waits-task-to-sign' : 'waits-task-to-review'
    case 'signed':
      return 'waits-task-to-review'
    case 'closed':
      return 'waits-task'
  }
}

/** The command lines, without the program's name, that bring a task on from where it stands. */
export function taskCommands(task: Task, system: string): string[] {
  const of = `${system} ${task.id}`
  const review = [`task accept ${of}`, `task reject ${of} --reason "…"`]
  switch (task.state) {
    case 'open':
      return [`task take ${of}`]
    case 'taken':
      return [`task complete ${of} --note "…"${task.wantsEvidence ? ' --evidence FILE' : ''}`]
    case 'completed':
      return task.wantsSignature ? [`task sign ${of}`] : review
    case 'signed':
      return review
    case 'closed':
      return []
  }
}
