import type { AnyStepKind, StepKind } from './kind.ts'

/**
 * Hides a kind's own parameter and fact types behind the interface the registry holds. Facts that come back from the
 * journal are those this very kind gathered: they are handed on as they were stored.
 */
export function defineKind<P, F>(kind: StepKind<P, F>): AnyStepKind {
  const hasUndo = kind.undo !== undefined || kind.carryOutUndo !== undefined
  return {
    name: kind.name,
    title: kind.title,
    params: kind.params,
    does: kind.does,
    onlyInMove: kind.onlyInMove ?? false,
    hasUndo,
    forPerson: kind.person !== undefined,
    literal: [...(kind.literal ?? []), ...(kind.conditions ?? [])],
    conditions: kind.conditions ?? [],
    files: kind.files ?? [],
    bind(raw) {
      const params = kind.params.parse(raw)
      return {
        uses: () => kind.uses?.(params) ?? namedIn(params),
        person: () => kind.person?.(params),
        interrupted: () => kind.interrupted(params),
        gather: (context) => kind.gather(params, context),
        plan: (facts) => kind.plan(params, facts as F),
        undo: (factsBefore) => kind.undo?.(params, factsBefore as F) ?? [],
        undoable: () => kind.undoable?.(params) ?? hasUndo,
        keep: (facts) => kind.keep?.(facts as F) ?? facts,
        carryOut: async (facts, commands, context) => kind.carryOut?.(params, facts as F, commands, context),
        carryOutUndo: async (factsBefore, context) => kind.carryOutUndo?.(params, factsBefore as F, context),
      }
    },
  }
}

/** A kind that does not say which names it uses: those of its parameters `host` and `database`. */
function namedIn(params: unknown): { hosts: readonly string[]; databases: readonly string[] } {
  const { host, database } = (params ?? {}) as { host?: unknown; database?: unknown }
  return {
    hosts: typeof host === 'string' ? [host] : [],
    databases: typeof database === 'string' ? [database] : [],
  }
}
