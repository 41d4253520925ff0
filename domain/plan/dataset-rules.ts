import type { InputProblem } from '../errors.ts'
import { apart, hostReferenceProblems } from './host-rules.ts'
import type { KnownFamilies } from './known-family.ts'
import { datasetsOf, endpointsOf, type SideRole, sideRoles } from './places.ts'
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
      const known = Object.keys(families).map((one) => `"${one}"`)
      const message = `is the unknown family "${dataset.family}"; expected one of ${known.join(', ')}`
      problems.push({ path: `datasets.${name}.family`, message })
      return [name, dataset] as const
    }
    const place = (role: SideRole): Place => {
      const parsed = family.place.safeParse(dataset[role])
      if (parsed.success) return parsed.data as Place
      for (const { path, message } of parsed.error.issues)
        problems.push({ path: ['datasets', name, role, ...path].join('.'), message })
      return dataset[role]
    }
    const places = { source: place('source'), staging: place('staging'), target: place('target') }
    return [name, { family: dataset.family, ...places }] as const
  })
  return { datasets: Object.fromEntries(read), problems }
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
    ...samePlaceProblems(plan, families),
    ...switchedProblems(plan, families),
  ]
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
      .map((other) => ({
        path: `datasets.${one.name}.${one.role}`,
        message:
          other.role === one.role
            ? `is where "${other.name}" lies too; a place is named once`
            : `is where the ${other.role} of "${other.name}" lies too; ${apart}`,
      })),
  )
}

/** What one switch can carry: one dataset of those that are switched, behind one entry. */
function switchedProblems(plan: PlanWithData, families: KnownFamilies): InputProblem[] {
  const switched = datasetsOf(plan).filter(({ family }) => families[family]?.entry !== undefined)
  const [only] = switched
  if (only === undefined || switched.length > 1) {
    const kinds = Object.keys(families).filter((name) => families[name]?.entry !== undefined)
    const found =
      switched.length === 0 ? 'none' : switched.map(({ name, family }) => `"${name}" (${family})`).join(', ')
    return [
      {
        path: 'datasets',
        message: `has ${found} to be switched, where one switch carries exactly one dataset of the family ${kinds.map((name) => `"${name}"`).join(' or ')}; plan each database as the move of a system of its own`,
      },
    ]
  }
  const kind = families[only.family]?.entry
  const entries = Object.values(plan.endpoints).filter(
    (endpoint) => endpoint.kind === kind && endpoint.fronts === only.name,
  )
  return entries.length === 1
    ? []
    : [
        {
          path: 'endpoints',
          message: `has ${String(entries.length)} of kind "${kind ?? ''}" that front "${only.name}"; expected is one, through which its clients are switched`,
        },
      ]
}

/** What is wrong with what a database's entry fronts. */
export function entryProblems(plan: PlanWithData, families: KnownFamilies): readonly InputProblem[] {
  return endpointsOf(plan, 'pgbouncer').flatMap(({ name, fronts, kind }) => {
    const dataset = Object.hasOwn(plan.datasets, fronts) ? plan.datasets[fronts] : undefined
    const path = `endpoints.${name}.fronts`
    if (dataset === undefined)
      return [{ path, message: `is "${fronts}", which is no dataset of the plan; "${kind}" fronts one` }]
    return families[dataset.family]?.entry === kind
      ? []
      : [
          {
            path,
            message: `is "${fronts}" of the family "${dataset.family}", which has no endpoint of kind "${kind}"`,
          },
        ]
  })
}
