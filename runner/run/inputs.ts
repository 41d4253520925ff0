import { z } from 'zod'
import { AbsolutePath } from '../../domain/absolute-path.ts'
import { InvalidInputError, type InputProblem } from '../../domain/errors.ts'
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
        ? `is missing, expected a ${declaration.type}`
        : typeProblem(value, declaration, bindings)
    if (problem !== undefined) problems.push({ path: name, message: problem })
    else if (value !== undefined) values[name] = value
  }
  for (const name of Object.keys(request.inputs)) {
    if (!Object.hasOwn(playbook.inputs, name) && !Object.hasOwn(request.plan.inputs, name)) {
      problems.push({ path: name, message: 'is not an input of this playbook' })
    }
  }
  if (problems.length > 0)
    throw new InvalidInputError(`The inputs of the playbook "${playbook.playbook}"`, problems)
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

function typeProblem(value: InputValue, { type }: InputDeclaration, bindings: Bindings): string | undefined {
  const found = `found ${JSON.stringify(value)}`
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type ? undefined : `must be a ${type}, ${found}`
    case 'host':
      return bindings.boundHost(String(value)) === undefined
        ? `must be bound to a host of the plan, ${found}`
        : undefined
    case 'database':
      return bindings.databaseRole(String(value)) === undefined
        ? `must be bound to a database of the plan, ${found}`
        : undefined
    case 'path':
      return AbsolutePath.safeParse(value).success ? undefined : `must be an absolute path, ${found}`
    case 'url':
      return z.url().safeParse(value).success ? undefined : `must be a URL, ${found}`
  }
}
