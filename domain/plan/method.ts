import type { Said } from '../words/message.ts'
import { inForeignWords, said } from '../words/said.ts'
import { datasetsOf } from './places.ts'
import type { KnownFamilies } from './known-family.ts'
import type { MigrationPlan, Place } from './plan.ts'

/** The ways there are for a dataset to cross. A system that fits none of the others is moved by commands of its vendor, or by people. */
export const methodNames = [
  'online-behind-pooler',
  'online-direct',
  'file-passes',
  'commands-copied-back',
  'commands-as-left',
  'tracked',
] as const
export type MethodName = (typeof methodNames)[number]

/** What a family chooses the method of a dataset by: its places, what stands before it, and the inputs of the plan. */
export interface MethodFacts<P> {
  readonly source: P
  readonly target: P
  /** The kind of the endpoint that fronts it; absent where none does. */
  readonly entry?: string
  readonly inputs: MigrationPlan['inputs']
}

/** How a dataset crosses. */
export interface Method {
  readonly method: MethodName
  /** The fact that decides it. */
  readonly because: Said
  /** How long nobody can write at its switch, as far as that is known before a rehearsal measures it. */
  readonly writeGap: Said
  /** After so long its switch is undone; absent where the method sets no bound of its own. */
  readonly gapAtMostMs?: number
  /** What a rollback brings back, or loses. */
  readonly wayBack: Said
  /** Whether a rollback brings back every acknowledged write. */
  readonly isLossless: boolean
}

export type MethodOfDataset = Method & { readonly dataset: string; readonly family: string }

type MovedData = Pick<MigrationPlan, 'datasets' | 'endpoints' | 'inputs'> &
  Partial<Pick<MigrationPlan, 'tracked'>>

/** The method of each dataset of a plan, as its family chooses it; of a family that says nothing of its methods there is none. */
export function methodsOf(plan: MovedData, families: KnownFamilies): readonly MethodOfDataset[] {
  if (plan.tracked !== undefined) {
    const { tool, reason, rollbackLoses, new: newSide } = plan.tracked
    return [
      {
        dataset: newSide,
        family: 'tracked',
        method: 'tracked',
        because: said('method-for-tracked', { tool, reason: inForeignWords(reason) }),
        writeGap: said('gap-attested'),
        wayBack: said('back-attested', { loses: rollbackLoses }),
        isLossless: false,
      },
    ]
  }
  const endpoints = Object.values(plan.endpoints)
  return datasetsOf(plan).flatMap(({ name: dataset, family, source, target }) => {
    const entries = families[family]?.entries ?? []
    const entry = endpoints.find(({ kind, fronts }) => fronts === dataset && entries.includes(kind))?.kind
    const facts: MethodFacts<Place> = { source, target, inputs: plan.inputs, ...(entry && { entry }) }
    const chosen = families[family]?.method(facts)
    return chosen === undefined ? [] : [{ dataset, family, ...chosen }]
  })
}
