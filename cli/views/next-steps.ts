import type { MigrationView, Role, Task, WaitingFor } from '../../api/contract.ts'
import { nextCommands, taskCode } from '../../api/contract/next-commands.mjs'
import { names } from '../../domain/words/catalogue.ts'
import { nameOf, say } from '../../domain/words/said.ts'
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
export interface WaitingMove extends Pick<MigrationView, 'system' | 'standing' | 'waitingFor'> {
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
        : code === 'ledger-contradiction'
          ? waiting.subject.split(', ')
          : waiting.subject
  const values = {
    who: rolesText(session, roles, view.organisations),
    subject,
    title: task?.title[session.language] ?? '',
    until: waiting.untilMs === undefined ? '' : moments.until(waiting.untilMs),
    since: waiting.sinceMs === undefined ? '' : moments.at(waiting.sinceMs),
  }
  const text = say(session.language, { code: task ? taskCode(task) : `waits-${code}`, values })
  const [role] = roles
  const as = role === undefined ? '' : contextOfRole(session, role, view.organisations[role])
  const words = nextCommands(waiting, view.system, task)
  return { code, roles, text, commands: words.map((line) => `${session.program} ${line}${as}`) }
}
