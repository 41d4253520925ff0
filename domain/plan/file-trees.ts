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

/** The folders a plan says belong to its system. Where only one side names one, it lies at the same place on the other. */
export function fileTreesOf({ application }: Pick<MigrationPlan, 'application'>): readonly FileTree[] {
  const { source, target } = application.sites
  const known = source.filesDirectory ?? target.filesDirectory
  if (known === undefined) return []
  return [
    {
      name: 'files',
      source: { host: 'source', path: source.filesDirectory ?? known },
      target: { host: 'target', path: target.filesDirectory ?? known },
    },
  ]
}

/** The names of everything a plan says its system must not lose. */
export function datasetNames(plan: Pick<MigrationPlan, 'application'>): readonly string[] {
  return ['database', ...fileTreesOf(plan).map(({ name }) => name)]
}
