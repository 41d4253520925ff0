import { type InputProblem, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { Step } from '../../domain/playbook/playbook.ts'
import { expressionProblem, namesLookedAt, speaksOf } from './expression.ts'

/** Problems of a step's `forEach`, and of a host expression on a step without one. */
export function lintEach(step: Step, path: string): InputProblem[] {
  const { forEach, host } = step
  if (forEach === undefined) {
    return host?.startsWith('${') === true
      ? [problemAt(`${path}.host`, said('host-expression', { expression: host }))]
      : []
  }
  const where = `${path}.forEach`
  const problem = expressionProblem(forEach)
  if (problem !== undefined)
    return [problemAt(where, said('expression-fails', { expression: forEach, reason: problem }))]
  return [
    ...namesLookedAt(forEach, 'steps').map((step) => problemAt(where, said('step-before-any', { step }))),
    ...(speaksOf(forEach, 'facts') ? [problemAt(where, said('facts-before-any'))] : []),
    ...(speaksOf(forEach, 'each') ? [problemAt(where, said('each-in-for-each'))] : []),
  ]
}

/** Whether an id names an earlier step: by its own id, or by the id of one of its repetitions. */
export function comesBefore(id: string, earlier: readonly Step[]): boolean {
  return earlier.some((step) => (step.forEach === undefined ? step.id === id : id.startsWith(`${step.id}-`)))
}
