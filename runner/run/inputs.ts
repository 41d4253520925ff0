import { z } from 'zod'
import { AbsolutePath } from '../../domain/absolute-path.ts'
import { InvalidInputError, type InputProblem, problemAt } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { InputDeclaration, Playbook } from '../../domain/playbook/playbook.ts'
import type { Bindings } from './bindings.ts'

export type InputValue = string | number | boolean

/**
 * The inputs of a playbook: from the request, else from the plan, else the default. All problems are reported together. The value of an
 * input of type `host` or `database` is the role or the host that it is bound to.
 * @throws InvalidInputError
 */
export function resolveInputs(
  playbook: Playbook,
  request: Pick<RunRequest, 'inputs' | 'plan'>,
  bindings: Bindings,
): Readonly<Record<string, InputValue>> {
  const problems: InputProblem[] = []
  const values: Record<string, InputValue> = {}
  for (const [name, declaration] of Object.entries(playbook.inputs)) {
    const value = bound(name, declaration, bindings) ?? given(name, request) ?? declaration.default
    const problem =
      value === undefined
        ? said('value-missing', { expected: declaration.type })
        : typeProblem(value, declaration, bindings)
    if (problem !== undefined) problems.push(problemAt(name, problem))
    else if (value !== undefined) values[name] = value
  }
  for (const name of Object.keys(request.inputs)) {
    if (!Object.hasOwn(playbook.inputs, name) && !Object.hasOwn(request.plan.inputs, name)) {
      problems.push(problemAt(name, said('input-unknown')))
    }
  }
  if (problems.length > 0)
    throw new InvalidInputError(said('the-inputs-of-playbook', { playbook: playbook.playbook }), problems)
  return values
}

function given(name: string, { inputs, plan }: Pick<RunRequest, 'inputs' | 'plan'>): InputValue | undefined {
  if (Object.hasOwn(inputs, name)) return inputs[name]
  return Object.hasOwn(plan.inputs, name) ? plan.inputs[name] : undefined
}

function bound(name: string, { type }: InputDeclaration, bindings: Bindings): InputValue | undefined {
  if (type === 'host') return bindings.boundHost(name)
  return type === 'database' ? bindings.databaseRole(name) : undefined
}

function typeProblem(value: InputValue, { type }: InputDeclaration, bindings: Bindings): Said | undefined {
  if (isOfType(value, type, bindings)) return undefined
  const problem =
    type === 'host' || type === 'database'
      ? said('input-not-bound', { type })
      : said('input-of-other-type', { type })
  return said('problem-found', { problem, found: String(value) })
}

function isOfType(value: InputValue, type: InputDeclaration['type'], bindings: Bindings): boolean {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type
    case 'host':
      return bindings.boundHost(String(value)) !== undefined
    case 'database':
      return bindings.databaseRole(String(value)) !== undefined
    case 'path':
      return AbsolutePath.safeParse(value).success
    case 'url':
      return z.url().safeParse(value).success
  }
}
