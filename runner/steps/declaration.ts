import type { z } from 'zod'
import type { LocalText } from '../../domain/identifier.ts'
import type { StepDoes } from '../../domain/playbook/does.ts'
import type { PersonStep } from '../../domain/playbook/outcome.ts'

/** Names a step speaks of, by the playbook's names. */
export interface NamesUsed {
  readonly hosts?: readonly string[]
  readonly databases?: readonly string[]
}

/**
 * What can be said of a kind of step without carrying it out: enough to lint a playbook and to publish its JSON Schema.
 * `P` are the kind's parameters. A declaration stands in the kind's `params.ts`, which is pure: zod and domain/ only.
 */
export interface StepDeclaration<P> {
  readonly name: string
  readonly title: LocalText
  readonly params: z.ZodType<P>
  /** What it does to the data of a system, where a move asks for it. */
  readonly does?: StepDoes
  /** It says which side serves, or replaces or removes a side's data: only a move, with its record and signatures, may ask. */
  readonly onlyInMove?: true
  /** Parameters taken as they are written: `${…}` in them is not an expression. Shell text is, values reach it quoted. */
  readonly literal?: readonly string[]
  /** Parameters that are CEL conditions as a whole: the kind evaluates them itself (`StepContext.condition`). */
  readonly conditions?: readonly string[]
  /** Parameters that name a file of the playbook's folder by its path there. */
  readonly files?: readonly string[]
  /**
   * Names of hosts and databases the parameters speak of, besides the step's own host: checked before anything runs. Those
   * of the parameters `host` and `database` where absent.
   */
  uses?(params: P): NamesUsed
  /** For steps a person does: what the task asks for. */
  person?(params: P): Omit<PersonStep, 'step'>
  /** Whether a step with these parameters can be undone; absent where none can. */
  undoable?(params: P): boolean
}

/** The names a step with these parameters speaks of. */
export function namesUsed<P>(kind: StepDeclaration<P>, params: P): NamesUsed {
  if (kind.uses !== undefined) return kind.uses(params)
  const { host, database } = (params ?? {}) as { host?: unknown; database?: unknown }
  return {
    hosts: typeof host === 'string' ? [host] : [],
    databases: typeof database === 'string' ? [database] : [],
  }
}

/** Parameters in which `${…}` is not filled in: taken literally, or evaluated by the kind itself. */
export function takenAsWritten({
  literal = [],
  conditions = [],
}: StepDeclaration<unknown>): readonly string[] {
  return [...literal, ...conditions]
}
