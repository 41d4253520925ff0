import { datasetsOf } from './places.ts'
import type { MigrationPlan } from './plan.ts'

/** A folder that belongs to a system, with its hosts by the plan's names. */
export interface FileTree {
  /** What it is called among the datasets of the plan. */
  readonly name: string
  readonly source: FilePlace
  readonly target: FilePlace
}

export interface FilePlace {
  readonly host: string
  readonly path: string
}

/** The folders a plan says belong to its system. */
export function fileTreesOf(plan: Pick<MigrationPlan, 'datasets'>): readonly FileTree[] {
  // Its family has read each place as the plan was taken.
  return datasetsOf(plan, 'files') as readonly unknown[] as readonly FileTree[]
}

/** The names of everything a plan says its system must not lose. */
export function datasetNames(plan: Pick<MigrationPlan, 'datasets'>): readonly string[] {
  return datasetsOf(plan).map(({ name }) => name)
}
