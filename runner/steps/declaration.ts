import type { z } from 'zod'
import type { LocalText } from '../../domain/identifier.ts'
import type { StepDoes } from '../../domain/playbook/does.ts'
import type { PersonStep } from '../../domain/playbook/outcome.ts'

/** The hosts and databases that a step names, by the playbook's names. */
export interface NamesUsed {
  readonly hosts?: readonly string[]
  readonly databases?: readonly string[]
}

/**
 * What is known of a kind of step without its implementation: enough to lint a playbook and to publish its JSON Schema. `P` are the
 * parameters of the kind. A declaration stands in the `params.ts` of the kind, which is pure: zod and domain/ only.
 */
export interface StepDeclaration<P> {
  readonly name: string
  readonly title: LocalText
  readonly params: z.ZodType<P>
  /** What the kind does to the data of a system, if a move needs to know. */
  readonly does?: StepDoes
  /** Whether only a move, with its record and signatures, may run the kind: it decides which side serves, or replaces or removes data. */
  readonly onlyInMove?: true
  /** Parameters that are taken literally, such as shell text: `${…}` in them is no expression. */
  readonly literal?: readonly string[]
  /** Parameters that are CEL conditions as a whole, which the kind evaluates itself (`StepContext.condition`). */
  readonly conditions?: readonly string[]
  /** Parameters that name a file by its path in the playbook's folder. */
  readonly files?: readonly string[]
  /**
   * The hosts and databases that the parameters name, besides the step's own host; checked before anything runs. Default: those of
   * the parameters `host` and `database`.
   */
  uses?(params: P): NamesUsed
  /** For steps that a person does: the contents of the task. */
  person?(params: P): Omit<PersonStep, 'step'>
  /** Whether a step with these parameters can be undone; default: never. */
  undoable?(params: P): boolean
}

/** The hosts and databases that a step with these parameters names. */
export function namesUsed<P>(kind: StepDeclaration<P>, params: P): NamesUsed {
  if (kind.uses !== undefined) return kind.uses(params)
  const { host, database } = (params ?? {}) as { host?: unknown; database?: unknown }
  return {
    hosts: typeof host === 'string' ? [host] : [],
    databases: typeof database === 'string' ? [database] : [],
  }
}

/** Parameters in which `${…}` is not filled in: literal ones, and those that the kind evaluates itself. */
export function takenAsWritten({
  literal = [],
  conditions = [],
}: StepDeclaration<unknown>): readonly string[] {
  return [...literal, ...conditions]
}
