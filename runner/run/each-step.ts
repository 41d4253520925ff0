import { InvalidInputError, type InputProblem, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import { Identifier } from '../../domain/identifier.ts'
import type { Step } from '../../domain/playbook/playbook.ts'
import { ExpressionError } from '../language/errors.ts'
import { evaluate, type Variables } from '../language/expression.ts'
import { fill } from '../language/template.ts'

/** An item of a repeated step: `each` in its expressions. */
export type Item = Readonly<Record<string, unknown>> & { readonly name: string }

/** A step as it runs: one repetition of a repeated step. */
export interface RunStep extends Step {
  readonly each?: Item
}

/**
 * The steps of a playbook. A step with `forEach` occurs once for each item of its expression, under the id `<id>-<name>`. Its host is
 * filled in here, everything else when it runs.
 * @throws ExpressionError; InvalidInputError if an id is too long or occurs twice
 */
export function eachStep(steps: readonly Step[], variables: Variables): readonly RunStep[] {
  const expanded = steps.flatMap((step) => (step.forEach === undefined ? [step] : repeated(step, variables)))
  const problems: InputProblem[] = []
  const seen = new Set<string>()
  for (const { id } of expanded) {
    const path = `steps.${id}`
    if (!Identifier.safeParse(id).success)
      problems.push(problemAt(path, said('repeated-id-too-long', { id })))
    if (seen.has(id)) problems.push(problemAt(path, said('repeated-id-twice')))
    seen.add(id)
  }
  if (problems.length > 0) throw new InvalidInputError('The repeated steps', problems)
  return expanded
}

/** The variables of one step's expressions. */
export function variablesOf({ each }: RunStep, variables: Variables): Variables {
  return each === undefined ? variables : { ...variables, each }
}

function repeated(step: Step, variables: Variables): readonly RunStep[] {
  return itemsOf(step, variables).map((each) => {
    const own = { ...variables, each }
    const {
      host,
      with: { host: hostParam, ...params },
    } = step
    return {
      ...step,
      id: `${step.id}-${each.name}`,
      each,
      ...(host === undefined ? {} : { host: String(fill(host, own)) }),
      with: hostParam === undefined ? params : { ...params, host: fill(hostParam, own) },
    }
  })
}

function itemsOf({ forEach = '' }: Step, variables: Variables): readonly Item[] {
  const found = evaluate(forEach, variables)
  if (!Array.isArray(found))
    throw new ExpressionError(forEach, said('expression-not-list', { found: shown(found) }))
  return found.map((item: unknown, index) => {
    if (!isItem(item))
      throw new ExpressionError(forEach, said('expression-item-unnamed', { index, found: shown(item) }))
    return item
  })
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 200)
