import type { StepDeclaration } from './declaration.ts'
import type { AnyStepImplementation, StepImplementation } from './kind.ts'

/**
 * Joins the implementation of a kind to its declaration; `bind` hides the parameter and fact types of the kind. Facts from the
 * journal were gathered by the same kind, so they are passed on as stored, without parsing.
 */
export function implementKind<P, F>(
  declaration: StepDeclaration<P>,
  work: StepImplementation<P, F>,
): StepImplementation<P, F> & AnyStepImplementation {
  return {
    ...work,
    kind: declaration.name,
    bind(raw) {
      const params = declaration.params.parse(raw)
      return {
        person: () => declaration.person?.(params),
        interrupted: () => work.interrupted(params),
        gather: (context) => work.gather(params, context),
        plan: (facts) => work.plan(params, facts as F),
        undo: (factsBefore) => work.undo?.(params, factsBefore as F) ?? [],
        undoable: () => declaration.undoable?.(params) ?? false,
        keep: (facts) => work.keep?.(facts as F) ?? facts,
        carryOut: async (facts, commands, context) => work.carryOut?.(params, facts as F, commands, context),
        carryOutUndo: async (factsBefore, context) => work.carryOutUndo?.(params, factsBefore as F, context),
      }
    },
  }
}
