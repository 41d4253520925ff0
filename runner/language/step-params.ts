import { z } from 'zod'
import type { Step } from '../../domain/playbook/playbook.ts'
import { type StepDeclaration, takenAsWritten } from '../steps/declaration.ts'
import { type Variables } from './expression.ts'
import { fill } from './template.ts'

/** Whether a kind has a parameter `host`, which takes the step's own `host:`. */
export function takesHost(kind: StepDeclaration<unknown>): boolean {
  return kind.params instanceof z.ZodObject && 'host' in kind.params.shape
}

/** A step's parameters as written, including the step's host if the kind takes one. */
export function writtenParams(step: Step, kind: StepDeclaration<unknown>): Readonly<Record<string, unknown>> {
  return step.host !== undefined && takesHost(kind) ? { host: step.host, ...step.with } : step.with
}

/** A step's parameters with every `${…}` filled in, except in parameters that the kind takes literally. @throws ExpressionError */
export function filledParams(
  step: Step,
  kind: StepDeclaration<unknown>,
  variables: Variables,
): Readonly<Record<string, unknown>> {
  const written = takenAsWritten(kind)
  return Object.fromEntries(
    Object.entries(writtenParams(step, kind)).map(([key, value]) => [
      key,
      written.includes(key) ? value : fill(value, variables),
    ]),
  )
}

/** The playbook's name of the host of a step; undefined if the step has no host of its own. */
export function hostOf(step: Step): string | undefined {
  if (step.host !== undefined) return step.host
  const host = step.with['host']
  return typeof host === 'string' ? host : undefined
}
