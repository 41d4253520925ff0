import { InvalidInputError, problemAt } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'
import type { KnownFamilies, KnownFamily } from '../domain/plan/known-family.ts'
import { commands } from './commands/declaration.ts'
import { files } from './files/declaration.ts'
import type { AnyFamily, ListedFamily } from './family.ts'
import { mysql } from './mysql/declaration.ts'
import { postgresql } from './postgresql/declaration.ts'

/** Every family there is. A new one is a folder here and a line in this list, kept in order of name. */
export const families: readonly ListedFamily[] = [
  { ...commands, load: () => import('./commands/index.ts') },
  { ...files, load: () => import('./files/index.ts') },
  { ...mysql, load: () => import('./mysql/index.ts') },
  { ...postgresql, load: () => import('./postgresql/index.ts') },
]

/** The families a plan may name, as its rules ask of them. */
export const familiesInPlans: KnownFamilies = Object.fromEntries(
  families.map((family) => [family.name, inPlans(family)]),
)

type FilledPlace = ReturnType<NonNullable<KnownFamily['filled']>>

function inPlans(family: ListedFamily): KnownFamily {
  const { place, endpoints: entries, switchesTogether } = family
  return {
    place,
    entries,
    ...(switchesTogether && { switchesTogether }),
    samePlace: (one, other) => family.samePlace(one, other),
    method: (facts) => family.method?.(facts),
    ...(family.filled && { filled: (one, files) => family.filled?.(one, files) as FilledPlace }),
  }
}

/** Loads a family by its name. @throws InvalidInputError when there is none of that name */
export async function loadFamily(name: string): Promise<AnyFamily> {
  const listed = families.find((family) => family.name === name)
  if (listed !== undefined) return (await listed.load()).implementation
  const known = families.map((family) => family.name)
  throw new InvalidInputError('The dataset', [
    problemAt('family', said('dataset-of-unknown-family', { family: name, known })),
  ])
}
