import { type InputProblem, problemAt } from '../errors.ts'
import { schemaProblems } from '../schema-problems.ts'
import { said } from '../words/said.ts'
import { hostReferenceProblems } from './host-rules.ts'
import type { KnownFamilies } from './known-family.ts'
import { databaseEndpointKinds } from './endpoint.ts'
import { allEndpointsOf, datasetsOf, type SideRole, sideRoles } from './places.ts'
import type { Dataset, MigrationPlan, Place } from './plan.ts'

type PlanWithData = Pick<MigrationPlan, 'hosts' | 'datasets' | 'endpoints'>

/**
 * The datasets as their families parse them, defaults filled in. A part that its family refuses stays as given and is listed
 * among the problems.
 */
export function readDatasets(
  { datasets }: Pick<MigrationPlan, 'datasets'>,
  families: KnownFamilies,
): { readonly datasets: Readonly<Record<string, Dataset>>; readonly problems: readonly InputProblem[] } {
  const problems: InputProblem[] = []
  const read = Object.entries(datasets).map(([name, dataset]) => {
    const family = Object.hasOwn(families, dataset.family) ? families[dataset.family] : undefined
    if (family === undefined) {
      const values = { family: dataset.family, known: Object.keys(families) }
      problems.push(problemAt(`datasets.${name}.family`, said('dataset-of-unknown-family', values)))
      return [name, dataset] as const
    }
    const place = (role: SideRole): Place => {
      const parsed = family.place.safeParse(dataset[role])
      if (parsed.success) return parsed.data as Place
      const pathOf = (path: readonly PropertyKey[]) => ['datasets', name, role, ...path.map(String)].join('.')
      problems.push(...schemaProblems(parsed.error.issues, dataset[role], pathOf))
      return dataset[role]
    }
    const places = { source: place('source'), staging: place('staging'), target: place('target') }
    return [name, { family: dataset.family, ...places }] as const
  })
  return { datasets: Object.fromEntries(read), problems }
}

/** The datasets with what their places take of the files of the playbook that deploys the application. */
export function fillDatasets(
  datasets: Readonly<Record<string, Dataset>>,
  families: KnownFamilies,
  files: ReadonlyMap<string, string>,
): { readonly datasets: Readonly<Record<string, Dataset>>; readonly problems: readonly InputProblem[] } {
  const problems: InputProblem[] = []
  const all = Object.entries(datasets).map(([name, dataset]): [string, Dataset] => {
    const family = Object.hasOwn(families, dataset.family) ? families[dataset.family] : undefined
    const of = (role: SideRole): Place => {
      const filled = family?.filled?.(dataset[role], files)
      for (const file of filled?.missing ?? [])
        problems.push(problemAt(`datasets.${name}.${role}`, said('dataset-file-missing', { file })))
      return filled?.place ?? dataset[role]
    }
    return [name, { ...dataset, source: of('source'), staging: of('staging'), target: of('target') }]
  })
  return { datasets: Object.fromEntries(all), problems }
}

/** What is wrong with where the datasets of a plan lie. */
export function datasetProblems(plan: PlanWithData, families: KnownFamilies): readonly InputProblem[] {
  return [
    ...datasetsOf(plan).flatMap((dataset) =>
      sideRoles.flatMap((role) =>
        hostReferenceProblems(plan, {
          path: `datasets.${dataset.name}.${role}.host`,
          name: dataset[role].host,
          role,
        }),
      ),
    ),
    ...managedProblems(plan),
    ...samePlaceProblems(plan, families),
    ...switchedProblems(plan, families),
  ]
}

/** What the old side serves with is left by a superuser: replication out of a managed service is another matter. */
function managedProblems(plan: PlanWithData): InputProblem[] {
  return datasetsOf(plan)
    .filter(({ source }) => Object.hasOwn(source, 'managed'))
    .map(({ name }) => problemAt(`datasets.${name}.source.managed`, said('dataset-source-managed')))
}

function samePlaceProblems(plan: PlanWithData, families: KnownFamilies): InputProblem[] {
  // The side that is told last is the one that has to move.
  const order: readonly SideRole[] = ['source', 'target', 'staging']
  const places = order.flatMap((role) =>
    datasetsOf(plan).map(({ name, family, [role]: place }) => ({ name, family, role, place })),
  )
  return places.flatMap((one, index) =>
    places
      .slice(0, index)
      .filter(
        (other) =>
          other.family === one.family && families[one.family]?.samePlace(other.place, one.place) === true,
      )
      .map((other) =>
        problemAt(
          `datasets.${one.name}.${one.role}`,
          other.role === one.role
            ? said('dataset-place-twice', { other: other.name })
            : said('dataset-place-of-two-sides', { other: other.name, role: other.role }),
        ),
      ),
  )
}

/** What one switch can carry: datasets of one family, several if that switches them together, each behind one entry. */
function switchedProblems(plan: PlanWithData, families: KnownFamilies): InputProblem[] {
  const entriesOf = (family: string): readonly string[] => families[family]?.entries ?? []
  const switched = datasetsOf(plan).filter(({ family }) => entriesOf(family).length > 0)
  const [first, ...others] = switched
  const isOfOne =
    others.length === 0 ||
    (families[first?.family ?? '']?.switchesTogether === true &&
      others.every(({ family }) => family === first?.family))
  if (first === undefined || !isOfOne) {
    const kinds = Object.keys(families).filter((name) => entriesOf(name).length > 0)
    const several = kinds.filter((name) => families[name]?.switchesTogether === true)
    const named = switched.map(({ name, family }) => said('dataset-of-family', { dataset: name, family }))
    const found = named.length === 0 ? [said('dataset-none')] : named
    return [problemAt('datasets', said('dataset-switched-not-one', { found, families: kinds, several }))]
  }
  return switched.flatMap(({ name, family }) => {
    const kinds = entriesOf(family)
    const entries = Object.values(plan.endpoints).filter(
      (endpoint) => kinds.includes(endpoint.kind) && endpoint.fronts === name,
    )
    return entries.length === 1
      ? []
      : [problemAt('endpoints', said('entry-not-one', { count: entries.length, kinds, dataset: name }))]
  })
}

/** What is wrong with what a database's entry fronts. */
export function entryProblems(plan: PlanWithData, families: KnownFamilies): readonly InputProblem[] {
  const entries = allEndpointsOf(plan).filter(({ kind }) => databaseEndpointKinds.some((one) => one === kind))
  return entries.flatMap(({ name, fronts, kind }) => {
    const dataset = Object.hasOwn(plan.datasets, fronts) ? plan.datasets[fronts] : undefined
    const path = `endpoints.${name}.fronts`
    if (dataset === undefined) return [problemAt(path, said('entry-fronts-no-dataset', { fronts, kind }))]
    return families[dataset.family]?.entries.includes(kind) === true
      ? []
      : [problemAt(path, said('entry-of-other-family', { fronts, family: dataset.family, kind }))]
  })
}
