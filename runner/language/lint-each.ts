import type { InputProblem } from '../../domain/errors.ts'
import type { Step } from '../../domain/playbook/playbook.ts'
import { expressionProblem, namesLookedAt, speaksOf } from './expression.ts'

/** Problems of a step's `forEach`, and of a host expression on a step without one. */
export function lintEach(step: Step, path: string): InputProblem[] {
  const { forEach, host } = step
  if (forEach === undefined) {
    return host?.startsWith('${') === true
      ? [
          {
            path: `${path}.host`,
            message: `is the expression "${host}", which only a step that is repeated ("forEach") may have; name a host`,
          },
        ]
      : []
  }
  const where = `${path}.forEach`
  const problem = expressionProblem(forEach)
  if (problem !== undefined)
    return [{ path: where, message: `holds the expression "${forEach}", which fails: ${problem}` }]
  const beforeAnyStep = 'a step is repeated before any has run; look at the plan alone'
  return [
    ...namesLookedAt(forEach, 'steps').map((id) => ({
      path: where,
      message: `looks at the step "${id}", but ${beforeAnyStep}`,
    })),
    ...(speaksOf(forEach, 'facts')
      ? [{ path: where, message: `speaks of "facts", but ${beforeAnyStep}` }]
      : []),
    ...(speaksOf(forEach, 'each')
      ? [{ path: where, message: 'speaks of "each", which is what the expression is yet to give' }]
      : []),
  ]
}

/** Whether an id names an earlier step: by its own id, or by the id of one of its repetitions. */
export function comesBefore(id: string, earlier: readonly Step[]): boolean {
  return earlier.some((step) => (step.forEach === undefined ? step.id === id : id.startsWith(`${step.id}-`)))
}
