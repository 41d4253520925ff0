import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import { isSwitched } from '../switches.ts'
import { switchBack } from '../way-back.ts'
import { skipRefusal } from './skippable-steps.ts'

type StandingCommand = Extract<Command, { name: 'pause' | 'hold' | 'resume' }>

/** Why a move may not be stopped or resumed. */
export function stopRefusal({ standing }: Migration, { name }: StandingCommand): Refusal | undefined {
  const stopped = standing === 'paused' || standing === 'on-hold'
  if (name === 'resume') {
    return stopped ? undefined : refuse('not-stopped', { standing })
  }
  return stopped ? refuse('already-stopped', { standing }) : undefined
}

/** Why a move may not be aborted. */
export function abortRefusal(m: Migration): Refusal | undefined {
  if (m.step?.id === switchBack) {
    return refuse('switch-under-way')
  }
  if (isSwitched(m)) {
    return refuse('after-cutover')
  }
  return m.step?.id === 'switch-over' && !m.step.failure && !waitsForPerson(m)
    ? refuse('switch-under-way')
    : undefined
}

/** Nothing runs on hosts while a playbook has come to a step that a person does. */
const waitsForPerson = (m: Migration): boolean =>
  m.tasks.some((t) => t.kind === 'playbook-task' && t.state !== 'closed')

/** Why a step may not be retried or skipped. */
export function stepRefusal(
  m: Migration,
  command: Extract<Command, { name: 'retry-step' | 'skip-step' }>,
): Refusal | undefined {
  if (m.step?.failure === undefined) {
    return refuse('no-blocked-step')
  }
  if (m.step.id !== command.step) {
    return refuse('other-step', { step: command.step, failed: m.step.id })
  }
  return command.name === 'skip-step' ? skipRefusal(m, command.step) : undefined
}
