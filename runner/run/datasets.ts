import { InvalidInputError, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import { datasetsOf, type Named } from '../../domain/plan/places.ts'
import type { Dataset, MigrationPlan } from '../../domain/plan/plan.ts'
import { families } from '../../families/index.ts'
import { UnknownDatabaseError } from '../language/errors.ts'
import type { Bindings } from './bindings.ts'

/** One side of a dataset, and the name of its family. */
export interface DatasetPlace {
  /** The name of the dataset in the plan. */
  readonly dataset: string
  readonly family: string
  readonly place: unknown
}

/**
 * The side of a dataset that a playbook's name stands for. `from` is the bound side of the plan's only dataset of `family`, or of its
 * only database; if there are several, `orders@from` names one.
 * @throws UnknownDatabaseError if nothing binds the side, or the plan has no such dataset
 * @throws InvalidInputError if several datasets could be meant
 */
export function datasetPlace(
  plan: MigrationPlan,
  bindings: Bindings,
  reference: string,
  family?: string,
): DatasetPlace {
  const [side = '', name] = reference.split('@').reverse()
  const role = bindings.assertDatabase(side)
  const meant = datasetsOf(plan).filter((one) =>
    family === undefined ? name !== undefined || isDatabase(one) : one.family === family,
  )
  const [dataset, ...others] = name === undefined ? meant : meant.filter((one) => one.name === name)
  if (dataset === undefined) throw new UnknownDatabaseError(reference, bindings.databaseNames())
  if (others.length > 0) throw severalMeant(reference, meant)
  return { dataset: dataset.name, family: dataset.family, place: dataset[role] }
}

/** Whether a dataset is what playbooks call a database: one behind an endpoint. */
function isDatabase({ family }: Named<Dataset>): boolean {
  return families.some(({ name, endpoints }) => name === family && endpoints.length > 0)
}

function severalMeant(reference: string, all: readonly Named<Dataset>[]): InvalidInputError {
  const meant = all.map(({ name }) => `${name}@${reference}`)
  return new InvalidInputError('The step', [
    problemAt('with', said('dataset-ambiguous', { reference, meant })),
  ])
}
