import { InvalidInputError, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import { stepKinds } from './index.ts'
import type { AnyStepImplementation, ListedKind } from './kind.ts'

/** @throws InvalidInputError for an unknown kind; a linted playbook has none */
export function assertKind(name: string): ListedKind {
  const kind = stepKinds.get(name)
  if (kind !== undefined) return kind
  throw new InvalidInputError('The playbook', [problemAt('kind', said('kind-unknown', { kind: name }))])
}

/** Implementations of kinds, by name. */
export type Implementations = ReadonlyMap<string, AnyStepImplementation>

/** Loads the implementations of these kinds, each once. @throws InvalidInputError for an unknown kind */
export async function loadKinds(names: readonly string[]): Promise<Implementations> {
  const loaded = await Promise.all([...new Set(names)].map(async (name) => assertKind(name).load()))
  return new Map(loaded.map(({ implementation }) => [implementation.kind, implementation]))
}
